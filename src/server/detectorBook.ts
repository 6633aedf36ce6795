import type { Reading } from '../model/signal.ts';
import type { DetectorState } from './protocol.ts';

/** What is shown of a detector beside its statistic, in this order. */
const ESTIMATES = [
  'gain',
  'shift',
  'slope',
  'broadening',
  'speed',
  'progress',
  'dispersion',
  'trim',
  'waiting',
  'frozen.evidence',
  'frozen.learning',
  'frozen.bound',
] as const;
const isEstimate = new Set<string>(ESTIMATES);
/** Said once, when it is learned, and true until it is learned anew. */
const LASTING = 'dispersion';
/** A reading that has not been repeated for so many frames is no longer the state of the detector. */
const OLD_FRAMES = 50;

/** The latest readings of every detector, by stage. Written on the hot path. */
export interface DetectorBook {
  /** Rises with every reading that is shown. */
  readonly version: number;
  read(reading: Reading): void;
  list(): DetectorState[];
}

export function createDetectorBook(): DetectorBook {
  const stages = new Map<string, Map<string, Reading>>();
  let version = 0;

  function stateOf(stage: string, latest: ReadonlyMap<string, Reading>): DetectorState[] {
    const newestSeq = Math.max(...[...latest.values()].map(({ seq }) => seq));
    const fresh = (name: string): Reading | null => {
      const reading = latest.get(name);
      return reading === undefined || newestSeq - reading.seq > OLD_FRAMES ? null : reading;
    };
    const learning = fresh('learning');
    const since = learning?.seq ?? -1;
    const spoken = (name: string) => {
      const reading = fresh(name);
      return reading === null || reading.seq <= since ? null : reading;
    };
    const statistic = spoken('statistic');
    const threshold = spoken('threshold');
    const isLearning = learning !== null && statistic === null && threshold === null;
    const estimates = ESTIMATES.flatMap((name) => {
      const reading = isLearning ? null : name === LASTING ? latest.get(name) : fresh(name);
      if (reading === null || reading === undefined) return [];
      return [{ name, value: reading.value, error: reading.standardError ?? null, unit: reading.unit }];
    });
    if (statistic === null && threshold === null && !isLearning && estimates.length === 0) return [];
    return [
      {
        stage,
        statistic: statistic?.value ?? null,
        threshold: threshold?.value ?? null,
        learning: isLearning ? learning.value : null,
        estimates,
      },
    ];
  }
  return {
    get version() {
      return version;
    },
    read(reading) {
      const { name, stage } = reading;
      if (reading.quality === 'invalid') return;
      if (name !== 'statistic' && name !== 'threshold' && name !== 'learning' && !isEstimate.has(name)) return;
      const latest = stages.get(stage) ?? new Map<string, Reading>();
      stages.set(stage, latest.set(name, reading));
      version++;
    },
    list: () => [...stages].flatMap(([stage, latest]) => stateOf(stage, latest)),
  };
}
