/** A complex number a function may overwrite. */
export interface Complex {
  re: number;
  im: number;
}

const TERMS = 32;
const L = Math.sqrt(TERMS / Math.SQRT2);
const PER_SQRT_PI = 0.5641895835477563;
/** Squared modulus beyond which the continued fraction is used. */
const FAR = 64;
/** Levels of it: to 1e-13 from there on. */
const LEVELS = 12;
/** Squared modulus beyond which fewer levels reach the same. */
const VERY_FAR = 900;
const FEW_LEVELS = 4;

/**
 * Faddeeva function w(z) = exp(-z^2) erfc(-i z) in the upper half plane: Weideman's rational series of 32 terms near the origin, the
 * continued fraction of Laplace beyond |z| = 8. To about 1e-12 of |w|.
 *
 * @param x - real part of z.
 * @param y - imaginary part, >= 0.
 * @param out - overwritten.
 * @returns `out`.
 * @see Weideman, SIAM J. Numer. Anal. 31 (1994) 1497; Gautschi, SIAM J. Numer. Anal. 7 (1970) 187.
 */
export function faddeeva(x: number, y: number, out: Complex): Complex {
  const squared = x * x + y * y;
  return squared > FAR ? farOut(x, y, squared > VERY_FAR ? FEW_LEVELS : LEVELS, out) : nearBy(x, y, out);
}

/** i / sqrt(pi) over z - (1/2) / (z - 1 / (z - (3/2) / ...)), from its last level up. */
function farOut(x: number, y: number, levels: number, out: Complex): Complex {
  let re = x;
  let im = y;
  for (let k = levels; k >= 1; k--) {
    const factor = (0.5 * k) / (re * re + im * im);
    re = x - factor * re;
    im = y + factor * im;
  }
  const scale = PER_SQRT_PI / (re * re + im * im);
  out.re = scale * im;
  out.im = scale * re;
  return out;
}

function nearBy(x: number, y: number, out: Complex): Complex {
  // 1 / (L - i z), with L - i z = (L + y) - i x.
  const real = L + y;
  const norm = 1 / (real * real + x * x);
  const qr = real * norm;
  const qi = x * norm;
  // Z = (L + i z) / (L - i z).
  const ur = L - y;
  const zr = ur * qr - x * qi;
  const zi = ur * qi + x * qr;
  let pr = 0;
  let pi = 0;
  for (let k = TERMS - 1; k >= 0; k--) {
    const re = pr * zr - pi * zi + SERIES[k]!;
    pi = pr * zi + pi * zr;
    pr = re;
  }
  // w = (2 p q + 1 / sqrt(pi)) q.
  const ar = 2 * (pr * qr - pi * qi) + PER_SQRT_PI;
  const ai = 2 * (pr * qi + pi * qr);
  out.re = ar * qr - ai * qi;
  out.im = ar * qi + ai * qr;
  return out;
}

/** Fourier coefficients of exp(-t^2) (L^2 + t^2) over t = L tan(theta / 2). */
const SERIES = Float64Array.from({ length: TERMS }, (_, index) => {
  const M = 2 * TERMS;
  let sum = 0;
  for (let k = 1 - M; k < M; k++) {
    const theta = (k * Math.PI) / M;
    const t = L * Math.tan(0.5 * theta);
    sum += Math.exp(-t * t) * (L * L + t * t) * Math.cos((index + 1) * theta);
  }
  return sum / (2 * M);
});
