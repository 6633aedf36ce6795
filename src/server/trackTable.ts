import { isOperatorAct } from '../model/operatorAct.ts';
import type { Reading } from '../model/signal.ts';
import type { DetectorView, TrackInfo } from './protocol.ts';
import { MAX_TRACKS } from './rowHistory.ts';

/** Minimum and maximum per row of what runs beside the waterfall. Written on the hot path. */
export interface TrackTable {
  readonly infos: readonly TrackInfo[];
  /** Raised when a track appears. */
  readonly version: number;
  /** [2 MAX_TRACKS] of the open row. */
  readonly bounds: Float64Array;
  read(reading: Reading): void;
  readContext(context: Readonly<Record<string, number>>): void;
  clearRow(): void;
  detectors(): DetectorView[];
  isDetector(stage: string): boolean;
  /** Highest statistic over threshold of the open row; NaN when nothing was said. */
  highest(): number;
  /** Column of a slow signal; -1 when it has none. */
  contextColumn(name: string): number;
}

const UNSEEN = -2;

interface Detector {
  readonly stage: string;
  /** UNSEEN until statistic and threshold have both been told of one frame. */
  column: number;
  statistic: number;
  statisticSeq: number;
  threshold: number;
  thresholdSeq: number;
}

export function createTrackTable(unitOfContext: (name: string) => string): TrackTable {
  const infos: TrackInfo[] = [];
  const bounds = new Float64Array(2 * MAX_TRACKS).fill(Number.NaN);
  const detectors = new Map<string, Detector>();
  const gains = new Map<string, number>();
  const shifts = new Map<string, number>();
  const contexts = new Map<string, number>();

  function add(info: TrackInfo): number {
    if (infos.length >= MAX_TRACKS) return -1;
    return infos.push(info) - 1;
  }
  function fold(column: number, value: number): void {
    if (column < 0) return;
    const low = 2 * column;
    if (!(bounds[low]! <= value)) bounds[low] = value;
    if (!(bounds[low + 1]! >= value)) bounds[low + 1] = value;
  }
  function detectorOf(stage: string): Detector {
    let found = detectors.get(stage);
    if (found === undefined) {
      found = {
        stage,
        column: UNSEEN,
        statistic: Number.NaN,
        statisticSeq: -1,
        threshold: Number.NaN,
        thresholdSeq: -1,
      };
      detectors.set(stage, found);
    }
    return found;
  }
  function foldRatio(detector: Detector): void {
    if (detector.column === UNSEEN) detector.column = add({ kind: 'statistic', name: detector.stage, unit: '1' });
    fold(detector.column, detector.statistic / detector.threshold);
  }
  function columnOf(columns: Map<string, number>, kind: TrackInfo['kind'], name: string, unit: string): number {
    let column = columns.get(name);
    if (column === undefined) columns.set(name, (column = add({ kind, name, unit })));
    return column;
  }

  return {
    infos,
    get version() {
      return infos.length;
    },
    bounds,
    read(reading) {
      if (reading.quality === 'invalid') return;
      if (reading.name === 'statistic') {
        const detector = detectorOf(reading.stage);
        detector.statistic = reading.value;
        detector.statisticSeq = reading.seq;
        if (detector.thresholdSeq === reading.seq) foldRatio(detector);
      } else if (reading.name === 'threshold') {
        const detector = detectorOf(reading.stage);
        detector.threshold = reading.value;
        detector.thresholdSeq = reading.seq;
        if (detector.statisticSeq === reading.seq) foldRatio(detector);
      } else if (reading.name === 'gain') fold(columnOf(gains, 'gain', reading.stage, reading.unit), reading.value);
      else if (reading.name === 'shift') fold(columnOf(shifts, 'shift', reading.stage, reading.unit), reading.value);
    },
    readContext(context) {
      for (const name in context) {
        if (isOperatorAct(name)) continue;
        const column = contexts.get(name) ?? columnOf(contexts, 'context', name, unitOfContext(name));
        fold(column, context[name]!);
      }
    },
    clearRow() {
      bounds.fill(Number.NaN);
    },
    detectors: () =>
      [...detectors].flatMap(([stage, { statistic, threshold }]) =>
        Number.isFinite(statistic / threshold) ? [{ stage, statistic, threshold }] : [],
      ),
    isDetector: (stage) => detectors.has(stage),
    highest() {
      let highest = Number.NaN;
      for (const { column } of detectors.values()) {
        const value = column < 0 ? Number.NaN : bounds[2 * column + 1]!;
        if (!(highest >= value)) highest = value === value ? value : highest;
      }
      return highest;
    },
    contextColumn: (name) => contexts.get(name) ?? -1,
  };
}
