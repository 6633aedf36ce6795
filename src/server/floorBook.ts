import type { Reading } from '../model/signal.ts';
import type { FloorView } from './doseMessage.ts';

/** As `dose.floor` names them: 'floor.8', 'floorLoss.8.oxide'. */
const NAME = /^floor(Loss)?\.(\d+)(?:\.(.+))?$/;
/** So many regions are shown at most. */
const MAX_FLOORS = 32;

/** The smallest change that would be found, by stage and region. Written on the hot path. */
export interface FloorBook {
  /** Returns whether the reading is one of a floor. */
  read(reading: Reading): boolean;
  list(): FloorView[];
}

interface Floor extends Pick<FloorView, 'stage' | 'name' | 'isLoss'> {
  region: FloorView['region'];
  readonly changes: Map<number, number>;
}

export function createFloorBook(): FloorBook {
  /** By stage and name of the reading, for a name is taken apart once only. */
  const places = new Map<string, { floor: Floor; frames: number } | null>();
  const floors: Floor[] = [];

  function placeOf(stage: string, name: string): { floor: Floor; frames: number } | null {
    const [, loss, frames, window] = NAME.exec(name) ?? [];
    if (frames === undefined) return null;
    const found = { stage, name: window ?? null, isLoss: loss !== undefined };
    let floor = floors.find((each) => each.stage === stage && each.name === found.name && each.isLoss === found.isLoss);
    if (floor === undefined) {
      if (floors.length >= MAX_FLOORS) return null;
      floor = { ...found, region: null, changes: new Map() };
      floors.push(floor);
    }
    return { floor, frames: Number(frames) };
  }
  return {
    read({ stage, name, region, value, quality }) {
      if (!name.startsWith('floor')) return false;
      const key = `${stage} ${name}`;
      let place = places.get(key);
      if (place === undefined) places.set(key, (place = placeOf(stage, name)));
      if (place === null) return false;
      place.floor.region = region ?? null;
      if (quality === 'valid' && Number.isFinite(value)) place.floor.changes.set(place.frames, value);
      else place.floor.changes.delete(place.frames);
      return true;
    },
    list: () =>
      floors.map(({ changes, ...floor }) => ({
        ...floor,
        steps: [...changes].sort(([a], [b]) => a - b).map(([frames, change]) => ({ frames, change })),
      })),
  };
}
