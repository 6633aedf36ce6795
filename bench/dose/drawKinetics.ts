import { nextUniform, type RandomState } from '../../src/kernel/random/xoshiro128.ts';
import type { Scenario } from './generateDose.ts';

/** How one sample is damaged; doses in ordinary frames. */
export interface Kinetics {
  /** Dose at which f is the tolerance; Infinity: never. */
  readonly reach: number;
  /** Dose of a frame up to which it does nothing. */
  readonly rate: number;
  /** Damage fraction after a dose. */
  readonly fraction: (dose: number) => number;
}

const TOLERANCE = 0.05;
const HAZARD = -Math.log(1 - TOLERANCE);

/** The population: dose at tolerance log-uniform in 15 to 110 frames, later with an onset. */
export function drawKinetics(random: RandomState, scenario: Scenario): Kinetics {
  const uniform = (low: number, high: number): number => low + (high - low) * nextUniform(random);
  const logUniform = (low: number, high: number): number => Math.exp(uniform(Math.log(low), Math.log(high)));
  const power = (reach: number, m: number, rate = 0): Kinetics => ({
    reach,
    rate,
    fraction: (dose) => -Math.expm1(-HAZARD * (dose / reach) ** m),
  });
  const reach = logUniform(15, 110);
  switch (scenario) {
    case 'null':
      return { reach: Infinity, rate: 0, fraction: () => 0 };
    case 'exp':
    case 'gaps':
      return power(reach, 1);
    case 'avrami':
      return power(reach, uniform(1.6, 3.5));
    case 'rate':
      return power(reach, 1, 0.7 * 2 ** Math.floor(uniform(0, 3)));
    case 'onset': {
      const onset = uniform(10, 80);
      const rise = logUniform(8, 40);
      const fraction = (dose: number): number => -Math.expm1((-HAZARD * Math.max(0, dose - onset)) / rise);
      return { reach: onset + rise, rate: 0, fraction };
    }
    case 'twostep':
      return twoSteps(reach, uniform(0.5, 4));
  }
}

/** A -> B -> C, of which C is damage; the second step `ratio` times as fast as the first. */
function twoSteps(reach: number, ratio: number): Kinetics {
  const after = (x: number): number =>
    Math.abs(ratio - 1) < 1e-6
      ? 1 - (1 + x) * Math.exp(-x)
      : 1 - (ratio * Math.exp(-x) - Math.exp(-ratio * x)) / (ratio - 1);
  let low = 0;
  let high = 100;
  for (let k = 0; k < 80; k++) {
    const middle = 0.5 * (low + high);
    if (after(middle) < TOLERANCE) low = middle;
    else high = middle;
  }
  return { reach, rate: 0, fraction: (dose) => after((low * dose) / reach) };
}
