import type { Reading } from '../model/signal.ts';
import type { FloorView } from './doseMessage.ts';

const NAME = /^floor\.(\d+)$/;
/** So many windows are shown at most. */
const MAX_FLOORS = 32;

/** The smallest change that would be found, by stage and window. Written on the hot path. */
export interface FloorBook {
  /** Returns whether the reading is one of a floor. */
  read(reading: Reading): boolean;
  list(): FloorView[];
}

interface Floor {
  readonly stage: string;
  readonly region: readonly [number, number] | null;
  readonly changes: Map<number, number>;
}

export function createFloorBook(): FloorBook {
  const floors: Floor[] = [];
  return {
    read({ stage, name, region, value, quality }) {
      if (!name.startsWith('floor.')) return false;
      const frames = Number(NAME.exec(name)?.[1] ?? Number.NaN);
      if (!(frames > 0)) return false;
      const isSame = (floor: Floor) =>
        floor.stage === stage && floor.region?.[0] === region?.[0] && floor.region?.[1] === region?.[1];
      let floor = floors.find(isSame);
      if (floor === undefined) {
        if (floors.length >= MAX_FLOORS) return false;
        floor = { stage, region: region ?? null, changes: new Map() };
        floors.push(floor);
      }
      if (quality === 'valid' && Number.isFinite(value)) floor.changes.set(frames, value);
      else floor.changes.delete(frames);
      return true;
    },
    list: () =>
      floors.map(({ stage, region, changes }) => ({
        stage,
        region,
        steps: [...changes].sort(([a], [b]) => a - b).map(([frames, change]) => ({ frames, change })),
      })),
  };
}
