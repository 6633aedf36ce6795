/** Plasmon energy and damping, eV. */
const PLASMON = 23.5;
const DAMPING = 12;

/** Scattering orders kept: exp(-tau) tau^9 / 9! is below 1e-6 for tau < 1. */
export const HIGHEST_ORDER = 8;

/**
 * Drude-shaped single scattering, convolved with itself: order n is the energy loss of electrons scattered n times.
 * @param step eV per sample
 * @param samples length kept of each convolution
 * @returns [HIGHEST_ORDER + 1][samples]; order 0 is a one at zero loss, order 1 adds up to 1
 */
export function scatteringOrders(step: number, samples: number): Float64Array[] {
  const none = new Float64Array(samples);
  none[0] = 1;
  const single = new Float64Array(samples);
  let sum = 0;
  for (let j = 1; j < samples; j++) {
    const energy = j * step;
    const mismatch = energy * energy - PLASMON * PLASMON;
    single[j] = (energy * DAMPING * PLASMON * PLASMON) / (mismatch * mismatch + (energy * DAMPING) ** 2);
    sum += single[j];
  }
  for (let j = 1; j < samples; j++) single[j] /= sum;
  const orders = [none, single];
  for (let n = 2; n <= HIGHEST_ORDER; n++) orders.push(convolve(orders[n - 1], single));
  return orders;
}

/** Poisson weights exp(-tau) tau^n / n! of the orders, for thickness `tau` in mean free paths. */
export function orderWeights(tau: number, out = new Float64Array(HIGHEST_ORDER + 1)): Float64Array {
  out[0] = Math.exp(-tau);
  for (let n = 1; n <= HIGHEST_ORDER; n++) out[n] = (out[n - 1] * tau) / n;
  return out;
}

function convolve(a: Float64Array, b: Float64Array) {
  const out = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) {
    const ai = a[i];
    if (ai !== 0) for (let j = 0; j < a.length - i; j++) out[i + j] += ai * b[j];
  }
  return out;
}
