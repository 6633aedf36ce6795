import { describe, expect, it } from 'vitest';
import { alertMessage, clearedMessage } from '../../src/model/alertMessage.ts';
import { FRACTION_OF_LIMIT } from '../../src/model/signal.ts';

const change = { statistic: 14.21, threshold: 6.1, sign: 1, onsetUs: 6_401e6 } as const;
const nbsp = (text: string) => text.replaceAll('~', '\u00a0');

describe('alertMessage', () => {
  it('writes places as people do', () => {
    const at = (region: readonly [number, number], regionUnit: string, sign: -1 | 0 | 1 = 0) =>
      alertMessage('Spectrum', { ...change, sign, region, regionUnit }).split(',')[0];
    expect(at([26.81, 27.83], 'deg', 1)).toBe('Spectrum changed at 26.8–27.8° (+)');
    expect(at([708, 712.04], 'eV', -1)).toBe(nbsp('Spectrum changed at 708–712~eV (−)'));
    expect(at([-3, -1], 'eV')).toBe(nbsp('Spectrum changed at −3 to −1~eV'));
    expect(at([520.7, 520.7], 'cm-1')).toBe(nbsp('Spectrum changed at 520.7~cm⁻¹'));
    expect(at([3.233, 3.25], 'Ao')).toBe(nbsp('Spectrum changed at 3.233–3.250~Å'));
    expect(at([3, 5], '1')).toBe('Spectrum changed at 3–5');
  });

  it('says how sure and since when', () => {
    expect(alertMessage('Pattern', change)).toBe('Pattern changed (+), statistic 14.2 against 6.1, began 01:46:41 UTC');
  });

  it('names what came or went when it is known, and leaves a mere peak unsaid', () => {
    const said = (template: string) => alertMessage('Pattern', { ...change, template }).split(', statistic')[0];
    expect(said('rutile')).toBe('Pattern changed (+), rutile');
    expect(said('peak')).toBe('Pattern changed (+)');
    expect(said('')).toBe('Pattern changed (+)');
  });

  it('says of a fault which it is and where, not that anything changed', () => {
    const fault = { ...change, sign: 0, template: 'cosmic ray', region: [520.1, 522], regionUnit: 'cm-1' } as const;
    expect(alertMessage('Spectrum', fault)).toBe(nbsp('Fault: cosmic ray at 520.1–522.0~cm⁻¹ since 01:46:41 UTC'));
    expect(clearedMessage('Spectrum', { ...fault, template: 'no signal', region: undefined }, 40e6)).toBe(
      nbsp('Over after 40~s: Fault: no signal since 01:46:41 UTC'),
    );
  });

  it('says of a budget how much of it is spent', () => {
    const spent = { ...change, statistic: 0.503, threshold: 0.5, template: FRACTION_OF_LIMIT };
    expect(alertMessage('Dose', spent)).toBe(nbsp('Dose reached 50.3~% of its limit (threshold 50~%), 01:46:41 UTC'));
    expect(clearedMessage('Dose', spent, 0)).toMatch(/^No further threshold since: Dose reached 50\.3/);
  });
});

it.each([
  [0, 'in a frame'],
  [250e3, 'after 250~ms'],
  [40e6, 'after 40~s'],
  [130e6, 'after 2~min 10~s'],
  [120e6, 'after 2~min'],
  [11_105e6, 'after 3~h 5~min'],
])('says of %d us over that it lasted %s', (us, text) => {
  expect(clearedMessage('Pattern', change, us)).toMatch(new RegExp(`^Over ${nbsp(text)}: Pattern changed`));
});
