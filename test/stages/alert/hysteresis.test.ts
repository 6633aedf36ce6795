import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/model/alert.ts';
import { FRACTION_OF_LIMIT, type Detection, type Reading } from '../../../src/model/signal.ts';
import hysteresis from '../../../src/stages/alert/hysteresis.ts';

const at = (seq: number) => ({ stream: 's', seq, timeUs: 1e15 + seq * 1e6 });
const tick = (seq: number): Reading => ({
  ...at(seq),
  type: 'reading',
  stage: 'd',
  name: 'statistic',
  value: 1,
  unit: '1',
  quality: 'valid',
});
const detection = (seq: number, statistic: number, more: Partial<Detection> = {}): Detection => ({
  ...at(seq),
  type: 'detection',
  onsetUs: at(seq).timeUs,
  detector: 'd',
  statistic,
  threshold: 5,
  sign: 1,
  region: [27, 28],
  regionUnit: 'deg',
  ...more,
});

function told(settings: Parameters<typeof hysteresis.create>[1], signals: readonly (Detection | Reading)[]): Alert[] {
  const alerts: Alert[] = [];
  const stage = hysteresis.create('call', settings);
  for (const signal of signals) stage.process(signal, (alert) => alerts.push(alert));
  return alerts;
}
const alertsOf = (...given: Parameters<typeof told>): string[] =>
  told(...given).map(({ phase, seq }) => `${phase} ${seq}`);

describe('alert.hysteresis', () => {
  it('makes one alert of a change that lasts, and clears it although detections have stopped', () => {
    const signals = [1, 2, 3, 4].flatMap((seq) => [tick(seq), detection(seq, 6)]);
    expect(alertsOf({ clearAfter: 2 }, [...signals, tick(5), tick(6), tick(7), tick(8)])).toEqual([
      'raised 1',
      'cleared 7',
    ]);
  });

  it('clears by time where a duration is set', () => {
    expect(alertsOf({ clearAfter: '2 s' }, [detection(1, 6), tick(3), tick(4)])).toEqual(['raised 1', 'cleared 4']);
  });

  it('speaks again when the change grows or moves', () => {
    const moved = detection(3, 20, { region: [40, 41] });
    expect(alertsOf({}, [detection(1, 6), detection(2, 10), moved])).toEqual(['raised 1', 'updated 2', 'updated 3']);
  });

  it('waits for k detections of n frames', () => {
    const settings = { raiseAfter: { detections: 2, of: 3 } };
    expect(alertsOf(settings, [detection(1, 6), tick(2), tick(4), detection(5, 6), detection(7, 6)])).toEqual([
      'raised 7',
    ]);
  });

  it('takes a sudden rise on top of a slow change for a change of its own', () => {
    const slow = [1, 2, 3, 4, 5].map((seq) => detection(seq, 6));
    const renewed = alertsOf({ renew: { ratio: 2, within: 2 } }, [...slow, detection(6, 30), detection(7, 60)]);
    expect(renewed).toEqual(['raised 1', 'cleared 6', 'raised 6', 'updated 7']);
  });

  it('tells of a renewed alert when the statistic last stood clearly lower, not when the slow change began', () => {
    const slow = [1, 2, 3, 4, 5].map((seq) => detection(seq, 6, { onsetUs: at(1).timeUs }));
    const shot = [20, 60].map((statistic, k) => detection(6 + k, statistic, { onsetUs: at(1).timeUs }));
    const [first, , renewed] = told({ renew: { ratio: 3, within: 2 } }, [...slow, ...shot]);
    expect(first).toMatchObject({ phase: 'raised', onsetUs: at(1).timeUs });
    expect(renewed).toMatchObject({ phase: 'raised', seq: 6, onsetUs: at(6).timeUs });
    expect(renewed!.onsetIntervalUs).toEqual([at(5).timeUs, at(6).timeUs]);
  });

  it('tells of an alert raised after another the onset of its own detections', () => {
    const ofTheFirst = { onsetUs: at(1).timeUs };
    const signals = [detection(1, 6, ofTheFirst), detection(2, 6, ofTheFirst), tick(6), detection(9, 6, ofTheFirst)];
    const raised = told({ clearAfter: 2 }, signals).filter(({ phase }) => phase === 'raised');
    expect(raised.map(({ onsetUs }) => onsetUs)).toEqual([at(1).timeUs, at(9).timeUs]);
    expect(raised[1]!.onsetIntervalUs).toEqual([at(2).timeUs, at(9).timeUs]);
  });

  it('leaves an onset that is later than the alert before as it is', () => {
    const late = detection(9, 6, { onsetUs: at(8).timeUs, onsetIntervalUs: [at(7).timeUs, at(9).timeUs] });
    const raised = told({ clearAfter: 2 }, [detection(1, 6), tick(6), late]).at(-1)!;
    expect([raised.onsetUs, raised.onsetIntervalUs]).toEqual([at(8).timeUs, [at(7).timeUs, at(9).timeUs]]);
  });

  it('says of a budget how much is spent, not that it changed', () => {
    const spent = { statistic: 0.5, threshold: 0.5, template: FRACTION_OF_LIMIT, region: undefined };
    const [alert] = told({ what: 'Dose' }, [detection(1, 0.5, spent)]);
    expect(alert!.message).toMatch(/^Dose reached 50\u00a0% of its limit/);
  });

  it('tells how long a change lasted when it is over', () => {
    const signals = [...[1, 2, 3].map((seq) => detection(seq, 6, { onsetUs: at(1).timeUs })), tick(9)];
    expect(told({ clearAfter: 2 }, signals).at(-1)).toMatchObject({
      phase: 'cleared',
      message: expect.stringMatching(/^Over after 2\u00a0s: Spectrum changed at /) as string,
    });
  });

  it('says it in one sentence with numbers and units', () => {
    const alerts: Alert[] = [];
    hysteresis.create('call', {}).process(detection(1, 14.21), (alert) => alerts.push(alert));
    expect(alerts[0]!.message).toBe('Spectrum changed at 27–28° (+), statistic 14.2 against 5, began 01:46:41 UTC');
  });

  it('keeps faults of the instrument apart from each other and from changes, even where all else is one alert', () => {
    const fault = (seq: number, template: string) => detection(seq, 6, { template, region: undefined });
    const signals = [detection(1, 6), fault(2, 'cosmic ray'), fault(2, 'no signal'), detection(3, 6), tick(9)];
    const alerts = told({ group: 'all' }, signals);
    expect(alerts.map(({ phase, seq }) => `${phase} ${seq}`)).toEqual([
      'raised 1',
      'raised 2',
      'raised 2',
      'cleared 9',
      'cleared 9',
      'cleared 9',
    ]);
    expect(alerts[1]!.message).toBe('Fault: cosmic ray since 01:46:42 UTC');
    expect(alerts[2]!.message).toBe('Fault: no signal since 01:46:42 UTC');
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(3);
  });

  it('clears at once, with its reason, when a detector tells that the new state was accepted', () => {
    const accepted = { ...tick(9), name: 'accepted' };
    const lasting = [1, 2, 3, 4, 5, 6, 7, 8].map((seq) => detection(seq, 6));
    const alerts = told({ clearAfter: 50 }, [...lasting, { ...accepted, stage: 'dose' }, accepted, tick(10)]);
    expect(alerts.map(({ phase, seq }) => `${phase} ${seq}`)).toEqual(['raised 1', 'cleared 9']);
    expect(alerts[1]!.message).toMatch(
      /^New state accepted as the reference after 7\u00a0s: Spectrum changed at 27–28°/,
    );
  });
});
