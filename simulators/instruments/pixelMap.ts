/** A sample that is scanned pixel by pixel: spectra of a few end members, mixed by place. */
export interface PixelMap {
  /** Pixels per row, and rows. */
  readonly width: number;
  readonly height: number;
  /** Time on a pixel, seconds, and the distance between pixels, um. */
  readonly dwellS: number;
  readonly pitchUm: number;
  /** The place drifts by so many pixels along the fast axis from row to row. */
  readonly driftPerRow: number;
  /** Dose of one nominal dwell, in the unit of the instrument. */
  readonly dosePerDwell: number;
  readonly memberCount: number;
  /** Expected counts per second [channels] of an end member. */
  mean(member: number, drift: Readonly<Record<string, number>>, beam: number, out: Float64Array): void;
  /** Shares of the end members at a place, in pixels, of which `rare` is the rare phase. */
  shares(x: number, y: number, rare: number, out: Float64Array): void;
  /** True values of the slow channels but for the position, in their order. */
  slow(drift: Readonly<Record<string, number>>, beam: number): readonly number[];
}

/** A pixel that holds something else. */
export interface RarePixel {
  readonly x: number;
  readonly y: number;
  /** Share of the rare phase, 0 to 1. */
  readonly share: number;
}
