import type { PlannedNode } from '../../config/plan.ts';
import type { Signal } from '../../model/signal.ts';

/** What one detector said of one stream, frame by frame, its learning left out. */
export interface Track {
  readonly detector: string;
  readonly stream: string;
  readonly statistics: number[];
  /** As long; the last known one where a detector says it once. */
  readonly thresholds: number[];
  /** First index of each stretch of frames. */
  readonly runs: number[];
  /** Frames with a detection. */
  detectionCount: number;
}

/** Listens to detectors. */
export interface TrackBook {
  hear(signal: Signal, from: string): void;
  /** Ends the stretch: the frames that follow have nothing to do with those before. */
  endRun(): void;
  /** Ends the last stretch. */
  tracks(): readonly Track[];
}

/** The frame a detector is at. */
interface Current {
  seq: number;
  own: number;
  watched: number;
  threshold: number;
  isLearning: boolean;
  isFound: boolean;
}

interface Watched {
  readonly track: Track;
  current: Current | null;
  startsRun: boolean;
  /** It says a statistic of its own: what it watches is none. */
  hasOwn: boolean;
}

const blank = (seq: number, threshold: number): Current => ({
  seq,
  own: NaN,
  watched: NaN,
  threshold,
  isLearning: false,
  isFound: false,
});

export function createTrackBook(detectors: readonly PlannedNode[]): TrackBook {
  const watched = new Map<string, Watched>();
  const entryOf = (detector: string, stream: string): Watched => {
    const key = `${detector}\n${stream}`;
    let entry = watched.get(key);
    if (entry === undefined) {
      const track = { detector, stream, statistics: [], thresholds: [], runs: [], detectionCount: 0 };
      watched.set(key, (entry = { track, current: null, startsRun: true, hasOwn: false }));
    }
    return entry;
  };
  const note = (detector: string, signal: Signal, take: (current: Current) => void): void => {
    const entry = entryOf(detector, signal.stream);
    if (entry.current?.seq !== signal.seq) {
      const threshold = entry.current?.threshold ?? NaN;
      finish(entry);
      entry.current = blank(signal.seq, threshold);
    }
    take(entry.current ?? blank(signal.seq, NaN));
  };
  return {
    hear(signal, from) {
      for (const { id, from: givers, with: settings } of detectors) {
        if (signal.type === 'detection' && from === id) note(id, signal, (current) => (current.isFound = true));
        if (signal.type !== 'reading' || signal.quality === 'invalid') continue;
        const { name, value } = signal;
        if (from === id && name === 'statistic') note(id, signal, (current) => (current.own = value));
        if (from === id && name === 'threshold') note(id, signal, (current) => (current.threshold = value));
        if (from === id && name === 'learning') note(id, signal, (current) => (current.isLearning = value < 1));
        if (givers.includes(from) && name === settings['reading'])
          note(id, signal, (current) => (current.watched = value));
      }
    },
    endRun() {
      for (const entry of watched.values()) {
        finish(entry);
        entry.current = null;
        entry.startsRun = true;
      }
    },
    tracks() {
      this.endRun();
      return [...watched.values()].map(({ track }) => track);
    },
  };
}

/** Enters the frame that is over, unless the detector was learning. */
function finish(entry: Watched): void {
  const { track, current } = entry;
  if (current === null) return;
  if (!Number.isNaN(current.own)) entry.hasOwn = true;
  const statistic = entry.hasOwn ? current.own : current.watched;
  if (current.isLearning || Number.isNaN(statistic) || Number.isNaN(current.threshold)) return;
  if (entry.startsRun) track.runs.push(track.statistics.length);
  entry.startsRun = false;
  track.statistics.push(statistic);
  track.thresholds.push(current.threshold);
  if (current.isFound) track.detectionCount++;
}
