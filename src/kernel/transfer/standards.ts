import { checkFinite } from '../checkFinite.ts';
import { refusal } from '../refusal.ts';

/** The same standards as seen by two instruments: row k of one is row k of the other. */
export interface Standards {
  /** [standards] of [channels]. */
  readonly master: readonly Float64Array[];
  readonly slave: readonly Float64Array[];
}

/**
 * Refuses standards nothing can be learned from.
 *
 * @param channels - 'same' when both instruments must have the same channels.
 * @throws RangeError LengthMismatch, TooFewStandards (fewer than two), NonFiniteInput.
 */
export function checkStandards({ master, slave }: Standards, channels: 'same' | 'any'): void {
  if (master.length !== slave.length)
    throw refusal('LengthMismatch', `${master.length} standards of the master and ${slave.length} of the slave`);
  for (const [name, rows] of Object.entries({ master, slave }))
    rows.forEach((row, k) => {
      if (row.length !== rows[0]!.length || row.length === 0)
        throw refusal(
          'LengthMismatch',
          `standard ${k} of the ${name} has ${row.length} channels, not ${rows[0]!.length}`,
        );
      checkFinite(row, `standard ${k} of the ${name}`);
    });
  const [m, s] = [master[0]?.length, slave[0]?.length];
  if (channels === 'same' && m !== s)
    throw refusal('LengthMismatch', `the master has ${m} channels and the slave ${s}, expected the same`);
  if (master.length < 2)
    throw refusal('TooFewStandards', `${master.length} standard: with fewer than 2 only an offset can be learned`);
}

/** Channel means. */
export function meanOf(rows: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(rows[0]!.length);
  for (const row of rows) for (let i = 0; i < mean.length; i++) mean[i] = mean[i]! + row[i]! / rows.length;
  return mean;
}

/** Rows less a mean. */
export const around = (rows: readonly Float64Array[], mean: Float64Array): Float64Array[] =>
  rows.map((row) => row.map((value, i) => value - mean[i]!));
