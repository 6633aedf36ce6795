/**
 * Names of the readings of stages that keep an account of dose (`dose.fluence`, `dose.absorbed`, `dose.laser`,
 * `dose.counts`, `dose.exposureTime`). Once per frame, after it; in the unit of the account unless said.
 */
export const DOSE = {
  /** Received by the present area since its account was opened. Never decreases within one. */
  spent: 'dose',
  /** Of this frame's own exposure; `dose` grew by this and by what was delivered unseen before it. */
  ofFrame: 'doseFrame',
  /** The next frame will deliver at most this, as far as is known now. */
  next: 'doseNext',
  /** Per second, over the time since the frame before. */
  rate: 'doseRate',
  /** `dose` over its limit, unit 1. */
  fraction: 'doseFraction',
  /** `doseRate` over its limit, unit 1; only with a limit on the rate. */
  rateFraction: 'doseRateFraction',
  /** Beam time over its limit, unit 1; only with a limit on it. */
  timeFraction: 'doseTimeFraction',
  /** Time since the first charge over its limit, beam or no beam, unit 1; only with a limit on it. */
  clockFraction: 'doseClockFraction',
  /** Seconds to the limit at the present rate. */
  exhausted: 'doseExhausted',
  /** Frames to the limit at the dose of the next. */
  framesLeft: 'doseFramesLeft',
  /** Of all areas of the sample together. */
  ofSample: 'doseSample',
  /**
   * Time of the first charge of the present account (of the present field of a map: when it came there), microseconds since
   * 1970, unit us: a reset can never be read as a real zero. Until the first charge, the time of the frame. Comes first.
   */
  generation: 'doseGeneration',
} as const;

/** Names of the readings of `dose.response`. */
export const DAMAGE = {
  /** Damage fraction f, 0..1, and its 95 % interval. */
  fraction: 'damage',
  low: 'damageLow',
  high: 'damageHigh',
  /** Dose at which f reaches the tolerance, and its 95 % interval, if damage goes on as now; in the unit of the dose. */
  reach: 'damageDose',
  reachLow: 'damageDoseLow',
  reachHigh: 'damageDoseHigh',
  /** Characteristic dose De of f = 1 - exp(-D/De), and its 95 % interval. */
  characteristic: 'damageCharacteristicDose',
  characteristicLow: 'damageCharacteristicDoseLow',
  characteristicHigh: 'damageCharacteristicDoseHigh',
  /** P(f > tolerance) now and after the next frame, unit 1. */
  over: 'damageOver',
  overNext: 'damageOverNext',
  /** Z = tolerance sqrt(I1 N / 3): how well the tolerance can be told from nothing; below 4.3 the budget decides. */
  certifiability: 'damageZ',
  /** Counts per frame that would be needed to certify the sample, over the present ones, unit 1. */
  countsNeeded: 'damageCountsNeeded',
} as const;
