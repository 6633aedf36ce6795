const GAS_CONSTANT = 8.31446261815324;

/** An Avrami transformation with an Arrhenius rate. */
export interface AvramiSetting {
  /** 1/s. */
  readonly rate: number;
  /** J/mol. */
  readonly activation: number;
  readonly exponent: number;
}

/** Amorphous TiO2 to anatase; half changed at 699 K when heated by 0.5 K/s. Representative. */
export const CRYSTALLISATION: AvramiSetting = { rate: 2.26e9, activation: 150e3, exponent: 1 };
/** Anatase to rutile; half changed at 1113 K when heated by 0.5 K/s. Representative. */
export const RUTILE_FORMATION: AvramiSetting = { rate: 7.7e18, activation: 440e3, exponent: 1.5 };

/** What `dtS` seconds at `temperature` K (of the middle of the step) add to the reduced time u. */
export function reducedTime(setting: AvramiSetting, temperature: number, dtS: number): number {
  return setting.rate * Math.exp(-setting.activation / (GAS_CONSTANT * temperature)) * dtS;
}

/** Fraction transformed at reduced time u: 1 - exp(-u^n). */
export function avramiFraction(setting: AvramiSetting, u: number): number {
  return 1 - Math.exp(-(u ** setting.exponent));
}

/** Coarsening of anatase: L^4 grows by rate exp(-Eg/RT) per second, nm^4; 14 nm at 823 K and 45 nm at 1173 K when heated by 0.5 K/s. */
const COARSENING: AvramiSetting = { rate: 3.9e8, activation: 97.7e3, exponent: 1 };

/** Crystallite size, nm, after `dtS` seconds at `temperature` K. */
export function grownSize(size: number, temperature: number, dtS: number): number {
  return (size ** 4 + reducedTime(COARSENING, temperature, dtS)) ** 0.25;
}
