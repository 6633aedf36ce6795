/** Why a frame was not processed. */
export type DropReason =
  | 'overflow'
  | 'truncated'
  | 'garbage'
  | 'notFinite'
  | 'negative'
  | 'length'
  | 'layout'
  | 'noise'
  | 'outOfOrder'
  | 'duplicate'
  | 'clock'
  | 'tooLarge'
  | 'failed';

/** The account of one stream since its start: received = processed + merged + dropped + waiting, exactly. */
export interface StreamStatus {
  readonly stream: string;
  readonly state: 'waiting' | 'live' | 'stale' | 'ended';
  readonly lastSeq: number | null;
  readonly lastTimeUs: number | null;
  readonly receivedCount: number;
  readonly processedCount: number;
  readonly mergedCount: number;
  readonly waitingCount: number;
  readonly droppedCount: Readonly<Partial<Record<DropReason, number>>>;
  /** Gaps in the source's own numbers: frames that never arrived. */
  readonly lostCount: number;
  /** Frames with masked (non-finite or negative) channels. */
  readonly maskedCount: number;
  /** Counters that began anew: a restarted source, or a counter that came to its end. */
  readonly restartCount: number;
  /** Frames that are earlier than one before them, or that follow frames from a wrong year. */
  readonly suspiciousClockCount: number;
  /** Changes of layout after the first frame; each restarts the stages of the stream. */
  readonly layoutChangeCount: number;
  readonly framesPerSecond: number;
  /** Declared, else measured; null before two frames. */
  readonly framePeriodUs: number | null;
}

/** The state of a source's or sink's link to the outside. */
export interface LinkHealth {
  readonly id: string;
  readonly role: 'source' | 'sink' | 'monitor';
  readonly state: 'ok' | 'connecting' | 'down' | 'ended';
  /** One sentence for a person; empty when all is well. */
  readonly detail: string;
  /** What could not be delivered, by reason. */
  readonly droppedCount?: Readonly<Record<string, number>> | undefined;
  /** What waits on disk for it; absent where nothing does. */
  readonly spool?: SpoolStatus | undefined;
}

/** What waits on disk for a place that is away. */
export interface SpoolStatus {
  readonly waitingCount: number;
  /** On disk, delivered parts of the files included. */
  readonly bytes: number;
  /** At which the oldest, or the newest, are given up. */
  readonly capBytes: number;
  /** When the oldest of what waits was taken in, milliseconds since 1970, to the nearest segment; null when nothing waits. */
  readonly oldestMs: number | null;
  /** Why the disk takes nothing at the moment; empty when it does. */
  readonly trouble: string;
}

/** Work done by one node of the graph. */
export interface NodeStatus {
  readonly id: string;
  readonly kind: string;
  readonly inCount: number;
  readonly outCount: number;
  /** Time in the node itself, without those behind it, microseconds. */
  readonly totalUs: number;
  readonly errorCount: number;
}

export interface MonitorStatus {
  readonly mode: 'live' | 'replay';
  /** Of a replay: 1 is real time, Infinity as fast as it goes. */
  readonly speed: number;
  readonly run: string;
  readonly instrument: string;
  readonly modality: string;
  readonly streams: readonly StreamStatus[];
  readonly links: readonly LinkHealth[];
  readonly nodes: readonly NodeStatus[];
}
