/** A uniform axis: channel i lies at `start + i * step`. */
export interface UniformAxis {
  readonly start: number;
  /** > 0. */
  readonly step: number;
}
