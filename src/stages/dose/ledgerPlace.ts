import { charge, spentOf, type Account } from '../../kernel/dose/account.ts';
import { chargeArea, moveTo, openAreas, type AreaAccount, type Areas } from '../../kernel/dose/areas.ts';
import type { BeamCharge } from '../../kernel/dose/beamCharge.ts';
import { chargeField, openMap, type ScanMap } from '../../kernel/dose/scanMap.ts';
import type { Frame } from '../../model/frame.ts';
import type { LedgerSettings } from './ledgerSettings.ts';
import { slowValue } from './slowValue.ts';

type AreaSettings = LedgerSettings['area'];
type MapSettings = Extract<AreaSettings, { map: unknown }>;

/** Where on the sample the beam is, and what was charged there. Areas have accounts; where there is a map, its cells have. */
export type Places = { areas: Areas; map: FieldMap | null };
type FieldMap = { cells: ScanMap; x: number; y: number; dose: number };

export const openPlaces = (area: AreaSettings): Places => ({
  areas: openAreas(),
  map: area !== undefined && 'map' in area ? { cells: openMap(area.map), x: NaN, y: NaN, dose: 0 } : null,
});

/** Dose of the present place. */
export const doseAt = ({ map }: Places, area: AreaAccount): number => (map === null ? spentOf(area.dose) : map.dose);

/** Charges the present place and the sample; returns the account of the place. */
export function chargePlace(
  places: Places,
  sample: Account,
  frame: Frame,
  settings: AreaSettings,
  { own, ownUs, before, beforeUs }: BeamCharge,
): AreaAccount {
  const { areas, map } = places;
  const previous = areas.list[areas.present]!;
  let area = previous;
  if (settings !== undefined && 'signal' in settings) area = moveTo(areas, slowValue(frame, settings.signal), 0, 0);
  else if (settings !== undefined && 'radius' in settings)
    area = moveTo(areas, slowValue(frame, settings.x), slowValue(frame, settings.y), settings.radius);
  else if (settings !== undefined && map !== null) chargeMap(map, area, frame, settings, before, own);
  // Nobody saw when in between the sample moved: either area may have received it.
  if (area !== previous) chargeArea(previous, before, beforeUs, frame.timeUs - beforeUs);
  chargeArea(area, before, beforeUs, frame.timeUs);
  chargeArea(area, own, ownUs, frame.timeUs);
  charge(sample, before);
  charge(sample, own);
  return area;
}

/** As `chargePlace`, cell by cell. A field that moved by less than a cell has not moved. */
function chargeMap(
  map: FieldMap,
  area: AreaAccount,
  frame: Frame,
  { x, y, field: [width, height], map: grid }: MapSettings,
  before: number,
  own: number,
): void {
  const atX = slowValue(frame, x);
  const atY = slowValue(frame, y);
  const isKnown = atX === atX && atY === atY;
  const wasKnown = map.x === map.x;
  const isStill = Math.max(Math.abs(atX - map.x), Math.abs(atY - map.y)) < grid.cell;
  let owed = before;
  if (isKnown && !isStill) {
    if (wasKnown) chargeField(map.cells, grid, { x: map.x, y: map.y, width, height }, before);
    else owed += spentOf(area.dose);
    map.x = atX;
    map.y = atY;
    area.firstUs = frame.timeUs;
    area.passedCount = 0;
  }
  if (map.x !== map.x) map.dose = spentOf(area.dose) + before + own;
  else {
    const here = { x: map.x, y: map.y, width, height };
    chargeField(map.cells, grid, here, owed);
    map.dose = chargeField(map.cells, grid, here, own);
  }
}
