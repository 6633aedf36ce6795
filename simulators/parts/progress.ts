import type { EventSetting, FaultSetting } from '../scenarios/scenario.ts';

/** Progress of a chemical event in a frame, 0 to 1; `sinceEvent` counts frames from its start and may be negative. */
export function chemicalProgress(event: EventSetting, sinceEvent: number): number {
  if (event.cause !== 'chemistry') return 0;
  const rising = smoothStep((sinceEvent + 1) / event.frames);
  if (event.holdFrames === undefined) return rising;
  return rising - smoothStep((sinceEvent + 1 - event.frames - event.holdFrames) / event.frames);
}

/** Part of the sample changed by a dose: first order after an incubation dose. */
export function damageProgress(dose: number, incubation: number, critical: number): number {
  return 1 - Math.exp(-Math.max(0, dose - incubation) / critical);
}

const RAMP_S = 30;
const COOLING_S = 60;
const WARMING_S = 300;

/** Beam left by a trip that began `sinceS` seconds ago (negative: not yet) and lasts `tripS`. */
export function trippedBeam(sinceS: number, tripS: number): number {
  if (sinceS < 0) return 1;
  return Math.min(1, Math.max(0, (sinceS - tripS) / RAMP_S));
}

/** Axis shift, relative to its largest: the optics cool without beam and warm up again with it. */
export function shiftAfterTrip(sinceS: number, tripS: number): number {
  if (sinceS < 0) return 0;
  const cooled = 1 - Math.exp(-Math.min(sinceS, tripS) / COOLING_S);
  return cooled * Math.exp(-Math.max(0, sinceS - tripS) / WARMING_S);
}

const DECAY_S = 36_000;
const TOP_UP = 0.007;
const TOP_UP_S = 120;

/** Stored beam at `timeS`, refilled to 1 at `refillS` and topped up from then on. */
export function storedBeam(timeS: number, refillS: number): number {
  if (timeS < refillS) return Math.exp(-timeS / DECAY_S);
  return 1 - TOP_UP * (((timeS - refillS) / TOP_UP_S) % 1);
}

/** Factor of all beam faults of a scenario together. */
export function faultyBeam(faults: FaultSetting, timeS: number, onsetS: number): number {
  const since = timeS - onsetS;
  const tripped = faults.tripS === undefined ? 1 : trippedBeam(since, faults.tripS);
  const stored = faults.isRefilled === true ? storedBeam(timeS, onsetS) : 1;
  return tripped * stored * (since >= 0 ? (faults.overexposure ?? 1) : 1);
}

function smoothStep(x: number): number {
  const u = Math.min(1, Math.max(0, x));
  return u * u * (3 - 2 * u);
}
