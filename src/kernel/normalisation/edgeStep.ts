import { invertNormal } from '../peaks/normalInverse.ts';
import { refusal } from '../refusal.ts';
import { COUNT, type EdgeStepWork } from './edgeStepWork.ts';

/** Where an absorption edge lies, and what lies around it; channels, ends not included. */
export interface EdgePlace {
  /** [n] energies of the channels. */
  readonly energies: Float64Array;
  /** Energy of the edge, where the step is read off. */
  readonly edge: number;
  /** Below the edge: a straight line is fitted there. */
  readonly pre: readonly [first: number, end: number];
  /** Beyond its fine structure: a polynomial is fitted there. */
  readonly post: readonly [first: number, end: number];
  /** Degree of that polynomial, 0 to 2. */
  readonly order: number;
}

/**
 * Makes a place ready: each of the five numbers of the model (line, step, slope and bend behind the edge) as a sum over channels.
 *
 * @param place - see {@link EdgePlace}.
 * @param work - overwritten.
 * @throws RangeError TooShort when a window has fewer channels than numbers to fit.
 */
export function placeEdge({ energies, edge, pre, post, order }: EdgePlace, work: EdgeStepWork): void {
  const { rows, t } = work;
  const n = energies.length;
  for (const [name, [first, end], least] of [
    ['pre-edge', pre, 2],
    ['post-edge', post, order + 1],
  ] as const)
    if (!(first >= 0 && end <= n && end - first >= least))
      throw refusal(
        'TooShort',
        `the ${name} window has ${Math.max(0, end - first)} channels, expected ${least} at least`,
      );
  const span = Math.max(Math.abs(energies[post[1] - 1]! - edge), Math.abs(energies[pre[0]]! - edge)) || 1;
  for (let i = 0; i < n; i++) t[i] = (energies[i]! - edge) / span;
  for (const row of rows) row.fill(0);
  functionals(t, pre, 1, rows[0]!, rows[1]!, null);
  functionals(t, post, order, rows[2]!, order > 0 ? rows[3]! : null, order > 1 ? rows[4]! : null);
  // What is behind the edge is fitted less the line.
  for (let a = 2; a < COUNT; a++) {
    let [ofLevel, ofSlope] = [0, 0];
    for (let k = post[0]; k < post[1]; k++) {
      ofLevel += rows[a]![k]!;
      ofSlope += rows[a]![k]! * t[k]!;
    }
    for (let k = pre[0]; k < pre[1]; k++) rows[a]![k] = rows[a]![k]! - ofLevel * rows[0]![k]! - ofSlope * rows[1]![k]!;
  }
  work.edge = energies.findIndex((energy) => energy >= edge);
  if (work.edge < 0) work.edge = n;
}

/** Rows of the pseudo-inverse of 1, t, t^2 over a window. */
function functionals(
  t: Float64Array,
  [first, end]: readonly [number, number],
  degree: number,
  ...rows: readonly (Float64Array | null)[]
): void {
  const p = degree + 1;
  const normal = new Float64Array(p * p);
  for (let k = first; k < end; k++)
    for (let a = 0; a < p; a++) for (let b = 0; b < p; b++) normal[a * p + b]! += t[k]! ** (a + b);
  const inverse = new Float64Array(p * p);
  const lost = invertNormal(normal, new Uint8Array(p).fill(1), inverse, new Uint8Array(p), new Float64Array(p));
  if (lost > 0) throw refusal('RankDeficientModel', `a polynomial of degree ${degree} over ${end - first} channels`);
  for (let a = 0; a < p; a++)
    for (let k = first; k < end; k++) {
      let sum = 0;
      for (let b = 0; b < p; b++) sum += inverse[a * p + b]! * t[k]! ** b;
      rows[a]![k] = sum;
    }
}
