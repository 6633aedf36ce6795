import { checkFinite } from '../checkFinite.ts';
import { refusal } from '../refusal.ts';

/** What a spectrum is taken to be made of beside its own chemistry. */
export interface EmscModelOptions {
  /** [n] coordinates of the channels. */
  readonly axis: Float64Array;
  /** [n] the fixed reference spectrum. */
  readonly reference: Float64Array;
  /** Degree of the polynomial baseline; 0 is multiplicative scatter correction (MSC), 2 usual. */
  readonly order: number;
  /** [n] each: spectra of what may lie on top: water vapour, a substrate. @default none */
  readonly interferents?: readonly Float64Array[];
  /** [n] roots of the least-squares weights, >= 0; left out, all the same. */
  readonly weights?: Float64Array | undefined;
}

/** A model made ready: its columns orthogonal, so that a fit is one product per column. */
export interface EmscModel {
  readonly reference: Float64Array;
  /** Columns: the reference, interferents, then t^0, t^1, ... with t from -1 to 1 over the axis. */
  readonly count: number;
  /** [count][n] columns made orthonormal under the weights. */
  readonly basis: readonly Float64Array[];
  /** [count][n] the same times the squared weights: what a spectrum is multiplied with. */
  readonly projections: readonly Float64Array[];
  /** [count * count] upper triangle R: columns = basis R. */
  readonly triangle: Float64Array;
}

/** Below this share of a column's norm, what is left of it beside the others is rounding. */
const LEAST_OWN = 1e-9;

/**
 * Makes an EMSC model ready.
 *
 * @param options - see {@link EmscModelOptions}.
 * @throws RangeError EmptyInput, NonFiniteInput, LengthMismatch, OutOfRange; RankDeficientModel when a column is a mixture of those before
 * it, as a constant reference is of the baseline.
 */
export function createEmscModel(options: EmscModelOptions): EmscModel {
  const { axis, reference, order, interferents = [], weights } = options;
  const n = axis.length;
  if (n === 0) throw refusal('EmptyInput', 'a reference of no channels');
  if (!Number.isInteger(order) || order < 0) throw refusal('OutOfRange', `order is ${order}, expected an integer >= 0`);
  const given = {
    reference,
    ...Object.fromEntries(interferents.map((g, k) => [`interferent ${k}`, g])),
    weights,
    axis,
  };
  for (const [name, column] of Object.entries(given)) {
    if (column === undefined) continue;
    if (column.length !== n) throw refusal('LengthMismatch', `${name} has ${column.length} channels, expected ${n}`);
    checkFinite(column, name);
  }
  const low = axis[0]!;
  const high = axis[n - 1]!;
  const t = axis.map((x) => (high === low ? 0 : (2 * (x - 0.5 * (low + high))) / (high - low)));
  const powers = Array.from({ length: order + 1 }, (_, k) => t.map((x) => x ** k));
  const basis = [reference, ...interferents, ...powers].map((column) => column.slice());
  const square = weights?.map((w) => w * w);
  const triangle = orthonormalise(basis, square);
  const projections = basis.map((column) => (square === undefined ? column : column.map((q, i) => q * square[i]!)));
  return { reference, count: basis.length, basis, projections, triangle };
}

/** Gram and Schmidt, twice over, in place. @returns the triangle that leads back. */
function orthonormalise(columns: readonly Float64Array[], square: Float64Array | undefined): Float64Array {
  const count = columns.length;
  const triangle = new Float64Array(count * count);
  const product = (a: Float64Array, b: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]! * (square === undefined ? 1 : square[i]!);
    return sum;
  };
  columns.forEach((column, k) => {
    const whole = Math.sqrt(product(column, column));
    for (let turn = 0; turn < 2; turn++)
      for (let l = 0; l < k; l++) {
        const shared = product(columns[l]!, column);
        triangle[l * count + k] = triangle[l * count + k]! + shared;
        for (let i = 0; i < column.length; i++) column[i] = column[i]! - shared * columns[l]![i]!;
      }
    const own = Math.sqrt(product(column, column));
    if (!(own > LEAST_OWN * whole))
      throw refusal('RankDeficientModel', `column ${k} of ${count} is a mixture of those before it`);
    triangle[k * count + k] = own;
    for (let i = 0; i < column.length; i++) column[i] = column[i]! / own;
  });
  return triangle;
}
