/**
 * Area on which a uniform beam would be as strong as a Gaussian one at its peak, pi w^2 / 2: the peak fluence is 2E / (pi w^2).
 *
 * @param waist - radius at which the irradiance has fallen to 1/e^2, > 0, any unit.
 * @returns in that unit squared.
 * @throws RangeError when the radius is not positive.
 */
export function gaussianSpotArea(waist: number): number {
  if (!(waist > 0)) throw new RangeError(`1/e2 radius is ${waist}, expected a positive number`);
  return (Math.PI * waist * waist) / 2;
}

/**
 * Fluence of a laser, continuous or of pulses: power x time / area. Of pulses, power is repetition rate x energy.
 *
 * @param powerW - mean power, W, >= 0.
 * @param exposureUs - microseconds, >= 0.
 * @param areaCm2 - cm2, > 0.
 * @returns J/cm2.
 * @throws RangeError when the area is not positive, or another number negative or not finite.
 * @example
 * laserFluence(1e-3, 1e6, 1e-6); // => 1000
 */
export function laserFluence(powerW: number, exposureUs: number, areaCm2: number): number {
  if (!(areaCm2 > 0)) throw new RangeError(`area is ${areaCm2} cm2, expected a positive number`);
  if (!(powerW >= 0 && powerW < Infinity && exposureUs >= 0 && exposureUs < Infinity))
    throw new RangeError(`power ${powerW} W over ${exposureUs} us, expected finite numbers from 0`);
  return (powerW * exposureUs) / (1e6 * areaCm2);
}

/**
 * Irradiance while the light is on: what damage that is not linear goes by. Of pulses, the mean over their duration.
 *
 * @param powerW - of a continuous laser; of pulses, energy over duration, W.
 * @param areaCm2 - cm2, > 0.
 * @returns W/cm2.
 * @throws RangeError when the area is not positive.
 */
export function peakIrradiance(powerW: number, areaCm2: number): number {
  if (!(areaCm2 > 0)) throw new RangeError(`area is ${areaCm2} cm2, expected a positive number`);
  return powerW / areaCm2;
}
