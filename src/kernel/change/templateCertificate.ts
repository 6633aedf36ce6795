import { dot } from '../array/dot.ts';
import { gram, invertGram, multiply } from './gramInverse.ts';

/**
 * A certificate beside the likelihood test: for each peak, sign and amplitude the product over the channels of
 * (1 + a d_i)^(y_i) has expectation exactly 1 for every Poisson mean in the span of the nuisances, whatever their
 * amounts. Summed over all starts (Shiryaev-Roberts) and averaged over the peaks it is an e-detector: the mean time
 * until it reaches A is at least A on quiet data, without any calibration. It looks at channels pooled into bins.
 *
 * @see Shin, Ramdas and Rinaldo, E-detectors, New England J. Stat. Data Sci. 2 (2023) 229.
 */
export interface Certificate {
  /** Bins; 0 for no certificate. */
  readonly bins: number;
  /** [bins + 1] first channel of each bin. */
  readonly edges: Int32Array;
  /** Peak, sign and amplitude together, J. */
  readonly bets: number;
  /** [J] bin in which each bet has its peak. */
  readonly places: Int32Array;
  /** [J] sign of each bet. */
  readonly signs: Int8Array;
  /** [J * bins] logarithms of the factors of a count. */
  readonly logs: Float64Array;
  /** Width (FWHM) of the peaks, axis units. */
  readonly fwhm: number;
  readonly x: Float64Array;
  /** Room: [K][bins] nuisances, [K][bins] the same over the mean. */
  readonly nuisances: readonly Float64Array[];
  readonly weighted: readonly Float64Array[];
  /** [K * K], [K * K], [K], [K], [bins] */
  readonly room: {
    readonly gram: Float64Array;
    readonly inverse: Float64Array;
    readonly c: Float64Array;
    readonly scores: Float64Array;
    readonly d: Float64Array;
  };
}

const MOST_BINS = 48;
/** Information per frame of the bets, over the least that the reference supports. */
const AMPLITUDES = [1, 5];

export function createCertificate(
  x: Float64Array,
  K: number,
  fwhm: number,
  { noise, certified, up, down }: { noise: string; certified: boolean; up: boolean; down: boolean },
): Certificate {
  const n = x.length;
  const bins = certified && noise === 'counts' && n > 2 * K ? Math.min(MOST_BINS, n) : 0;
  const signs = [...(up ? [1] : []), ...(down ? [-1] : [])];
  const places: number[] = [];
  const betSigns: number[] = [];
  for (let b = 0; b < bins; b += 2)
    for (const sign of signs)
      for (let a = 0; a < AMPLITUDES.length; a++) {
        places.push(b);
        betSigns.push(sign);
      }
  const rows = () => Array.from({ length: K }, () => new Float64Array(bins));
  return {
    bins,
    edges: Int32Array.from({ length: bins + 1 }, (_, b) => Math.round((b * n) / Math.max(bins, 1))),
    bets: places.length,
    places: Int32Array.from(places),
    signs: Int8Array.from(betSigns),
    logs: new Float64Array(places.length * bins),
    fwhm,
    x,
    nuisances: rows(),
    weighted: rows(),
    room: {
      gram: new Float64Array(K * K),
      inverse: new Float64Array(K * K),
      c: new Float64Array(K),
      scores: new Float64Array(K),
      d: new Float64Array(bins),
    },
  };
}

/**
 * Lays the bets.
 *
 * @param directions - [K][n] directions of drift, the first the expected counts.
 * @param shift - of the axis, its units.
 * @param least - information per frame of the weakest bet, nats: what `frames / 10` frames of it may sum to must reach
 *   the threshold, or the reference is not known well enough to bet on so little.
 */
export function layCertificate(
  certificate: Certificate,
  directions: readonly Float64Array[],
  shift: number,
  least: number,
): void {
  const { bins, edges, bets, places, signs, logs, fwhm, x, nuisances, weighted, room } = certificate;
  const { inverse, c, scores, d } = room;
  const K = directions.length;
  for (let k = 0; k < K; k++)
    for (let b = 0; b < bins; b++) {
      let sum = 0;
      for (let i = edges[b]!; i < edges[b + 1]!; i++) sum += directions[k]![i]!;
      nuisances[k]![b] = sum;
    }
  const mean = nuisances[0]!;
  const floor = 1e-6 * Math.max(...mean, 1e-300);
  for (let b = 0; b < bins; b++) mean[b] = Math.max(mean[b]!, floor);
  for (let k = 0; k < K; k++) for (let b = 0; b < bins; b++) weighted[k]![b] = nuisances[k]![b]! / mean[b]!;
  invertGram(gram(nuisances, weighted, room.gram), K, inverse, c);
  for (let j = 0; j < bets; j++) {
    const sign = signs[j]!;
    if (j % AMPLITUDES.length === 0) layDirection(places[j]!);
    let information = 0;
    let most = 0;
    for (let b = 0; b < bins; b++) {
      information += 0.5 * d[b]! * d[b]! * mean[b]!;
      most = Math.max(most, -sign * d[b]!);
    }
    const amplitude = Math.sqrt((least * AMPLITUDES[j % AMPLITUDES.length]!) / Math.max(information, 1e-300));
    const a = sign * Math.min(amplitude, most > 0 ? 0.9 / most : Infinity);
    for (let b = 0; b < bins; b++) logs[j * bins + b] = information > 0 ? Math.log1p(a * d[b]!) : 0;
  }

  function layDirection(place: number): void {
    const centre = 0.5 * (x[edges[place]!]! + x[edges[place + 1]! - 1]!) + shift;
    const sigma = fwhm / Math.sqrt(8 * Math.log(2));
    for (let b = 0; b < bins; b++) {
      let sum = 0;
      for (let i = edges[b]!; i < edges[b + 1]!; i++) {
        const u = (x[i]! + shift - centre) / sigma;
        if (u > -4 && u < 4) sum += Math.exp(-0.5 * u * u);
      }
      d[b] = sum / mean[b]!;
    }
    for (let l = 0; l < K; l++) scores[l] = dot(d, nuisances[l]!);
    multiply(inverse, scores, c);
    for (let b = 0; b < bins; b++) for (let k = 0; k < K; k++) d[b]! -= c[k]! * weighted[k]![b]!;
  }
}
