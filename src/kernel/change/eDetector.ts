/** Evidence of a mixture e-detector, one number per ratio: plain data. */
export type EDetector = { evidence: Float64Array };

export const createEDetector = (ratios: number): EDetector => ({ evidence: new Float64Array(ratios) });

/** Beyond this an alarm is long over; it keeps the sums finite. */
const MOST = 1e280;

/**
 * Ratios of changes that take about 4^k frames to be certain of, k = 0 ... count - 1, on one side of a rate.
 *
 * @param rate - counts per frame, > 0.
 * @param runLength - frames between false alarms; a change is certain when its information reaches ln(runLength).
 * @param sign - +1 for rises, -1 for falls.
 */
export function eDetectorRatios(rate: number, runLength: number, sign: 1 | -1, count = 6): Float64Array {
  const ratios = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    const wanted = Math.log(runLength) / 4 ** k / rate;
    let [low, high] = sign > 0 ? [0, 60] : [-60, 0];
    for (let round = 0; round < 60; round++) {
      const log = 0.5 * (low + high);
      const ratio = Math.exp(log);
      // Information per expected count, r ln r - r + 1: grows away from r = 1.
      const isFar = ratio * log - ratio + 1 > wanted;
      if (isFar === sign > 0) high = log;
      else low = log;
    }
    ratios[k] = Math.exp(0.5 * (low + high));
  }
  return ratios;
}

/**
 * One step of a mixture of Shiryaev-Roberts e-detectors: M <- (1 + M) r^x exp(-b (r - 1)) for each ratio r, then their mean.
 *
 * An alarm at M >= A has an average run length of at least A, for any data whose mean given the past is not beyond the
 * expected one on the side of the ratios, without any calibration: M - t is a supermartingale.
 *
 * @param state - changed in place.
 * @param counts - of the frame, >= 0.
 * @param expected - counts while nothing changes, > 0.
 * @param ratios - [n] of {@link eDetectorRatios}; ratios of both sides may be mixed where the rate is known exactly.
 * @returns the mean of M over the ratios.
 * @see Shin, Ramdas, Rinaldo, E-detectors, New Engl. J. Stat. Data Sci. 2 (2024) 229.
 */
export function updateEDetector(
  { evidence }: EDetector,
  counts: number,
  expected: number,
  ratios: Float64Array,
): number {
  const n = ratios.length;
  let sum = 0;
  for (let k = 0; k < n; k++) {
    const ratio = ratios[k]!;
    const gain = Math.exp(counts * Math.log(ratio) - expected * (ratio - 1));
    evidence[k] = Math.min(MOST, (1 + evidence[k]!) * gain);
    sum += evidence[k]!;
  }
  return sum / n;
}
