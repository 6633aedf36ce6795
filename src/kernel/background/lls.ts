/** Counts whose transform is looked up: beyond it, and between whole numbers, it is computed. */
const TABLE_COUNTS = 16_384;
/** Cubic pieces of the inverse over [FROM, TO): counts from 0 to 5e9, relative error below 2e-9. */
const FROM = 0.5;
const TO = 2.5;
const PIECES = 2048;
const PER_UNIT = PIECES / (TO - FROM);

const forward = Float64Array.from({ length: TABLE_COUNTS }, (_, counts) => exactLls(counts));
const inverse = hermitePieces();

function exactLls(counts: number): number {
  return Math.log(Math.log(Math.sqrt(counts + 1) + 1) + 1);
}

function exactInverseLls(v: number): number {
  const root = Math.exp(Math.exp(v) - 1) - 1;
  return root * root - 1;
}

function slopeOfInverseLls(v: number): number {
  const outer = Math.exp(v);
  const inner = Math.exp(outer - 1);
  return 2 * (inner - 1) * inner * outer;
}

function hermitePieces(): Float64Array {
  const h = 1 / PER_UNIT;
  const pieces = new Float64Array(4 * PIECES);
  for (let k = 0; k < PIECES; k++) {
    const from = FROM + k * h;
    const f0 = exactInverseLls(from);
    const f1 = exactInverseLls(from + h);
    const d0 = slopeOfInverseLls(from) * h;
    const d1 = slopeOfInverseLls(from + h) * h;
    pieces.set([f0, d0, 3 * (f1 - f0) - 2 * d0 - d1, 2 * (f0 - f1) + d0 + d1], 4 * k);
  }
  return pieces;
}

/**
 * Log-log-square-root transform v = ln(ln(sqrt(y + 1) + 1) + 1): evens out peaks of very different heights.
 *
 * @param counts - [n], finite; values below 0 count as 0, where the transform is still defined.
 * @param out - [n], may be `counts`.
 * @returns how many values were below 0.
 * @see Ryan et al., Nucl. Instrum. Methods Phys. Res. B 34 (1988) 396.
 */
export function lls(counts: Float64Array, out: Float64Array): number {
  const n = counts.length;
  let clampedCount = 0;
  for (let i = 0; i < n; i++) {
    const y = counts[i]!;
    const whole = y | 0;
    if (whole === y && whole >= 0 && whole < TABLE_COUNTS) out[i] = forward[whole]!;
    else if (y < 0) {
      out[i] = forward[0]!;
      clampedCount++;
    } else out[i] = exactLls(y);
  }
  return clampedCount;
}

/**
 * Inverse of {@link lls}: y = (exp(exp(v) - 1) - 1)^2 - 1, by cubic pieces with a relative error below 2e-9.
 *
 * @param transformed - [n].
 * @param out - [n], may be `transformed`.
 * @returns `out`, in counts.
 */
export function inverseLls(transformed: Float64Array, out: Float64Array): Float64Array {
  const n = transformed.length;
  for (let i = 0; i < n; i++) {
    const position = (transformed[i]! - FROM) * PER_UNIT;
    const piece = position | 0;
    if (position >= 0 && piece < PIECES) {
      const t = position - piece;
      const q = 4 * piece;
      out[i] = inverse[q]! + t * (inverse[q + 1]! + t * (inverse[q + 2]! + t * inverse[q + 3]!));
    } else out[i] = exactInverseLls(transformed[i]!);
  }
  return out;
}
