/** What a window is judged by, template by template. */
export interface ScanTemplates {
  /** [T] see TemplateDirections. */
  readonly skewness: Float64Array;
  readonly doubt: Float64Array;
  /** Largest skewness, and the largest of -skewness; >= 0. */
  readonly mostSkewed: readonly [number, number];
  /** [blocks + 1] first template of each block of neighbouring single peaks; the last entry is their number. */
  readonly blocks: Int32Array;
  /** Variance over that of the model, >= 1. */
  readonly dispersion: number;
  /** Whether more, and whether less of a template is looked for. */
  readonly up: boolean;
  readonly down: boolean;
  /** [T] scratch. */
  readonly excess: Float64Array;
  /** [blocks] scratch. */
  readonly said: Float64Array;
}
