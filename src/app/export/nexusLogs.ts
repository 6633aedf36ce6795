import type { Group } from 'h5wasm/node';
import { createGrowingArray, type GrowingArray } from './growingArray.ts';
import { nexusName, nexusUnit } from './nexusNames.ts';
import { isoTime, secondsSince } from './target.ts';

/** Numbers on a clock of their own, each series as an NXlog in one group. */
export interface NexusLogs {
  add(name: string, unit: string | undefined, timeUs: number, value: number, error?: number): void;
  flush(): void;
  /** Values of series beyond the most that a file holds. */
  readonly leftOut: number;
}

interface Log {
  readonly group: Group;
  readonly time: GrowingArray;
  readonly value: GrowingArray;
  errors: GrowingArray | null;
}

/** Nothing is said of a unit that is not known. */
const unitsOf = (unit: string | undefined): Readonly<Record<string, string>> =>
  unit === undefined ? {} : { units: nexusUnit(unit) };

const MOST_LOGS = 2000;

/** @param groupOf - makes the group that holds them, when there is something to hold. */
export function createNexusLogs(groupOf: () => Group, startUs: number): NexusLogs {
  const logs = new Map<string, Log>();
  let parent: Group | null = null;
  let leftOut = 0;

  const open = (name: string, unit: string | undefined): Log => {
    parent ??= groupOf();
    const group = parent.create_group(nexusName(name));
    group.create_attribute('NX_class', 'NXlog');
    // A group of readings is a plot, too.
    group.create_attribute('signal', 'value');
    group.create_attribute('axes', ['time']);
    const column = (column: string, attributes: Readonly<Record<string, string>>): GrowingArray =>
      createGrowingArray(group, column, { rowShape: [], type: '<d', fill: NaN, attributes });
    const time = column('time', { units: 's', start: isoTime(startUs) });
    return { group, time, value: column('value', { ...unitsOf(unit), long_name: name }), errors: null };
  };
  return {
    add(name, unit, timeUs, value, error) {
      let log = logs.get(name);
      if (log === undefined) {
        if (logs.size >= MOST_LOGS) {
          leftOut++;
          return;
        }
        logs.set(name, (log = open(name, unit)));
      }
      if (error !== undefined && log.errors === null)
        log.errors = createGrowingArray(log.group, 'value_errors', {
          rowShape: [],
          type: '<d',
          fill: NaN,
          attributes: unitsOf(unit),
        });
      log.errors?.padTo(log.value.rowCount);
      log.time.push(secondsSince(startUs, timeUs));
      log.value.push(value);
      if (error !== undefined) log.errors?.push(error);
    },
    flush() {
      for (const { time, value, errors } of logs.values()) {
        errors?.padTo(value.rowCount);
        for (const array of [time, value, errors]) array?.flush();
      }
    },
    get leftOut() {
      return leftOut;
    },
  };
}
