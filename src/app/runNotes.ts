import type { RunNote } from '../model/runNote.ts';
import type { Sink } from '../model/sink.ts';
import type { StreamStatus } from '../model/status.ts';
import type { SlowSignals } from '../pipeline/slowSignals.ts';

type Account = Omit<StreamStatus, 'state' | 'framesPerSecond'>;

export interface RunNotesOptions {
  readonly sinks: readonly Sink[];
  /** How the streams stand. */
  accounts(): readonly Account[];
  /** The state of the monitor, between two frames. */
  checkpoint(): Extract<RunNote, { readonly type: 'checkpoint' }>;
}

/** What sinks that record a run are told beside its signals. */
export interface RunNotes {
  add(note: RunNote): void;
  /** Called between two frames: gives a checkpoint when a sink wants one. */
  afterFrame(): void;
  /** Tells the last losses and ends. */
  end(): void;
}

const LOSSES_MS = 1000;

/** Losses are told once a second at most, however many packets are refused. */
export function createRunNotes({ sinks, accounts, checkpoint }: RunNotesOptions): RunNotes {
  const takers = sinks.filter((sink) => sink.note !== undefined);
  const wanting = takers
    .filter(({ checkpointEvery = 0 }) => checkpointEvery > 0)
    .map((sink) => ({ sink, every: sink.checkpointEvery ?? 0, since: 0 }));
  const told = new Map<string, number>();

  const add = (note: RunNote): void => {
    for (const sink of takers) sink.note?.(note);
  };
  const tellLosses = (): void => {
    for (const account of accounts()) {
      const total = lossOf(account);
      if (total === (told.get(account.stream) ?? 0)) continue;
      told.set(account.stream, total);
      const { stream, lastTimeUs: timeUs, processedCount, mergedCount, lostCount, maskedCount, droppedCount } = account;
      add({ type: 'losses', stream, timeUs, processedCount, mergedCount, lostCount, maskedCount, droppedCount });
    }
  };
  const timer = takers.length === 0 ? undefined : setInterval(tellLosses, LOSSES_MS);
  timer?.unref();
  return {
    add,
    afterFrame() {
      for (const wish of wanting) {
        if (++wish.since < wish.every) continue;
        wish.since = 0;
        wish.sink.note?.(checkpoint());
      }
    },
    end() {
      clearInterval(timer);
      tellLosses();
    },
  };
}

/** The same slow signals; every sample that arrives is told. */
export const withNotes = (slowSignals: SlowSignals, notes: Pick<RunNotes, 'add'>): SlowSignals => ({
  ...slowSignals,
  add(sample) {
    slowSignals.add(sample);
    notes.add(sample);
  },
});

const lossOf = ({ mergedCount, lostCount, maskedCount, droppedCount }: Account): number =>
  Object.values(droppedCount).reduce((sum, count) => sum + count, mergedCount + lostCount + maskedCount);
