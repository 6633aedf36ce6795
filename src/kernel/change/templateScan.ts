/** What a window is judged by, template by template. */
export interface ScanTemplates {
  /** [T] see TemplateDirections. */
  readonly skewness: Float64Array;
  readonly doubt: Float64Array;
  /** Largest skewness, and the largest of -skewness; >= 0. */
  readonly mostSkewed: readonly [number, number];
  /** [blocks + 1] first template of each block of neighbouring single peaks; the last entry is their number. */
  readonly blocks: Int32Array;
  /** [T] how far a score may move per frame without meaning: standard deviations over all drift there may be. */
  readonly wander: Float64Array;
  /** Whether anything may. */
  readonly isTempered: boolean;
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

/** Room for the scan of a bank whose directions are still to be laid. */
export function createScanTemplates(
  { skewness, doubt }: Pick<ScanTemplates, 'skewness' | 'doubt'>,
  blocks: Int32Array,
  { up, down, isTempered }: Pick<ScanTemplates, 'up' | 'down' | 'isTempered'>,
): ScanTemplates & { dispersion: number; mostSkewed: [number, number] } {
  const count = skewness.length;
  return {
    skewness,
    doubt,
    blocks,
    wander: new Float64Array(count),
    isTempered,
    dispersion: 1,
    mostSkewed: [0, 0],
    up,
    down,
    excess: new Float64Array(count),
    said: new Float64Array(blocks.length - 1),
  };
}
