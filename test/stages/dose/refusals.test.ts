import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/load.ts';
import { textOf } from '../../config/pipelines.ts';

const xray = {
  flux: { fixed: 1e11, unit: 'ph/s' },
  energyKeV: 12.4,
  spot: { shape: 'topHat', widthUm: 100, heightUm: 100 },
  massAbsorptionCm2G: 2.5,
  limit: 1e6,
};
const electrons = { current: { fixed: 10, unit: 'pA' }, areaNm2: 100, limit: 1e7 };
const laser = { power: { fixed: 1, unit: 'mW' }, spot: { waistUm: 1 }, limit: 1e7 };

/** What `check` says of a pipeline of one account; frames of 100 ms. */
function refusal(use: string, settings: object): string {
  try {
    parseConfig(textOf({ pipeline: [{ id: 'dose', use, with: settings }] }), { path: 'pipeline.yaml', env: {} });
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('check', () => {
  it.each([
    ['a working account of electrons', 'dose.fluence', electrons, /^$/],
    ['a working account of X-rays', 'dose.absorbed', xray, /^$/],
    ['a working account of light', 'dose.laser', laser, /^$/],
    ['no current', 'dose.fluence', { areaNm2: 100, limit: 1e7 }, /current.*missing/],
    ['no area', 'dose.fluence', { ...electrons, areaNm2: 0 }, /areaNm2.*expected.*0, got 0/],
    ['an area that is not said', 'dose.fluence', { current: electrons.current, limit: 1 }, /expected one of areaNm2/],
    ['two areas', 'dose.fluence', { ...electrons, probeFwhmNm: 1 }, /expected one of areaNm2/],
    ['a current of 0', 'dose.fluence', { ...electrons, current: { fixed: 0, unit: 'pA' } }, /fixed.*got 0/],
    ['Gy of electrons', 'dose.fluence', { ...electrons, unit: 'Gy' }, /unit.*"e\/nm2", "e\/A2", got "Gy"/],
    ['a current in ph/s', 'dose.fluence', { ...electrons, current: { fixed: 1, unit: 'ph/s' } }, /unit.*"pA".*"ph\/s"/],
    ['a negative flux', 'dose.absorbed', { ...xray, flux: { fixed: -1e11, unit: 'ph/s' } }, /fixed.*got -1/],
    ['a flux in pA', 'dose.absorbed', { ...xray, flux: { fixed: 1, unit: 'pA' } }, /unit.*"ph\/s", got "pA"/],
    ['electrons of X-rays', 'dose.absorbed', { ...xray, unit: 'e/nm2' }, /unit.*"Gy".*got "e\/nm2"/],
    ['a spot without extent', 'dose.absorbed', { ...xray, spot: { ...xray.spot, widthUm: 0 } }, /widthUm.*got 0/],
    ['a transmission over 1', 'dose.absorbed', { ...xray, transmission: [1.2] }, /transmission.*got 1.2/],
    ['no power', 'dose.laser', { spot: { waistUm: 1 }, limit: 1 }, /expected one of power and pulses/],
    ['Gy of light', 'dose.laser', { ...laser, unit: 'Gy' }, /unit.*"J\/cm2".*got "Gy"/],
    ['a negative limit', 'dose.fluence', { ...electrons, limit: -1 }, /limit.*got -1/],
    [
      'a signal without its maximum',
      'dose.fluence',
      { ...electrons, current: { signal: 'beam', unit: 'pA' } },
      /maximum.*missing/,
    ],
    ['a budget below one frame', 'dose.fluence', { ...electrons, limit: 1000 }, /1000 e\/nm2.*62420.*one frame/],
    ['a budget below one frame, in Gy', 'dose.absorbed', { ...xray, limit: 1 }, /1 Gy.*496.7.*one frame/],
    ['a budget below one frame, in J', 'dose.laser', { ...laser, limit: 1, unit: 'mJ/cm2' }, /1 mJ\/cm2.*one frame/],
    ['less time than one frame', 'dose.exposureTime', { limit: 20, timeLimit: '50 ms' }, /0.05 s.*0.1 s of one frame/],
    ['less exposure than one frame', 'dose.exposureTime', { limit: 0.01 }, /0.01 s.*0.1 of one frame/],
    ['a rate the beam is over', 'dose.fluence', { ...electrons, rateLimit: 10 }, /rateLimit is 10 e\/nm2 per second/],
    ['a fraction over 1', 'dose.exposureTime', { limit: 20, fraction: { fixed: 1.5, unit: '1' } }, /at most 1/],
    [
      'a map of too many cells',
      'dose.fluence',
      {
        ...electrons,
        area: { x: 'x', y: 'y', field: [2, 2], map: { x: 0, y: 0, cell: 1, columns: 1000, rows: 1000 } },
      },
      /at most 65536 cells/,
    ],
    ['no yield', 'dose.counts', { unit: 'Gy', maximum: 1, limit: 1 }, /countsPerUnit.*missing/],
  ])('of %s', (_, use, settings, sentence) => {
    const message = refusal(use, settings);
    expect(message).toMatch(sentence);
    if (message !== '') expect(message).toMatch(/\d+:\d+/);
  });
});
