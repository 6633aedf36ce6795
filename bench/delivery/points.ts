import { pid } from 'node:process';
import type { Reading } from '../../src/model/signal.ts';
import type { SinkSetting } from '../../src/model/sink.ts';

/** 2026-01-01T00:00:00Z, microseconds. */
const START_US = 1_767_225_600_000_000;
const STEP_US = 1000;

/** Reading `i`: its value is its number, its time stamp follows from it, as those of a replay do. */
export const readingOf = (i: number): Reading => ({
  type: 'reading',
  stream: 'xrd',
  seq: i,
  timeUs: START_US + i * STEP_US,
  stage: 'count',
  name: 'number',
  value: i,
  standardError: 0.5,
  unit: '1',
  quality: 'valid',
});

/** What a sink is told, and what it tells: the last word on its link, and what it lost by reason. */
export function listening(directory: string) {
  const heard = { state: '', detail: '', spoolBytes: 0, waiting: 0, dropped: {} as Record<string, number>, pid };
  const setting: SinkSetting = {
    id: 'influx',
    run: 'bench',
    instrument: 'bench',
    modality: 'xrd',
    resolvePath: (path) => `${directory}/${path}`,
    report: ({ state, detail }) => Object.assign(heard, { state, detail }),
    reportSpool: ({ bytes, waitingCount }) => Object.assign(heard, { spoolBytes: bytes, waiting: waitingCount }),
    countDropped: (reason, count) => void (heard.dropped[reason] = (heard.dropped[reason] ?? 0) + count),
  };
  return { setting, heard };
}
