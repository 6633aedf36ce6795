import { openRecording } from '../recording/reader.ts';

/** Frames of a stream that are looked at. */
const ENOUGH = 200;

/** Median time between frames of each stream of a recording, microseconds. @throws MonitorError RECORDING when there is none. */
export function measuredPeriods(directory: string): ReadonlyMap<string, number> {
  const times = new Map<string, number[]>();
  for (const item of openRecording(directory).items()) {
    if (item.type !== 'frame') continue;
    const list = times.get(item.stream) ?? [];
    times.set(item.stream, list);
    list.push(item.timeUs);
    if ([...times.values()].every(({ length }) => length > ENOUGH)) break;
  }
  return new Map(
    [...times].flatMap(([stream, list]) => {
      const steps = list.slice(1).map((timeUs, i) => timeUs - (list[i] ?? timeUs));
      const middle = steps.sort((a, b) => a - b)[steps.length >> 1];
      return middle === undefined ? [] : [[stream, middle] as const];
    }),
  );
}
