import { refusal } from '../refusal.ts';

/** A spectrum to compare with, made once by {@link createShiftReference}. */
export interface ShiftReference {
  readonly x: Float64Array;
  readonly values: Float64Array;
  readonly slopes: Float64Array;
  /** [n] variances at the same exposure; null: Poisson counts, whose variance is the model itself. */
  readonly variances: Float64Array | null;
  readonly mask: Uint8Array | null;
}

export interface RigidShiftOptions {
  readonly reference: ShiftReference;
  /** Channels to fit. @default all */
  readonly first?: number;
  readonly end?: number;
  /** [n], 1 = do not use. */
  readonly mask?: Uint8Array | undefined;
  /** Where to start, in axis units: the last shift of a slow drift, 0 without. Right to about half a peak width. @default 0 */
  readonly start?: number;
  /** Channels further off than this many standard deviations do not count: a new peak cannot pull the fit. Larger trusts more channels. @default 4 */
  readonly clip?: number;
  /** Fit a constant offset too. @default false */
  readonly offset?: boolean;
  /** The variances are known up to a factor only: errors are scaled by the scatter of the residuals. @default false */
  readonly scaled?: boolean;
}

export interface RigidShift {
  /** Added to the coordinates of the spectrum makes them those of the reference, axis units. */
  shift: number;
  standardError: number;
  /** Intensity over that of the reference. */
  gain: number;
  gainError: number;
  offset: number;
  converged: boolean;
  iterationCount: number;
  clippedCount: number;
}

const ITERATIONS = 30;
/** Soft iterations before channels may be left out altogether. */
const SOFT_ITERATIONS = 2;
const EMPTY: RigidShift = {
  shift: 0,
  standardError: NaN,
  gain: NaN,
  gainError: NaN,
  offset: 0,
  converged: false,
  iterationCount: 0,
  clippedCount: 0,
};

/**
 * Rigid shift of a spectrum against a reference: y(x) = gain r(x + shift) (+ offset), by iterated weighted least squares
 * (Fisher scoring) with the variances of the model, not of the data, r read by cubic interpolation.
 *
 * Residuals beyond `clip` standard deviations first count with reduced weight (Huber), then not at all.
 *
 * @param values - [n], finite.
 * @param options - see {@link RigidShiftOptions}.
 * @returns the estimate; standard errors from the inverse Hessian; `converged` false when there is nothing to align or the fit left the axis.
 * @throws RangeError when the lengths disagree.
 * @see Huber, Ann. Math. Statist. 35 (1964) 73.
 */
export function rigidShift(values: Float64Array, options: RigidShiftOptions): RigidShift {
  const {
    reference,
    first = 0,
    end = values.length,
    mask,
    start = 0,
    clip = 4,
    offset: fitsOffset = false,
    scaled = false,
  } = options;
  const { x, values: r, slopes, variances, mask: unused } = reference;
  const n = x.length;
  if (values.length !== n) throw refusal('LengthMismatch', `values have ${values.length} elements, the reference ${n}`);
  const fit = { ...EMPTY, shift: start };
  let total = 0;
  let expected = 0;
  for (let i = first; i < end; i++) {
    if ((mask !== undefined && mask[i] === 1) || (unused !== null && unused[i] === 1)) continue;
    total += values[i]!;
    expected += r[i]!;
  }
  if (n < 3 || !(expected > 0) || !(total > 0)) return fit;
  fit.gain = total / expected;
  const floor = Math.max(1e-300, (1e-3 * expected) / (end - first));
  const span = x[n - 1]! - x[0]!;
  let scale = 1;
  for (let iteration = 1; iteration <= ITERATIONS; iteration++) {
    const { shift, gain, offset } = fit;
    let hgg = 0,
      hgs = 0,
      hss = 0,
      hgo = 0,
      hso = 0,
      hoo = 0,
      bg = 0,
      bs = 0,
      bo = 0;
    let scatter = 0;
    let used = 0;
    let clipped = 0;
    let k = 0;
    const bound = clip * scale;
    for (let i = first; i < end; i++) {
      const at = x[i]! + shift;
      if ((mask !== undefined && mask[i] === 1) || (unused !== null && unused[i] === 1) || at < x[0]! || at > x[n - 1]!)
        continue;
      while (k < n - 2 && x[k + 1]! <= at) k++;
      const h = x[k + 1]! - x[k]!;
      const perUnit = 1 / h;
      const t = (at - x[k]!) * perUnit;
      const a = r[k]!,
        b = r[k + 1]!,
        da = slopes[k]! * h,
        db = slopes[k + 1]! * h;
      const c2 = 3 * (b - a) - 2 * da - db;
      const c3 = 2 * (a - b) + da + db;
      const model = a + t * (da + t * (c2 + t * c3));
      const slope = gain * (da + t * (2 * c2 + 3 * t * c3)) * perUnit;
      const predicted = gain * model + offset;
      const variance = Math.max(
        variances === null ? predicted : Math.abs(gain) * variances[i]!,
        floor * Math.abs(gain),
      );
      const residual = values[i]! - predicted;
      let weight = 1 / variance;
      const squared = residual * residual * weight;
      used++;
      scatter += Math.min(squared, bound * bound);
      if (squared > bound * bound) {
        clipped++;
        weight = iteration <= SOFT_ITERATIONS ? (weight * bound) / Math.sqrt(squared) : 0;
      }
      const wm = weight * model,
        ws = weight * slope;
      hgg += wm * model;
      hgs += wm * slope;
      hss += ws * slope;
      bg += wm * residual;
      bs += ws * residual;
      if (fitsOffset) {
        hgo += wm;
        hso += ws;
        hoo += weight;
        bo += weight * residual;
      }
    }
    if (fitsOffset && hoo > 0) {
      // The offset is eliminated first; what remains is a problem of two.
      hgg -= (hgo * hgo) / hoo;
      hgs -= (hgo * hso) / hoo;
      hss -= (hso * hso) / hoo;
      bg -= (hgo * bo) / hoo;
      bs -= (hso * bo) / hoo;
    }
    const determinant = hgg * hss - hgs * hgs;
    fit.iterationCount = iteration;
    fit.clippedCount = clipped;
    if (!(determinant > 1e-12 * hgg * hss) || used < 3 || clipped > used / 2) return fit;
    const stepShift = (hgg * bs - hgs * bg) / determinant;
    const stepGain = (hss * bg - hgs * bs) / determinant;
    if (fitsOffset) fit.offset += (bo - hgo * stepGain - hso * stepShift) / hoo;
    fit.shift += stepShift;
    fit.gain += stepGain;
    // With variances that are too small everything would be clipped: the bound follows the scatter, never below its nominal size.
    scale = Math.max(1, Math.sqrt(scatter / used));
    const factor = scaled ? scatter / Math.max(1, used - 2) : 1;
    fit.standardError = Math.sqrt((factor * hgg) / determinant);
    fit.gainError = Math.sqrt((factor * hss) / determinant);
    if (!(fit.gain > 0) || Math.abs(fit.shift) > 0.5 * span || !Number.isFinite(fit.standardError)) return fit;
    if (iteration > SOFT_ITERATIONS && Math.abs(stepShift) < 0.02 * fit.standardError) {
      fit.converged = true;
      return fit;
    }
  }
  return fit;
}
