import { learnCoral } from '../../kernel/transfer/coral.ts';
import { learnDirect } from '../../kernel/transfer/directStandardisation.ts';
import { leaveOneOut, type TransferError } from '../../kernel/transfer/leaveOneOut.ts';
import { learnPds } from '../../kernel/transfer/pds.ts';
import { slopeBias } from '../../kernel/transfer/slopeBias.ts';
import type { Standards } from '../../kernel/transfer/standards.ts';
import type { TransferMap } from '../../kernel/transfer/transferMap.ts';
import type { Transfer } from '../../model/transferFile.ts';

export interface LearningOptions {
  readonly method: Transfer['method'];
  readonly regression: 'pls' | 'pcr' | 'ridge';
  /** Channels on either side. */
  readonly halfWindow: number;
  /** null: as many as tell standards left out best. */
  readonly components: number | null;
  /** null: a thousandth of the mean variance of the master's channels. */
  readonly ridge: number | null;
}

export interface LearnedTransfer {
  readonly map: TransferMap;
  /** null with fewer than three standards. */
  readonly error: TransferError | null;
  /** What was chosen, for people. */
  readonly chosen: string;
}

/** Components tried when none are asked for. */
const MOST_COMPONENTS = 8;

/** @throws RangeError when the standards do not fit the method, or are too few. */
export function learnTransfer(standards: Standards, options: LearningOptions): LearnedTransfer {
  const { method, regression, halfWindow } = options;
  const usesRidge = method === 'coral' || (method === 'pds' && regression === 'ridge');
  const usesComponents = method === 'ds' || (method === 'pds' && regression !== 'ridge');
  const ridge = options.ridge ?? 1e-3 * meanVariance(standards.master);
  const learnerOf =
    (components: number) =>
    (some: Standards): TransferMap => {
      if (method === 'coral') return learnCoral(some, ridge);
      if (method === 'ds') return learnDirect(some, components);
      if (method === 'slopeBias') return oneLine(some);
      const how = regression === 'ridge' ? { kind: regression, ridge } : { kind: regression, components };
      return learnPds(some, { halfWindow, regression: how });
    };
  const count = standards.master.length;
  const tried =
    !usesComponents || options.components !== null
      ? [options.components ?? 1]
      : Array.from({ length: Math.max(1, Math.min(MOST_COMPONENTS, count - 2)) }, (_, k) => k + 1);
  let best = { components: tried[0] ?? 1, error: null as TransferError | null };
  // Learned from all first: what is wrong with the standards is said of them, not of a part.
  learnerOf(best.components)(standards);
  if (count > 2 && standards.slave.length === count)
    for (const components of tried) {
      const error = leaveOneOut(standards, learnerOf(components));
      if (best.error === null || error.rms < best.error.rms) best = { components, error };
    }
  const window = method === 'pds' ? `, half window ${halfWindow}, ${regression}` : '';
  const strength = usesRidge
    ? `, ridge ${ridge.toPrecision(3)}`
    : usesComponents
      ? `, components ${best.components}`
      : '';
  return { map: learnerOf(best.components)(standards), error: best.error, chosen: `${method}${window}${strength}` };
}

/** One slope and one bias for all channels. */
function oneLine({ master, slave }: Standards): TransferMap {
  const flat = (rows: readonly Float64Array[]): Float64Array => Float64Array.from(rows.flatMap((row) => [...row]));
  const { slope, bias } = slopeBias(flat(slave), flat(master));
  const n = master[0]?.length ?? 0;
  return {
    kind: 'banded',
    halfWindow: 0,
    coefficients: new Float64Array(n).fill(slope),
    offset: new Float64Array(n).fill(bias),
  };
}

/** Of the channels over the standards. */
function meanVariance(rows: readonly Float64Array[]): number {
  const n = rows[0]?.length ?? 1;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const mean = rows.reduce((total, row) => total + (row[i] ?? 0), 0) / rows.length;
    sum += rows.reduce((total, row) => total + ((row[i] ?? 0) - mean) ** 2, 0);
  }
  return sum / n / Math.max(1, rows.length - 1);
}
