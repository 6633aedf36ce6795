import type { Emit } from '../../model/signal.ts';
import type { ReadingParts } from '../../model/makeReading.ts';

/** Which of a method's settings: as given, or lower or higher by the fraction to vary. */
export type Variation = -1 | 0 | 1;

/** One spectrum, with its masked channels bridged. */
export interface Spectrum {
  /** [n] */
  readonly values: Float64Array;
  /** [n] their variances, > 0 where anything is known. */
  readonly variances: Float64Array;
}

/** Channels [first, end). */
export interface Channels {
  readonly first: number;
  readonly end: number;
}

/** One way to find the background of a spectrum. */
export interface BackgroundMethod {
  /** [n] 1: what it says of this channel is not to be used. */
  readonly undefinedAt?: Uint8Array;
  /** The channels of `net` when no region is set; may move with the axis. */
  readonly defaultRegion?: Channels;
  /**
   * Moves what is fixed to energies to where the measured drift of the axis has it, before `fit`.
   *
   * @returns false when the axis no longer covers it.
   */
  follow?(axisShift: number): boolean;
  /**
   * @param out - [n] receives the background.
   * @returns false when the spectrum has none that this method could find.
   */
  fit(spectrum: Spectrum, variation: Variation, out: Float64Array): boolean;
  /** Fills `out` with the variances of the background fitted last, as given. */
  variances(spectrum: Spectrum, background: Float64Array, out: Float64Array): void;
  /**
   * Variance of the counts above that background, summed over channels: those of a background err together.
   *
   * @param backgroundVariances - [n] what `variances` made.
   */
  netVariance(
    spectrum: Spectrum,
    background: Float64Array,
    backgroundVariances: Float64Array,
    region: Channels,
  ): number;
  /** What else it found out. */
  report?(tell: (parts: ReadingParts) => void): void;
}

export type BackgroundEmit = Emit<'frame' | 'reading'>;

/** The ends of what varying a setting by a fraction makes of it: halved and doubled for 1. */
export const varied = (setting: number, fraction: number, variation: Variation): number =>
  setting * (1 + fraction) ** variation;
