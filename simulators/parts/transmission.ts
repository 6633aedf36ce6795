import { fillNormal } from '../../src/kernel/random/fillNormal.ts';
import { fillPoisson } from '../../src/kernel/random/poisson.ts';
import { Purpose, seedPurpose } from './randomStreams.ts';

/** Two ionisation chambers, before and behind the sample, and what is made of them. */
export interface Transmission {
  /**
   * Turns transmitted counts into absorption, ln(I0 / I1), with its variance; no count at all is taken for one.
   * @param incidentMeans expected counts before the sample, overwritten by the counts
   * @param values [n] transmitted counts, overwritten
   */
  absorb(seq: number, incidentMeans: Float64Array, values: Float64Array, variances: Float64Array): void;
}

const SEED_BRANCH = 0x10;

/** @param electronicNoise one standard deviation of the amplifier of each chamber, relative to its signal */
export function createTransmission(electronicNoise: number, seed: number): Transmission {
  const random = new Uint32Array(4);
  // Of the ratio of two signals, in the logarithm.
  const amplifiers = Math.SQRT2 * electronicNoise;
  let scatter = new Float64Array(0);
  return {
    absorb(seq, incidentMeans, values, variances) {
      seedPurpose(seed ^ SEED_BRANCH, Purpose.counts, seq, random);
      if (scatter.length !== values.length) scatter = new Float64Array(values.length);
      fillPoisson(random, incidentMeans, incidentMeans);
      fillNormal(random, scatter);
      for (let i = 0; i < values.length; i++) {
        const incident = Math.max(1, incidentMeans[i]);
        const transmitted = Math.max(1, values[i]);
        values[i] = Math.log(incident / transmitted) + amplifiers * scatter[i];
        variances[i] = 1 / incident + 1 / transmitted + amplifiers * amplifiers;
      }
    },
  };
}
