/** Thresholds in nats: of one template, of several peaks together, of the certificate. */
export interface TemplateThresholds {
  readonly single: number;
  readonly several: number;
  readonly certificate: number;
}

/** How the false alarms are shared out. */
const SHARE = { single: 0.75, several: 0.2, certificate: 0.05 };

/**
 * The thresholds for a mean number of frames between false alarms.
 *
 * @param runLength - frames, >= 30.
 * @param effective - independent templates, see effectiveTemplates.
 * @param signs - 1 or 2 signs looked for.
 */
export function templateThresholds(runLength: number, effective: number, signs: number): TemplateThresholds {
  return {
    single: singleThreshold(Math.log(runLength / SHARE.single), Math.log((effective * signs) / 2)),
    several: severalThreshold(Math.log(runLength / SHARE.several)),
    certificate: Math.log(runLength / SHARE.certificate) * 1.1,
  };
}

function singleThreshold(logRun: number, logTemplates: number): number {
  return logRun + logTemplates + 2;
}

function severalThreshold(logRun: number): number {
  return 9.45 + 1.45 * (logRun - Math.log(1000));
}

/** The thresholds that belong to a given one of single templates. */
export function thresholdsAt(single: number, effective: number, signs: number): TemplateThresholds {
  let low = 1;
  let high = 1e12;
  for (let round = 0; round < 60; round++) {
    const middle = Math.sqrt(low * high);
    if (templateThresholds(middle, effective, signs).single < single) low = middle;
    else high = middle;
  }
  return { ...templateThresholds(low, effective, signs), single };
}
