/** What was known at the frame before: plain data. Rates are dose per second under the beam. */
export type BeamState = {
  /** -1 before the first frame. */
  timeUs: number;
  /** Charged rate, and whether it was measured. */
  rate: number;
  wasMeasured: boolean;
  wasOn: boolean;
  /** Own exposure that was not charged because the beam was off at its start, microseconds. */
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
  /** Age of that knowledge, microseconds. */
  readonly beamAgeUs: number;
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
  /** False when a rate was charged that nobody measured. */
  isMeasured: boolean;
}

export const startBeam = (): BeamState => ({
  timeUs: -1,
  rate: 0,
  wasMeasured: false,
  wasOn: false,
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
  isMeasured: true,
});

/**
 * What to charge for a frame. Its own exposure at the rate measured at its start; what went before it unseen at the mean of
 * both ends. Where something is not known, the more: the maximum for a rate, 'on' for the beam, and at the edges of a shutter
 * the longer exposure.
 *
 * @param state - advanced in place.
 * @param out - refilled.
 */
export function beamCharge(state: BeamState, delivery: Delivery, out: BeamCharge): void {
  const { timeUs, exposureUs, unseenUs, rate: measured, isOff, beamAgeUs, lagUs } = delivery;
  const isMeasured = measured === measured;
  if (isMeasured) {
    state.highest = Math.max(state.highest, measured);
    if (measured > 0) state.usual = measured;
  }
  const maximum = Math.max(state.highest, delivery.maximum);
  const rate = isMeasured ? Math.max(0, measured) : maximum;
  const isFirst = state.timeUs < 0;

  out.ownUs = isOff ? 0 : exposureUs;
  out.own = out.ownUs * 1e-6 * rate;
  let unseenRate = rate;
  if (state.wasOn && isOff) unseenRate = state.rate;
  else if (state.wasOn)
    unseenRate = isMeasured && state.wasMeasured ? (state.rate + rate) / 2 : Math.max(state.rate, rate);
  const isUnseenOff = isOff && !state.wasOn;
  const unseen = isUnseenOff ? 0 : unseenUs * 1e-6 * unseenRate;
  // Seen on since before this frame began, so it opened in the last exposure, and nobody knows how early.
  const openedUs = !isOff && beamAgeUs > 0 ? state.sparedUs : 0;
  const closedUs = isOff && state.wasOn ? lagUs : 0;
  out.before = unseen + openedUs * 1e-6 * rate + closedUs * 1e-6 * state.rate;
  out.beforeUs = (isUnseenOff ? 0 : unseenUs) + openedUs + closedUs;

  const elapsedUs = Math.max(exposureUs + unseenUs, isFirst ? 0 : timeUs - state.timeUs);
  out.rate = elapsedUs > 0 ? (out.own + unseen) / (elapsedUs * 1e-6) : 0;
  out.nextRate = !isMeasured ? maximum : rate > 0 ? rate : state.usual > 0 ? state.usual : maximum;
  out.isMeasured = isMeasured || isOff;

  state.timeUs = Math.max(state.timeUs, timeUs);
  state.rate = rate;
  state.wasMeasured = isMeasured;
  state.wasOn = !isOff;
  state.sparedUs = isOff ? exposureUs : 0;
}
