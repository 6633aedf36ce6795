import { describe, expect, it } from 'vitest';
import { isFault } from '../../src/model/fault.ts';
import { rehearse } from '../support/rehearsal.ts';

const ONSET = 200;
/** Where the faults of a scenario break an instrument, in the unit of its axis. */
const PLACES = {
  'xrd-heating': 25.28,
  'xrd-cycling': 3.502,
  'eels-beam-damage': 709.5,
  'edx-spectrometer': 6400,
  'xps-reduction': 885.2,
  'raman-crystallisation': 521.2,
  'xas-reduction': 8350,
} as const;

/** Raised alerts of the example while a scenario is played: by frame and what they name; null for a change. */
function raised(instrument: string, scenario: string, frames = 300) {
  return rehearse(instrument, scenario, { frames, eventAtFrame: ONSET })
    .alerts.filter(({ phase }) => phase === 'raised')
    .map(({ seq, template, region }) => ({ seq, fault: isFault(template) ? template : null, region }));
}

describe.each(Object.entries(PLACES))('the example of %s', (instrument, place) => {
  it('calls a channel that dies a dead channel, and no change of the sample', () => {
    const alerts = raised(instrument, 'fault-dead');
    const dead = alerts.find(({ fault }) => fault === 'dead channel');
    expect(dead?.region?.[0]).toBeCloseTo(place, 1);
    expect(dead!.seq - ONSET).toBeLessThanOrEqual(1);
    expect(alerts.filter(({ fault }) => fault === null)).toEqual([]);
  });

  it('calls a channel that grows hot a hot channel, and one that flickers no change either', () => {
    const alerts = raised(instrument, 'fault-hot');
    const hot = alerts.find(({ fault }) => fault === 'hot channel');
    expect(hot?.region?.[0]).toBeCloseTo(place, 1);
    expect(hot!.seq - ONSET).toBeLessThanOrEqual(2);
    expect(alerts.filter(({ fault }) => fault === null)).toEqual([]);
  });
});

describe('the examples', () => {
  it.each([
    ['xrd-heating', 'fault-trip', 450],
    ['xas-reduction', 'fault-trip', 400],
    ['edx-spectrometer', 'fault-trip', 400],
    ['xrd-heating', 'fault-saturate', 300],
    ['eels-beam-damage', 'fault-saturate', 300],
    ['xrd-cycling', 'fault-saturate', 350],
    ['edx-spectrometer', 'fault-saturate', 300],
    ['xas-reduction', 'fault-saturate', 300],
    ['raman-crystallisation', 'fault-cosmic', 300],
    ['xps-reduction', 'fault-cosmic', 300],
  ])('of %s calls %s a fault (%d frames)', (instrument, scenario, frames) => {
    const alerts = raised(instrument, scenario, frames);
    expect(alerts.length).toBeGreaterThan(0);
    expect(alerts.filter(({ fault }) => fault === null)).toEqual([]);
  });

  it.each([
    ['xrd-cycling', 'fault-refill'],
    ['xas-reduction', 'fault-refill'],
    ['xrd-heating', 'fault-drop'],
    ['eels-beam-damage', 'fault-drop'],
  ])('of %s do not take %s for a change', (instrument, scenario) => {
    expect(raised(instrument, scenario).filter(({ fault }) => fault === null)).toEqual([]);
  });

  it('see a change as early as without a search for faults, and call it no broken channel', () => {
    for (const [instrument, latest] of [
      ['xrd-heating', 30],
      ['raman-crystallisation', 55],
      ['xas-reduction', 15],
    ] as const) {
      const alerts = raised(instrument, 'event-in-drift', 300);
      expect(alerts.find(({ fault }) => fault === null)!.seq - ONSET).toBeLessThanOrEqual(latest);
      expect(alerts.filter(({ fault }) => fault?.endsWith(' channel'))).toEqual([]);
    }
  });
});
