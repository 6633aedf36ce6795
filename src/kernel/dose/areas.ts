import { charge, openAccount, spentOf, type Account } from './account.ts';

/** Areas kept apart. */
export const AREAS = 1024;

/** What one area of the sample has received. */
export type AreaAccount = {
  /** Its number, or the first coordinate of its centre; NaN where areas have no names. */
  x: number;
  y: number;
  dose: Account;
  /** Time under the beam, microseconds. */
  beam: Account;
  /** Time of the first charge, microseconds since 1970; -1 before it. */
  firstUs: number;
  /** Milestones spoken of: of the dose, of the beam time. */
  passedCount: number;
  passedTimeCount: number;
  passedClockCount: number;
  /** Part of the dose that may not be its own, because its account was taken over from another area. */
  inherited: number;
};

/** All areas of a sample: plain data. */
export type Areas = { list: AreaAccount[]; present: number };

const openArea = (x: number, y: number): AreaAccount => ({
  x,
  y,
  dose: openAccount(),
  beam: openAccount(),
  firstUs: -1,
  passedCount: 0,
  passedTimeCount: 0,
  passedClockCount: 0,
  inherited: 0,
});

/** A sample of which nobody has said yet where the beam is. */
export const openAreas = (): Areas => ({ list: [openArea(NaN, NaN)], present: 0 });

/**
 * Goes to an area, old or fresh. An unknown place is where the beam was before. What was charged before a place was ever
 * known is charged to the first one known.
 *
 * When {@link AREAS} are kept, a fresh area takes over the account that has received least: no area, gone or kept, is ever
 * shown with less than it received, and what may be too much stands in `inherited`.
 *
 * @param areas - changed in place.
 * @param x - number of the area, or a coordinate; NaN when unknown.
 * @param y - second coordinate; 0 where areas are numbered.
 * @param radius - farther from the centre of an area is another one, in the unit of the coordinates; 0 for numbers.
 * @returns the present account.
 * @see Metwally, Agrawal, El Abbadi, Proc. ICDT (2005) 398: the same rule for counting the most frequent items.
 */
export function moveTo(areas: Areas, x: number, y: number, radius: number): AreaAccount {
  const { list } = areas;
  const present = list[areas.present]!;
  if (x !== x || y !== y) return present;
  if (present.x !== present.x) {
    present.x = x;
    present.y = y;
    return present;
  }
  if (Math.hypot(present.x - x, present.y - y) <= radius) return present;
  let nearest = -1;
  let nearestDistance = radius;
  let least = 0;
  for (let k = 0; k < list.length; k++) {
    const distance = Math.hypot(list[k]!.x - x, list[k]!.y - y);
    if (distance <= nearestDistance) {
      nearest = k;
      nearestDistance = distance;
    }
    if (spentOf(list[k]!.dose) < spentOf(list[least]!.dose)) least = k;
  }
  if (nearest >= 0) areas.present = nearest;
  else if (list.length < AREAS) areas.present = list.push(openArea(x, y)) - 1;
  else {
    const taken = list[least]!;
    taken.x = x;
    taken.y = y;
    taken.inherited = spentOf(taken.dose);
    areas.present = least;
  }
  return list[areas.present]!;
}

/**
 * Charges an area.
 *
 * @param area - changed in place.
 * @param dose - in the unit of the account, >= 0.
 * @param beamUs - time under the beam, microseconds, >= 0.
 * @param timeUs - of the charge, microseconds since 1970.
 */
export function chargeArea(area: AreaAccount, dose: number, beamUs: number, timeUs: number): void {
  if (area.firstUs < 0 && (dose > 0 || beamUs > 0)) area.firstUs = timeUs;
  charge(area.dose, dose);
  charge(area.beam, beamUs);
}
