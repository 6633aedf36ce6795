/**
 * Wavelength in vacuum of a line known in air (15 degrees Celsius, 101 325 Pa), to 1e-8.
 *
 * @param airNm - nanometres, 230 to 1 690.
 * @see Peck & Reeder, J. Opt. Soc. Am. 62 (1972) 958.
 * @example
 * vacuumWavelength(585.24879).toFixed(4); // => '585.4110'
 */
export function vacuumWavelength(airNm: number): number {
  const perMicron = 1e3 / airNm;
  const squared = perMicron * perMicron;
  const refractivity = 1e-8 * (5791817 / (238.0185 - squared) + 167909 / (57.362 - squared));
  return airNm * (1 + refractivity);
}

/**
 * Where a line of a lamp appears on the axis of a Raman spectrometer.
 *
 * @param airNm - wavelength of the line in air, nanometres.
 * @param laserNm - wavelength of the laser in vacuum, nanometres.
 * @returns Raman shift, 1/cm.
 */
export function ramanShiftOf(airNm: number, laserNm: number): number {
  return 1e7 / laserNm - 1e7 / vacuumWavelength(airNm);
}
