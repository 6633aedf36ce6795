import { brokenLine } from './textFile.ts';
import { axisOf, isErrorLabel, quantityOf } from './meaning.ts';
import type { Oddities } from './oddities.ts';
import type { TableForm } from './tableForm.ts';
import { axisColumn } from './tableKind.ts';

/** Which columns of a table are what. */
export interface ColumnChoice {
  readonly axis: { readonly name: string; readonly unit: string };
  /** Column of the axis. */
  readonly at: number;
  /** Columns of values, a frame each; `number` is what a label says when it is a number itself. */
  readonly values: readonly { readonly column: number; readonly number: number | null }[];
  /** Column of standard deviations. */
  readonly error: number | null;
  readonly quantity: string;
  readonly valueUnit: string;
}

/** Labels of values, the most finished first. */
const FINISHED = [/processed|corrected|subtracted/i, /intensity|counts?\b|signal|^y$|yobs|^i(?:obs)?$|cps/i, /raw/i];
/** An error is a fraction of its value. */
const MOST_RELATIVE = 0.5;

/** @throws MonitorError 'ADAPTER' when no column can be values. */
export function chooseColumns(
  form: TableForm,
  columns: readonly Float64Array[],
  path: string,
  oddities: Oddities,
  known?: ColumnChoice['axis'],
): ColumnChoice {
  const { names, units } = form;
  const at = axisColumn(form);
  const label = (k: number): string => names?.[k] ?? '';
  const unit = (k: number): string => units?.[k] ?? '';
  const rest = columns.map((_, k) => k).filter((k) => k !== at && columns[k]!.some(Number.isFinite));
  const named = rest.find((k) => isErrorLabel(label(k)));
  const candidates = rest.filter((k) => k !== named);
  if (candidates.length === 0) throw brokenLine(path, form.first + 1, 'there are no values beside the axis');
  const error = named ?? unnamedError(names, candidates, columns, path);
  const chosen = chooseValues(
    names,
    candidates.filter((k) => k !== error),
    oddities,
  );
  const axis = known ?? (names === null ? guessedAxis(columns[at]!, path, oddities) : axisOf(label(at), unit(at)));
  return {
    axis,
    at,
    error: error !== null && chosen.length === 1 ? error : null,
    values: chosen.map((column) => ({ column, number: label(column) === '' ? null : numberOf(label(column)) })),
    ...quantityOf(label(chosen[0]!), unit(chosen[0]!)),
  };
}

function chooseValues(names: readonly string[] | null, candidates: readonly number[], oddities: Oddities): number[] {
  if (candidates.length === 1) return [...candidates];
  if (names === null) {
    if (candidates.length > 2) return [...candidates];
    oddities.note('the third column has no name and does not look like an error; it is not used');
    return [candidates[0]!];
  }
  for (const pattern of FINISHED) {
    const fitting = candidates.filter((k) => pattern.test(names[k]!));
    if (fitting.length !== 1 && !(fitting.length > 1 && fitting.length < candidates.length)) continue;
    const others = candidates.filter((k) => k !== fitting[0]).map((k) => `'${names[k]!.slice(0, 40)}'`);
    oddities.note(`the values are '${names[fitting[0]!]}'; not used: ${others.slice(0, 12).join(', ')}`);
    return [fitting[0]!];
  }
  return [...candidates];
}

/** A third column without a name is an error where it is everywhere a small part of the values, or the file is called .xye. */
function unnamedError(
  names: readonly string[] | null,
  candidates: readonly number[],
  columns: readonly Float64Array[],
  path: string,
): number | null {
  if (names !== null || candidates.length !== 2) return null;
  const [values, errors] = [columns[candidates[0]!]!, columns[candidates[1]!]!];
  if (/\.xye(?:\.gz)?$/i.test(path)) return candidates[1]!;
  const relative = values
    .map((value, i) => errors[i]! / Math.abs(value))
    .filter(Number.isFinite)
    .sort();
  const isPositive = errors.every((error) => error >= 0);
  return isPositive && relative.length > 0 && relative[relative.length >> 1]! < MOST_RELATIVE ? candidates[1]! : null;
}

/** Where nothing names the axis: powder patterns by the end of their name and their range, else unknown. */
function guessedAxis(x: Float64Array, path: string, oddities: Oddities): { name: string; unit: string } {
  const [low, high] = [Math.min(x[0]!, x.at(-1)!), Math.max(x[0]!, x.at(-1)!)];
  if (/\.xye?(?:\.gz)?$/i.test(path) && low >= -10 && high <= 180 && high - low > 1) {
    oddities.note('the file names no axis; by its name and range it is taken as 2 theta in degrees');
    return { name: 'twoTheta', unit: 'deg' };
  }
  oddities.note('the file names no axis');
  return { name: 'x', unit: '1' };
}

const numberOf = (label: string): number | null => {
  const found = /^[^\d+-]{0,20}([-+]?\d+(?:\.\d+)?)\s*(?:K|°?C|s|min|h|V)?$/.exec(label.trim())?.[1];
  return found === undefined ? null : Number(found);
};
