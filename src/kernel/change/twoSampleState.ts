import { createFrameNoise, type FrameNoise } from './channelNoise.ts';
import { createExpectedSpectrum, type AxisTrack, type ExpectedSpectrum, type Nuisance } from './expectedSpectrum.ts';
import {
  createAlignWorkspace,
  createReferenceFrames,
  type AlignWorkspace,
  type FrameHeader,
  type ReferenceFrames,
  type ReferenceOptions,
} from './referenceFrames.ts';
import { createResidualTest, type ResidualTest } from './residualTest.ts';
import { chiSquareThreshold, scanRate } from './scanRate.ts';

/** 'counts': Poisson; 'given': variances come with the frames; 'learned': by channel over the reference; 'estimated': frame by frame. */
export type NoiseModel = 'counts' | 'given' | 'learned' | 'estimated';

export interface TwoSampleOptions extends ReferenceOptions {
  readonly noise: NoiseModel;
  /** Beside the gain, which is always fitted. */
  readonly ignore: readonly Nuisance[];
  readonly widths: readonly number[];
  /** In standard deviations. */
  readonly threshold: number;
}

/** Plain data, bounded. */
export type TwoSampleState = {
  frames: ReferenceFrames;
  track: AxisTrack;
  /** [n] sums of squared residuals ('learned'), or of the reference's variances ('given'); else empty. */
  squares: Float64Array;
  freedom: number;
  /** Frames in a row that were kept out of the reference. */
  refused: number;
  gain: number;
};

export interface TwoSampleWork {
  readonly options: TwoSampleOptions;
  readonly expected: ExpectedSpectrum;
  readonly test: ResidualTest;
  readonly noise: FrameNoise;
  readonly align: AlignWorkspace;
  /** [n] frame with masked channels filled; expectation; variances of the residual; weights; learned variances; residual. */
  readonly clean: Float64Array;
  readonly expectation: Float64Array;
  readonly variances: Float64Array;
  readonly weights: Float64Array;
  readonly learned: Float64Array;
  readonly residual: Float64Array;
  /** Brings the chi-square to the scale of the scan, so that both pass the same threshold equally rarely. */
  readonly chiScale: number;
  /** Whether directions and weights belong to the state. */
  ready: boolean;
}

export function createTwoSample(options: TwoSampleOptions): TwoSampleWork {
  const n = options.x.length;
  const array = () => new Float64Array(n);
  const rate = scanRate(options.threshold, { channels: n, widths: options.widths, window: options.window });
  return {
    options,
    expected: createExpectedSpectrum(options.x, options.ignore, options.noise === 'counts'),
    test: createResidualTest(n),
    noise: createFrameNoise(n),
    align: createAlignWorkspace(n),
    clean: array(),
    expectation: array(),
    variances: array(),
    weights: array(),
    learned: array(),
    residual: array(),
    chiScale: options.threshold / chiSquareThreshold(rate, options.window),
    ready: false,
  };
}

export function createTwoSampleState(options: TwoSampleOptions): TwoSampleState {
  const keeps = options.noise === 'learned' || options.noise === 'given';
  return {
    frames: createReferenceFrames(options),
    track: { usedShift: 0, usedStretch: 0, reach: 0, shift: 0, stretch: 0 },
    squares: new Float64Array(keeps ? options.x.length : 0),
    freedom: 0,
    refused: 0,
    gain: 1,
  };
}

/** How much of the reference is learned, 0..1; a window that is not yet full counts as part of it. */
export function learnedFraction(
  { frames }: TwoSampleState,
  { kind, window, gap, ...options }: TwoSampleOptions,
): number {
  if (kind === 'previous') return Math.min(1, frames.taken / (window + gap + options.frames));
  return Math.min(1, frames.referenceCount / options.frames, frames.taken / window);
}

/** One frame as the test takes it. */
export interface TestedFrame extends FrameHeader {
  readonly values: Float64Array;
  readonly variances: Float64Array | undefined;
  readonly mask: Uint8Array | undefined;
}

/** Exposure of a reference frame over exposure of a frame of the window; 1 when they are not known. */
export function exposureRatio(state: ReferenceFrames, window: number): number {
  const now = state.referenceCount * state.nowExposureUs;
  return now > 0 ? (window * state.referenceExposureUs) / now || 1 : 1;
}
