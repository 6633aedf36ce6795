import { refusal } from '../refusal.ts';

/** A free-electron plasmon in the logarithms of its parameters, which keeps them positive. */
export interface PlasmonFit {
  /** ln of intensity, plasmon energy (eV) and full width at half maximum (eV): [3]. */
  readonly logs: Float64Array;
  /** [3][3] their covariance. */
  readonly covariance: Float64Array;
  converged: boolean;
}

export const emptyPlasmonFit = (): PlasmonFit => ({
  logs: new Float64Array(3),
  covariance: new Float64Array(9),
  converged: false,
});

const MOST_STEPS = 60;
/** Change of the parameters, in standard deviations, at which it is at rest. */
const AT_REST = 1e-6;
/** First guess of the width, as part of the energy: that of aluminium is 0.03, of silicon 0.2, of oxides 0.5. */
const USUAL_WIDTH = 0.3;
/** Scratch of one fit. */
const gram = new Float64Array(9);
const right = new Float64Array(3);
const at = new Float64Array(4);
const moves = new Float64Array(3);
/** Channels over which the first guess looks for the maximum. */
const SMOOTH = 5;

/**
 * Intensity of a plasmon and its derivatives by the three logarithms.
 *
 * @param out - [4] receives I E G Ep^2 / ((E^2 - Ep^2)^2 + (E G)^2) and its derivatives; 0 for E <= 0.
 * @see Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed. (2011), eq. 3.43
 */
export function plasmonAt(energy: number, logs: Float64Array, out: Float64Array): void {
  if (!(energy > 0)) {
    out.fill(0);
    return;
  }
  const square = Math.exp(2 * logs[1]!);
  const width = energy * Math.exp(logs[2]!);
  const off = energy * energy - square;
  const denominator = off * off + width * width;
  const value = (Math.exp(logs[0]!) * width * square) / denominator;
  out[0] = value;
  out[1] = value;
  out[2] = value * (2 + (4 * square * off) / denominator);
  out[3] = value * (1 - (2 * width * width) / denominator);
}

/**
 * Fits a plasmon to the channels [first, end) by Gauss-Newton steps weighted by the model: for counts the solution of greatest
 * Poisson likelihood. Plural scattering is not part of the model: end the window before twice the plasmon energy, or keep the
 * sample thin.
 *
 * @param counts - [n], finite in the window.
 * @param energies - [n] energy losses, eV, rising; above 0 in the window.
 * @param variances - [n] of the counts; null: Poisson.
 * @param out - receives the fit with its covariance; `converged` false when it did not come to rest.
 * @throws RangeError NoSignalInWindow when nothing in the window is above 0.
 */
export function fitDrudePlasmon(
  counts: Float64Array,
  energies: Float64Array,
  { first, end }: { readonly first: number; readonly end: number },
  variances: Float64Array | null,
  out: PlasmonFit,
): PlasmonFit {
  const { logs, covariance } = out;
  begin(counts, energies, first, end, logs);
  out.converged = false;
  for (let step = 0; step < MOST_STEPS && !out.converged; step++) {
    gram.fill(0);
    right.fill(0);
    for (let i = first; i < end; i++) {
      plasmonAt(energies[i]!, logs, at);
      const model = at[0]!;
      const y = counts[i]!;
      const variance = variances === null ? model : (variances[i]! * model) / Math.max(y, model);
      const weight = 1 / Math.max(variance, Number.MIN_VALUE);
      for (let k = 0; k < 3; k++) {
        right[k]! += weight * at[k + 1]! * (y - model);
        for (let l = 0; l <= k; l++) gram[3 * k + l]! += weight * at[k + 1]! * at[l + 1]!;
      }
    }
    if (!invert(gram, covariance)) return out;
    let longest = 0;
    let moved = 0;
    for (let k = 0; k < 3; k++) {
      let move = 0;
      for (let l = 0; l < 3; l++) move += covariance[3 * k + l]! * right[l]!;
      longest = Math.max(longest, Math.abs(move));
      moved = Math.max(moved, (move * move) / covariance[4 * k]!);
      moves[k] = move;
    }
    if (!Number.isFinite(longest)) return out;
    // Steps of more than a fifth would leave where the model is straight.
    const damping = Math.min(1, 0.2 / longest);
    for (let k = 0; k < 3; k++) logs[k]! += damping * moves[k]!;
    out.converged = moved < AT_REST * AT_REST;
  }
  return out;
}

/** A first guess: the energy of the smoothed maximum. */
function begin(counts: Float64Array, energies: Float64Array, first: number, end: number, logs: Float64Array): void {
  let most = 0;
  let at = first;
  for (let i = first; i + SMOOTH <= end; i++) {
    let sum = 0;
    for (let k = 0; k < SMOOTH; k++) sum += counts[i + k]!;
    if (sum > most) {
      most = sum;
      at = i + Math.floor(SMOOTH / 2);
    }
  }
  if (!(most > 0)) throw refusal('NoSignalInWindow', `nothing above 0 in the channels ${first} to ${end - 1}`);
  logs[0] = Math.log((most / SMOOTH) * USUAL_WIDTH);
  logs[1] = Math.log(energies[at]!);
  logs[2] = Math.log(USUAL_WIDTH * energies[at]!);
}

/** Of a symmetric [3][3], its lower half given. @returns false when it has none. */
function invert(lower: Float64Array, out: Float64Array): boolean {
  const [a, , , b, c, , d, e, f] = lower as unknown as number[];
  const cofactors = [c! * f! - e! * e!, d! * e! - b! * f!, b! * e! - c! * d!] as const;
  const determinant = a! * cofactors[0] + b! * cofactors[1] + d! * cofactors[2];
  if (!(determinant > 0) || !Number.isFinite(determinant)) return false;
  out[0] = cofactors[0] / determinant;
  out[1] = out[3] = cofactors[1] / determinant;
  out[2] = out[6] = cofactors[2] / determinant;
  out[4] = (a! * f! - d! * d!) / determinant;
  out[5] = out[7] = (b! * d! - a! * e!) / determinant;
  out[8] = (a! * c! - b! * b!) / determinant;
  return true;
}
