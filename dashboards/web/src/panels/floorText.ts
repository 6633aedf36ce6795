import type { FloorView } from '../../../../src/server/protocol.ts';
import { percent, signedPercent } from '../format.ts';
import type { Model } from '../model.ts';
import { digitsFor, plainWords, rangeText, withUnit } from '../units.ts';

/** `could see: +26 % in 1 frame, 8.9 % in 8, 3.1 % in 64`. Empty where nothing is told. */
export function floorText(model: Model, floor: FloorView | null): string {
  if (floor === null) return '';
  const place = placeText(model, floor);
  if (floor.steps.length === 0) return `could see${place}: not known, no signal stands out`;
  const sign = floor.isLoss ? -1 : 1;
  const steps = floor.steps.map(({ frames, change }, k) =>
    k === 0
      ? `${signedPercent(100 * sign * change)} in ${frames}\u00a0${frames === 1 ? 'frame' : 'frames'}`
      : `${percent(100 * change)} in ${frames}`,
  );
  return `could see${place}: ${steps.join(', ')}`;
}

/** ` at 20–28°`, where there are several regions. */
function placeText({ dose, layout }: Model, { name, region }: FloorView): string {
  if (dose.floors.filter(({ isLoss }) => !isLoss).length < 2) return '';
  if (region === null || layout === null) return name === null ? '' : ` ${plainWords(name)}`;
  const [from, to] = region;
  return ` at ${withUnit(rangeText(from, to, digitsFor(to - from)), layout.axisUnit)}`;
}

/** The floor of the region that most overlaps one; of the first region where none does. */
export function floorFor({ dose }: Model, region: readonly [number, number] | null, isLoss = false): FloorView | null {
  const sameSign = dose.floors.filter((floor) => floor.isLoss === isLoss);
  const known = sameSign.length > 0 ? sameSign : dose.floors.filter((floor) => !floor.isLoss);
  const overlap = (floor: FloorView) =>
    region === null || floor.region === null
      ? 0
      : Math.min(region[1], floor.region[1]) - Math.max(region[0], floor.region[0]);
  return known.reduce<FloorView | null>(
    (best, floor) => (best === null || overlap(floor) > overlap(best) ? floor : best),
    null,
  );
}
