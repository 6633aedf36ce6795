import { regularisedVariances } from './channelNoise.ts';
import { middleShare } from './differenceNoise.ts';
import { createNoiseWorkspace, noiseEstimate, type NoiseWorkspace } from './noiseEstimate.ts';

/** Where each channel's variance comes from. */
export const EVOLUTION_NOISES = ['counts', 'given', 'learned', 'estimated'] as const;
export type EvolutionNoise = (typeof EVOLUTION_NOISES)[number];

/** Room for {@link weighChannels}. */
export interface ChannelWeights {
  readonly squares: Float64Array;
  readonly variances: Float64Array;
  readonly roughness: NoiseWorkspace;
}

export function createChannelWeights(n: number): ChannelWeights {
  return {
    squares: new Float64Array(n),
    variances: new Float64Array(n),
    roughness: createNoiseWorkspace(n, 64),
  };
}

/** Remembered frames, oldest first; see EvolutionFrames. */
interface Remembered {
  readonly frames: Float64Array;
  readonly times: Float64Array;
  readonly count: number;
  readonly reference: Float64Array;
  readonly given: Float64Array;
}

/**
 * 1 over the variance of each channel: of counts, the mean spectrum; as given; learned channel by channel from second
 * differences in time, drawn towards the neighbours; or estimated from the roughness of the last of these along the axis.
 * A steady evolution enters none of them.
 *
 * @param remembered - deviations from the reference of at least three frames.
 * @param out - [n] receives the weights; 0 for a channel without noise.
 */
export function weighChannels(
  remembered: Remembered,
  noise: EvolutionNoise,
  { squares, variances, roughness }: ChannelWeights,
  out: Float64Array,
): void {
  const { reference, given, count } = remembered;
  const n = out.length;
  if (noise === 'counts') for (let i = 0; i < n; i++) variances[i] = Math.max(reference[i]!, 1 / count);
  else if (noise === 'given') variances.set(given);
  else if (noise === 'learned') {
    squares.fill(0);
    for (let k = 0; k < count - 2; k++) {
      const share = differenceAt(remembered, k, variances);
      const scale = 1 / (1 + share * share + (1 - share) * (1 - share));
      for (let i = 0; i < n; i++) squares[i] = squares[i]! + scale * variances[i]! * variances[i]!;
    }
    regularisedVariances(squares, count - 2, variances);
  } else {
    const share = differenceAt(remembered, count - 3, squares);
    noiseEstimate(squares, roughness, variances);
    const scale = 1 / (1 + share * share + (1 - share) * (1 - share));
    for (let i = 0; i < n; i++) variances[i] = scale * variances[i]! * variances[i]!;
  }
  for (let i = 0; i < n; i++) out[i] = variances[i]! > 0 ? 1 / variances[i]! : 0;
}

/** Second difference of three frames in time; returns the share of the last in it. */
function differenceAt({ frames, times }: Remembered, k: number, out: Float64Array): number {
  const n = out.length;
  const share = middleShare(times[k]!, times[k + 1]!, times[k + 2]!);
  for (let i = 0; i < n; i++) {
    const line = (1 - share) * frames[k * n + i]! + share * frames[(k + 2) * n + i]!;
    out[i] = frames[(k + 1) * n + i]! - line;
  }
  return share;
}
