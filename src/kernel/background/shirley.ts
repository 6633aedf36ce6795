import { checkFinite } from '../checkFinite.ts';
import { refusal } from '../refusal.ts';

export interface ShirleyOptions {
  /** [n] binding energies of the channels, eV, rising or falling: with both arrays reversed, the background is. */
  readonly bindingEnergies: Float64Array;
  /** Channels at either end whose mean is the end of the background: of a single one, all inherit the noise. @default 5 */
  readonly endpointAverage?: number;
  /** Root mean square change, as part of the step between the ends, at which it stops. @default 1e-4 */
  readonly tolerance?: number;
  /** @default 200 */
  readonly maxIterations?: number;
}

/** How a Shirley background came about. */
export interface ShirleyFit {
  readonly iterations: number;
  /** False: stopped at the last iteration allowed, or `positiveArea` is false. */
  readonly converged: boolean;
  /** False: no electrons above the background that could make its step; a straight line between the ends is given. */
  readonly positiveArea: boolean;
}

/**
 * Shirley background: at each energy it has risen by the share of the peak that was counted at lower binding energies. From B = I_low on,
 * B(E) = I_low + (I_high - I_low) S(E) / S(E_high) with S(E) the integral of y - B from the end of low binding energy to E, by trapezoids.
 *
 * @param values - [n] counts, finite, n >= 3.
 * @param options - see {@link ShirleyOptions}.
 * @param out - [n] receives the background.
 * @param work - [n] scratch.
 * @returns iterations and what became of them; equal ends make a constant background.
 * @throws RangeError for fewer than three channels, ends that overlap, another length, or a value that is not finite.
 * @see Shirley, Phys. Rev. B 5 (1972) 4709; Proctor and Sherwood, Anal. Chem. 54 (1982) 13.
 */
export function shirley(
  values: Float64Array,
  options: ShirleyOptions,
  out: Float64Array,
  work: Float64Array = new Float64Array(values.length),
): ShirleyFit {
  const { bindingEnergies, endpointAverage = 5, tolerance = 1e-4, maxIterations = 200 } = options;
  const n = values.length;
  if (n < 3 || 2 * endpointAverage > n)
    throw refusal('TooShort', `${n} channels, expected at least ${Math.max(3, 2 * endpointAverage)}`);
  if (bindingEnergies.length !== n || out.length !== n)
    throw refusal('LengthMismatch', `${bindingEnergies.length} energies for ${n} values and ${out.length} results`);
  checkFinite(values, 'values');
  const start = meanOf(values, 0, endpointAverage);
  const end = meanOf(values, n - endpointAverage, n);
  if (start === end) {
    out.fill(start);
    return { iterations: 0, converged: true, positiveArea: true };
  }
  const highFirst = bindingEnergies[0]! > bindingEnergies[n - 1]!;
  const low = highFirst ? end : start;
  const step = highFirst ? start - end : end - start;
  const energies = hasEqualSteps(bindingEnergies) ? null : bindingEnergies;
  const ends: Ends = { low, step, highFirst };
  const least = tolerance * tolerance * step * step * n;
  const change = { squares: 0 };
  // Integrals of the last two iterations, and the whole of them; none before the first.
  let [last, older] = [out.fill(0), work.fill(0)];
  let [total, olderTotal] = [Infinity, Infinity];
  for (let iterations = 0; ; iterations++) {
    const next = integrate(values, energies, [lineOf(ends, total), last], [lineOf(ends, olderTotal), older], change);
    const converged = iterations > 0 && change.squares < least;
    // On its way the integral may be negative, where noise has made the step too high; at rest it may not.
    const isRefused = (iterations === 0 || converged) && !(next > 0);
    if (isRefused || !Number.isFinite(step / next)) {
      for (let i = 0; i < n; i++) out[i] = start + ((end - start) * i) / (n - 1);
      return { iterations, converged: false, positiveArea: false };
    }
    if (converged || iterations === maxIterations) {
      const { level, slope } = lineOf(ends, total);
      for (let i = 0; i < n; i++) out[i] = level + slope * last[i]!;
      return { iterations, converged, positiveArea: next > 0 };
    }
    [last, older] = [older, last];
    [total, olderTotal] = [next, total];
  }
}

interface Ends {
  readonly low: number;
  readonly step: number;
  readonly highFirst: boolean;
}
/** A background as level + slope times the integral from the first channel on. */
interface Line {
  readonly level: number;
  readonly slope: number;
}

/** The background whose whole integral is `total`; before the first iteration, with none, it is low everywhere. */
function lineOf({ low, step, highFirst }: Ends, total: number): Line {
  if (total === Infinity) return { level: low, slope: 0 };
  return highFirst ? { level: low + step, slope: -step / total } : { level: low, slope: step / total };
}

/**
 * Overwrites the older integral with that of what lies above the last background, from the first channel on.
 * @param energies - null: equal steps, which the ratio of two integrals does not see.
 * @returns the whole of it; `change.squares` receives the squared changes between the last two backgrounds.
 */
function integrate(
  values: Float64Array,
  energies: Float64Array | null,
  [line, last]: readonly [Line, Float64Array],
  [olderLine, older]: readonly [Line, Float64Array],
  change: { squares: number },
): number {
  const { level, slope } = line;
  const { level: olderLevel, slope: olderSlope } = olderLine;
  const n = values.length;
  let total = 0;
  let squares = 0;
  // So that the first trapezoid, before the first channel, is empty.
  let above = level + slope * last[0]! - values[0]!;
  for (let i = 0; i < n; i++) {
    const background = level + slope * last[i]!;
    const moved = background - (olderLevel + olderSlope * older[i]!);
    squares += moved * moved;
    const here = values[i]! - background;
    const both = above + here;
    if (energies === null) total += both;
    else if (i > 0) total += both * Math.abs(energies[i]! - energies[i - 1]!);
    above = here;
    older[i] = total;
  }
  change.squares = squares;
  return total;
}

/** Do the steps depart from each other by less than a millionth? */
function hasEqualSteps(energies: Float64Array): boolean {
  const step = energies[1]! - energies[0]!;
  let largest = 0;
  for (let i = 2; i < energies.length; i++) {
    const departure = Math.abs(energies[i]! - energies[i - 1]! - step);
    largest = departure > largest ? departure : largest;
  }
  return largest <= 1e-6 * Math.abs(step);
}

function meanOf(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i]!;
  return sum / (to - from);
}
