import { RUN_LENGTHS, SEVERAL, SINGLE, type ThresholdRow } from './templateThresholdTable.ts';

/** Thresholds in nats: of one template, of several peaks together, of the certificate. */
export interface TemplateThresholds {
  readonly single: number;
  readonly several: number;
  readonly certificate: number;
}

/** How the false alarms are shared out. */
const SHARE = { single: 0.75, several: 0.2, certificate: 0.05 };
/** Nats per e-fold of the run length beyond the table. */
const BEYOND = 1.03;

/**
 * The thresholds for a mean number of frames between false alarms, from a table made by simulation.
 *
 * @param runLength - frames; below 100 the table's slope is followed.
 * @param effective - independent templates, see effectiveTemplates, both signs looked for.
 * @param blocks - blocks in which several peaks are looked for; 0 for none.
 */
export function templateThresholds(runLength: number, effective: number, blocks: number): TemplateThresholds {
  const log = Math.log(runLength);
  const alone = blocks === 0 ? SHARE.single + SHARE.several : SHARE.single;
  return {
    single: thresholdIn(SINGLE, Math.log(Math.max(effective, 1)), log - Math.log(alone)),
    several: blocks === 0 ? Infinity : thresholdIn(SEVERAL, Math.log(blocks), log - Math.log(SHARE.several)),
    certificate: (log - Math.log(SHARE.certificate)) * CAUTION,
  };
}

/**
 * The certificate's bets sum to its threshold within a tenth of the learned frames; by then the error of the learned
 * reference may have lent them as much again as a tenth.
 */
const CAUTION = 1.1;

/** The thresholds that go with a given one of single templates. */
export function thresholdsAt(single: number, effective: number, blocks: number): TemplateThresholds {
  let low = 0;
  let high = 60;
  for (let round = 0; round < 50; round++) {
    const middle = 0.5 * (low + high);
    if (templateThresholds(Math.exp(middle), effective, blocks).single < single) low = middle;
    else high = middle;
  }
  return { ...templateThresholds(Math.exp(low), effective, blocks), single };
}

/** Linear between the rows and between the run lengths. */
function thresholdIn(rows: readonly ThresholdRow[], size: number, log: number): number {
  let k = 0;
  while (k < rows.length - 2 && rows[k + 1]!.logSize <= size) k++;
  const low = rows[k]!;
  const high = rows[k + 1]!;
  const share = Math.max(0, (size - low.logSize) / (high.logSize - low.logSize));
  return (1 - share) * along(low.nats, log) + share * along(high.nats, log);
}

function along(nats: readonly number[], log: number): number {
  const last = RUN_LENGTHS.length - 1;
  const end = Math.log(RUN_LENGTHS[last]!);
  if (log > end) return nats[last]! + BEYOND * (log - end);
  let k = 0;
  while (k < last - 1 && Math.log(RUN_LENGTHS[k + 1]!) <= log) k++;
  const from = Math.log(RUN_LENGTHS[k]!);
  const to = Math.log(RUN_LENGTHS[k + 1]!);
  return nats[k]! + ((nats[k + 1]! - nats[k]!) * (log - from)) / (to - from);
}
