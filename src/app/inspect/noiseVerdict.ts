import type { Noise } from '../../model/layout.ts';
import type { Scatter } from './scatter.ts';

export interface NoiseVerdict {
  /** What a stream would declare. */
  readonly noise: Noise;
  /** One sentence with the numbers it rests on. */
  readonly sentence: string;
}

/** A ratio that is 1 up to what drift and peaks do to it. */
const isNear = (ratio: number, to: number): boolean => ratio / to > 0.7 && ratio / to < 1.4;

/** What the scatter of the values says of their noise. */
export function judgeNoise(scatter: Scatter, hasVariances: boolean): NoiseVerdict {
  const { channelRatio, frameRatio, exponent, quantum } = scatter;
  const declared: Noise = hasVariances ? 'gaussian' : 'unknown';
  // Structure and change only ever add to the scatter: the smaller one is nearer to the noise.
  const ratio =
    channelRatio === null ? frameRatio : frameRatio === null ? channelRatio : Math.min(channelRatio, frameRatio);
  if (ratio === null || !(ratio > 0) || !Number.isFinite(ratio))
    return { noise: declared, sentence: 'no scatter to judge it by' };
  const numbers = `variance/mean ${round(ratio)}`;
  if (channelRatio !== null && frameRatio !== null && channelRatio < 0.35 * frameRatio && channelRatio < 0.7)
    return {
      noise: declared,
      sentence: `not Poisson: neighbouring channels are alike (smoothed or interpolated; ${numbers} by channels, ${round(frameRatio)} by frames)`,
    };
  if (quantum === 1 && isNear(ratio, 1)) return { noise: 'poisson', sentence: `Poisson counts (${numbers})` };
  if (quantum !== null && quantum !== 1 && isNear(ratio, quantum)) return ofQuantum(quantum, numbers, declared);
  if (quantum === null && exponent !== null && isNear(exponent, 1))
    return {
      noise: declared,
      sentence: `scales as counts do, scaled by about ${round(ratio)} (${numbers}, variance ~ mean^${exponent.toFixed(1)})`,
    };
  const what =
    quantum === 1 && ratio < 0.7
      ? 'not Poisson: scatters less than counts (averaged or smoothed)'
      : quantum === 1
        ? 'not Poisson: scatters more than counts (a gain, summed noise, or drift)'
        : 'not Poisson';
  const law = exponent === null ? '' : `, variance ~ mean^${exponent.toFixed(1)}`;
  return { noise: declared, sentence: `${what}: ratio ${round(ratio)}${law}` };
}

function ofQuantum(quantum: number, numbers: string, declared: Noise): NoiseVerdict {
  const exposures = 1 / quantum;
  const isMean = exposures > 1.5 && Math.abs(exposures - Math.round(exposures)) < 0.01 * exposures;
  const what = isMean
    ? `averaged: the mean of ${Math.round(exposures)} exposures, or counts over ${Math.round(exposures)}`
    : `counts scaled by ${round(quantum)}`;
  return { noise: declared, sentence: `${what} (${numbers})` };
}

const round = (value: number): string => String(Number(value.toPrecision(3)));
