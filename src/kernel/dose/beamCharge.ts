/** What was known at the frame before: plain data. Rates are dose per second under the beam. */
export type BeamState = {
  /** -1 before the first frame. */
  timeUs: number;
  /** Charged rate, and whether it was measured. */
  rate: number;
  wasMeasured: boolean;
  wasOn: boolean;
  /** Own exposure, microseconds. */
  exposureUs: number;
  /** When the beam was last seen off; -1 before. */
  seenOffUs: number;
  /** Exposure since then that was not charged, microseconds. */
  sparedUs: number;
  /** Highest rate ever measured. */
  highest: number;
  /** Last rate above 0 that was measured; 0 before the first. */
  usual: number;
};

/** One frame. */
export interface Delivery {
  readonly timeUs: number;
  readonly exposureUs: number;
  /** Delivered since the frame before, microseconds. */
  readonly unseenUs: number;
  /** Dose per second measured at its start; NaN when unknown. */
  readonly rate: number;
  /** Dose per second to charge when unknown, unless more was measured ever. */
  readonly maximum: number;
  /** Whether the beam is known to be off at its start. */
  readonly isOff: boolean;
  /** Age of what is known of it, on or off, microseconds. */
  readonly ageUs: number;
  /** Whether the beam is on the sample between exposures as well. */
  readonly isLitBetween: boolean;
  /** What the beam goes on after it was seen off, microseconds. */
  readonly lagUs: number;
}

/** What a frame costs: an output, refilled. */
export interface BeamCharge {
  /** Dose of its own exposure. */
  own: number;
  ownUs: number;
  /** Dose of what was delivered since the frame before: unseen exposure, the edges of the shutter. */
  before: number;
  beforeUs: number;
  /** Dose per second, over the time since the frame before; without the edges. */
  rate: number;
  /** Dose per second while the beam is on, as the next exposure will be charged. */
  nextRate: number;
  /** Time under the beam since the exposure before, microseconds, if the beam was on: what comes with every exposure. */
  gapUs: number;
  /** False when a rate was charged that nobody measured. */
  isMeasured: boolean;
}

export const startBeam = (): BeamState => ({
  timeUs: -1,
  rate: 0,
  wasMeasured: false,
  wasOn: false,
  exposureUs: 0,
  seenOffUs: -1,
  sparedUs: 0,
  highest: 0,
  usual: 0,
});

export const emptyCharge = (): BeamCharge => ({
  own: 0,
  ownUs: 0,
  before: 0,
  beforeUs: 0,
  rate: 0,
  nextRate: 0,
  gapUs: 0,
  isMeasured: true,
});

/**
 * What to charge for a frame. Its own exposure at the rate measured at its start; what went before it unseen at the mean of
 * both ends. Where something is not known, the more: the maximum for a rate, 'on' for the beam, and at the edges of a shutter
 * the longer exposure: all since the beam was last seen off, unless that is known at the start of every frame.
 *
 * @param state - advanced in place.
 * @param out - refilled.
 */
export function beamCharge(state: BeamState, delivery: Delivery, out: BeamCharge): void {
  const { timeUs, exposureUs, rate: measured, isOff, ageUs, lagUs, isLitBetween } = delivery;
  const isMeasured = measured === measured;
  if (isMeasured) {
    state.highest = Math.max(state.highest, measured);
    if (measured > 0) state.usual = measured;
  }
  const maximum = Math.max(state.highest, delivery.maximum);
  const rate = isMeasured ? Math.max(0, measured) : maximum;
  const isFirst = state.timeUs < 0;
  const betweenUs = isFirst || !isLitBetween ? 0 : timeUs - state.timeUs - state.exposureUs;
  const unseenUs = Math.max(delivery.unseenUs, betweenUs);

  out.ownUs = isOff ? 0 : exposureUs;
  out.own = (out.ownUs * rate) / 1e6;
  let unseenRate = rate;
  if (state.wasOn && isOff) unseenRate = state.rate;
  else if (state.wasOn)
    unseenRate = isMeasured && state.wasMeasured ? (state.rate + rate) / 2 : Math.max(state.rate, rate);
  const litUs = isOff && !state.wasOn ? 0 : unseenUs;
  const unseen = (litUs * unseenRate) / 1e6;
  const isInStep = ageUs === 0 && state.seenOffUs === state.timeUs;
  const openedUs = isOff || isInStep ? 0 : state.sparedUs;
  const closedUs = isOff && state.wasOn ? lagUs : 0;
  out.before = unseen + (openedUs * rate) / 1e6 + (closedUs * state.rate) / 1e6;
  out.beforeUs = litUs + openedUs + closedUs;

  const elapsedUs = Math.max(exposureUs + unseenUs, isFirst ? 0 : timeUs - state.timeUs);
  out.rate = elapsedUs > 0 ? ((out.own + unseen) * 1e6) / elapsedUs : 0;
  out.nextRate = !isMeasured || (rate === 0 && state.usual === 0) ? maximum : rate > 0 ? rate : state.usual;
  out.gapUs = Math.max(0, betweenUs - delivery.unseenUs);
  out.isMeasured = isMeasured || isOff;

  if (isOff) {
    const isNews = timeUs - ageUs > state.seenOffUs;
    state.sparedUs = (isNews || state.wasOn ? 0 : state.sparedUs + unseenUs) + exposureUs;
    state.seenOffUs = Math.max(state.seenOffUs, timeUs - ageUs);
  } else state.sparedUs = 0;
  state.timeUs = Math.max(state.timeUs, timeUs);
  state.exposureUs = exposureUs;
  state.rate = rate;
  state.wasMeasured = isMeasured;
  state.wasOn = !isOff;
}
