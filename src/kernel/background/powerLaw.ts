/** A fitted power law B(E) = A E^-r, counts per channel at E eV, with the covariance of its parameters. */
export interface PowerLaw {
  /** ln A; A itself, in counts eV^r, spans ten decades. */
  lnA: number;
  r: number;
  varianceLnA: number;
  covariance: number;
  varianceR: number;
  /** False: the solution did not come to rest; the last one is given. */
  converged: boolean;
}

/** An energy axis with equal steps, and the channels of it that are fitted. */
export interface PowerLawWindow {
  /** Energy of the first channel's centre, eV. */
  readonly offset: number;
  /** Energy per channel, eV. */
  readonly step: number;
  /** Channels [first, end) are fitted. */
  readonly first: number;
  readonly end: number;
}

/** Difference of two exponents below which the series of the exponential, to the seventh power, is exact to the last bit. */
const NEAR = 1 / 32;

/** Nothing fitted yet. */
export function emptyPowerLaw(): PowerLaw {
  return { lnA: -Infinity, r: 0, varianceLnA: 0, covariance: 0, varianceR: 0, converged: false };
}

/**
 * The curve A E^-r.
 *
 * @param fit - the power law.
 * @param logEnergies - [n] ln of the energies in eV.
 * @param out - [n] receives counts per channel.
 * @returns `out`; 0 where ln E is -Infinity, for there no power law is.
 */
export function powerLawCurve({ lnA, r }: PowerLaw, logEnergies: Float64Array, out: Float64Array): Float64Array {
  let anchor = NaN;
  let atAnchor = NaN;
  for (let i = 0; i < out.length; i++) {
    const logEnergy = logEnergies[i]!;
    if (logEnergy === -Infinity) {
      out[i] = 0;
      continue;
    }
    const exponent = lnA - r * logEnergy;
    const d = exponent - anchor;
    if (Math.abs(d) < NEAR) {
      const square = d * d;
      const even = 1 / 2 + square * (1 / 24 + square * (1 / 720));
      const odd = 1 + square * (1 / 6 + square * (1 / 120 + square * (1 / 5040)));
      out[i] = atAnchor * (1 + square * even + d * odd);
    } else {
      anchor = exponent;
      atAnchor = Math.exp(exponent);
      out[i] = atAnchor;
    }
  }
  return out;
}

/**
 * Variances of the curve by the covariance of its parameters: B^2 (var ln A - 2 ln E cov + ln^2 E var r). Far from the window the second
 * decimal of r decides: this, not the counts, limits a weak edge.
 *
 * @param fit - the power law.
 * @param logEnergies - [n] ln of the energies in eV.
 * @param curve - [n] of {@link powerLawCurve}.
 * @param out - [n] receives variances, in counts squared.
 * @returns `out`.
 */
export function powerLawVariances(
  { varianceLnA, covariance, varianceR }: PowerLaw,
  logEnergies: Float64Array,
  curve: Float64Array,
  out: Float64Array,
): Float64Array {
  for (let i = 0; i < out.length; i++) {
    const l = logEnergies[i]!;
    const relative = varianceLnA + l * (l * varianceR - 2 * covariance);
    out[i] = l === -Infinity ? 0 : curve[i]! * curve[i]! * Math.max(relative, 0);
  }
  return out;
}

/** Variance of the sum of the curve over channels [first, end), in counts squared: its channels err together. */
export function powerLawSumVariance(
  { varianceLnA, covariance, varianceR }: PowerLaw,
  logEnergies: Float64Array,
  curve: Float64Array,
  { first, end }: { readonly first: number; readonly end: number },
): number {
  let sum = 0;
  let slope = 0;
  for (let i = first; i < end; i++) {
    if (logEnergies[i] === -Infinity) continue;
    sum += curve[i]!;
    slope += curve[i]! * logEnergies[i]!;
  }
  return Math.max(0, sum * sum * varianceLnA + slope * (slope * varianceR - 2 * sum * covariance));
}
