/** Elementary charge, C; exact since 2019. */
const ELEMENTARY_CHARGE = 1.602176634e-19;

/** A raster of equally spaced points. */
export interface Raster {
  /** Points of one pass. */
  readonly points: number;
  /** From point to point, nm. */
  readonly stepNm: number;
  /** Diameter of the probe, nm. */
  readonly probeNm: number;
}

/**
 * Electron fluence of one exposure, current x time / (e x area).
 *
 * @param currentA - beam current, A; negative readings of an ammeter count as 0.
 * @param exposureUs - microseconds, >= 0.
 * @param areaNm2 - illuminated area, nm2, > 0.
 * @returns electrons per nm2.
 * @throws RangeError when the area is not positive, or current or exposure are not finite.
 * @example
 * electronFluence(1.602176634e-19, 1e6, 1); // => 1
 */
export function electronFluence(currentA: number, exposureUs: number, areaNm2: number): number {
  if (!(areaNm2 > 0)) throw new RangeError(`area is ${areaNm2} nm2, expected a positive number`);
  if (!Number.isFinite(currentA) || !Number.isFinite(exposureUs))
    throw new RangeError(`current ${currentA} A over ${exposureUs} us, expected finite numbers`);
  return (Math.max(0, currentA) * Math.max(0, exposureUs)) / (1e6 * ELEMENTARY_CHARGE * areaNm2);
}

/**
 * Area over which a raster spreads the electrons of one pass: that of the steps (the mean over the field, right too where
 * the probe is wider than a step and neighbours overlap), or that of the probe alone where the step is wider; the smaller,
 * for it has the larger fluence.
 *
 * @returns nm2: the fluence of a pass is current x dwell x points / (e x this), dwell being the time on one point.
 * @throws RangeError when a number is not positive, or points are not whole.
 */
export function rasterArea({ points, stepNm, probeNm }: Raster): number {
  if (!(Number.isInteger(points) && points > 0 && stepNm > 0 && probeNm > 0))
    throw new RangeError(
      `raster of ${points} points, step ${stepNm} nm, probe ${probeNm} nm: expected positive numbers`,
    );
  return points * Math.min(stepNm * stepNm, (Math.PI / 4) * probeNm * probeNm);
}

/**
 * Area that has the fluence at the peak of a resting Gaussian probe, 2 pi s^2.
 *
 * @param fwhmNm - full width at half maximum, nm, > 0.
 * @returns nm2: the peak fluence is N / this.
 * @throws RangeError when the width is not positive.
 */
export function gaussianProbeArea(fwhmNm: number): number {
  if (!(fwhmNm > 0)) throw new RangeError(`probe is ${fwhmNm} nm wide, expected a positive number`);
  return (Math.PI * fwhmNm * fwhmNm) / (4 * Math.LN2);
}
