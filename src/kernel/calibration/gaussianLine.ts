import { refusal } from '../refusal.ts';

export interface GaussianLineOptions {
  /** [n] channel centres, strictly increasing. */
  readonly x: Float64Array;
  /** The window [first, end) holds one line and some background. @default all */
  readonly first?: number;
  readonly end?: number;
  /** [n], 1 = do not use. */
  readonly mask?: Uint8Array | undefined;
  /** [n]; left out, Poisson counts, weighed by the model. */
  readonly variances?: Float64Array | undefined;
}

export interface GaussianLine {
  /** Position of the line, axis units. */
  readonly centre: number;
  /** One standard deviation of the centre, from the inverse Hessian. */
  readonly standardError: number;
  /** Standard deviation of the Gaussian, axis units. */
  readonly sigma: number;
  readonly amplitude: number;
  readonly offset: number;
  readonly converged: boolean;
}

const ITERATIONS = 60;

/**
 * Centre of one line: amplitude exp(-(x - centre)^2 / 2 sigma^2) + offset, by damped Fisher scoring (Levenberg-Marquardt) with Poisson weights of the model.
 *
 * @param values - [n], finite.
 * @param options - see {@link GaussianLineOptions}.
 * @returns the fit; not converged when the window holds no line, fewer than five usable channels, or the centre leaves it.
 * @throws RangeError when lengths disagree.
 * @see Marquardt, J. Soc. Indust. Appl. Math. 11 (1963) 431.
 */
export function fitGaussianLine(values: Float64Array, options: GaussianLineOptions): GaussianLine {
  const { x, first = 0, end = values.length } = options;
  if (x.length !== values.length)
    throw refusal('LengthMismatch', `x has ${x.length} elements, expected ${values.length}`);
  const use: number[] = [];
  for (let i = first; i < end; i++) if (options.mask?.[i] !== 1) use.push(i);
  let p = firstGuess(values, x, use);
  const failed = { centre: p[1]!, standardError: NaN, sigma: p[2]!, amplitude: p[0]!, offset: p[3]!, converged: false };
  if (use.length < 5 || !(p[0]! > 0)) return failed;
  let damping = 1e-3;
  let now = normalEquations(values, options, use, p);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const damped = now.hessian.map((row, a) => row.map((h, b) => (a === b ? h * (1 + damping) : h)));
    const step = solve(damped, now.gradient);
    if (step === null) return failed;
    const next = p.map((value, k) => value + step[k]!);
    next[2] = Math.abs(next[2]!);
    const trial = normalEquations(values, options, use, next);
    if (trial.misfit <= now.misfit + 1e-9 * Math.abs(now.misfit)) {
      const variance = solve(trial.hessian, [0, 1, 0, 0])?.[1] ?? NaN;
      const standardError = Math.sqrt(variance);
      const moved = Math.abs(step[1]!);
      p = next;
      now = trial;
      damping = Math.max(1e-9, damping / 8);
      const inside = p[1]! > x[first]! && p[1]! < x[end - 1]!;
      if (!(moved < 1e-3 * standardError) || damping > 1e-4) continue;
      const converged =
        inside && p[0]! > 0 && Number.isFinite(standardError) && standardError < x[end - 1]! - x[first]!;
      return { centre: p[1]!, standardError, sigma: p[2]!, amplitude: p[0]!, offset: p[3]!, converged };
    } else damping *= 6;
    if (damping > 1e9) return failed;
  }
  return failed;
}

/** Amplitude and offset from the extremes, centre and width from the moments above half height. */
function firstGuess(values: Float64Array, x: Float64Array, use: readonly number[]): number[] {
  const sorted = use.map((i) => values[i]!).sort((a, b) => a - b);
  const offset = sorted[Math.floor(sorted.length / 4)] ?? 0;
  const amplitude = (sorted[sorted.length - 1] ?? 0) - offset;
  let weight = 0,
    first = 0,
    second = 0;
  for (const i of use) {
    const w = Math.max(0, values[i]! - offset - 0.5 * amplitude);
    weight += w;
    first += w * x[i]!;
    second += w * x[i]! * x[i]!;
  }
  const centre = first / weight;
  const spacing = use.length > 1 ? (x[use[use.length - 1]!]! - x[use[0]!]!) / (use.length - 1) : 1;
  return [
    amplitude,
    centre,
    Math.max(spacing, 1.5 * Math.sqrt(Math.max(0, second / weight - centre * centre))),
    offset,
  ];
}

function normalEquations(
  values: Float64Array,
  { x, variances }: GaussianLineOptions,
  use: readonly number[],
  p: readonly number[],
) {
  const [amplitude, centre, sigma, offset] = p as [number, number, number, number];
  const hessian = [0, 1, 2, 3].map(() => [0, 0, 0, 0]);
  const gradient = [0, 0, 0, 0];
  let misfit = 0;
  for (const i of use) {
    const u = (x[i]! - centre) / sigma;
    const shape = Math.exp(-0.5 * u * u);
    const model = amplitude * shape + offset;
    const floored = Math.max(model, 1e-2);
    const variance = variances === undefined ? floored : Math.max(variances[i]!, 1e-12);
    const residual = values[i]! - model;
    const y = values[i]!;
    // Poisson: the deviance, so that its minimum is where the weighted residuals balance.
    misfit +=
      variances === undefined
        ? 2 * (floored - y + (y > 0 ? y * Math.log(y / floored) : 0))
        : (residual * residual) / variance;
    const slopes = [shape, (amplitude * shape * u) / sigma, (amplitude * shape * u * u) / sigma, 1];
    for (let a = 0; a < 4; a++) {
      gradient[a]! += (slopes[a]! * residual) / variance;
      for (let b = 0; b < 4; b++) hessian[a]![b]! += (slopes[a]! * slopes[b]!) / variance;
    }
  }
  return { hessian, gradient, misfit };
}

/** Gaussian elimination of a small symmetric positive definite system; null when it is singular. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | null {
  const a = matrix.map((row, k) => [...row, right[k]!]);
  const n = right.length;
  for (let k = 0; k < n; k++) {
    if (!(a[k]![k]! > 0)) return null;
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = a[i]![k]! / a[k]![k]!;
      for (let j = k; j <= n; j++) a[i]![j]! -= factor * a[k]![j]!;
    }
  }
  return a.map((row, k) => row[n]! / row[k]!);
}
