import { droppedWords, unusualWords } from '../model/accountWords.ts';
import type { Frame } from '../model/frame.ts';
import { isOperatorAct } from '../model/operatorAct.ts';
import { freshnessOf } from './freshness.ts';
import type { ContextView, StatusMessage } from './protocol.ts';
import { shedCountOf, type StatusView } from './statusView.ts';
import type { TrackTable } from './trackTable.ts';

/** A slow signal older than this, and than five frames, is shown as old, microseconds. */
const CONTEXT_STALE_US = 10e6;

/** When frames came and which: what freshness is judged by. Written on the hot path. */
export interface Pulse {
  readonly stream: string;
  readonly startedMs: number;
  readonly lastArrivalMs: number | null;
  readonly lastSeq: number | null;
  readonly lastTimeUs: number | null;
  readonly lostCount: number;
  /** Measured between time stamps, smoothed; null before two frames. */
  readonly periodUs: number | null;
  readonly watchedSince: { readonly timeUs: number; readonly seq: number } | null;
  readonly context: Readonly<Record<string, number>>;
  readonly contextAgeUs: Readonly<Record<string, number>>;
  beat(frame: Frame, nowMs: number): void;
  /** A detector or a reference spoke for the first time. */
  watch(signal: { readonly timeUs: number; readonly seq: number }): void;
}

export function createPulse(now: () => number): Pulse {
  let stream = '';
  let lastArrivalMs: number | null = null;
  let lastSeq: number | null = null;
  let lastTimeUs: number | null = null;
  let lostCount = 0;
  let periodUs: number | null = null;
  let watchedSince: Pulse['watchedSince'] = null;
  const context: Record<string, number> = {};
  const contextAgeUs: Record<string, number> = {};
  const startedMs = now();
  return {
    startedMs,
    get stream() {
      return stream;
    },
    get lastArrivalMs() {
      return lastArrivalMs;
    },
    get lastSeq() {
      return lastSeq;
    },
    get lastTimeUs() {
      return lastTimeUs;
    },
    get lostCount() {
      return lostCount;
    },
    get periodUs() {
      return periodUs;
    },
    get watchedSince() {
      return watchedSince;
    },
    context,
    contextAgeUs,
    beat(frame, nowMs) {
      stream = frame.stream;
      if (lastSeq !== null && lastTimeUs !== null && frame.seq > lastSeq) {
        lostCount += frame.seq - lastSeq - 1;
        const stepUs = (frame.timeUs - lastTimeUs) / (frame.seq - lastSeq);
        if (stepUs > 0) periodUs = periodUs === null ? stepUs : periodUs + 0.1 * (stepUs - periodUs);
      }
      lastSeq = frame.seq;
      lastTimeUs = frame.timeUs;
      lastArrivalMs = nowMs;
      for (const name in frame.context) {
        if (isOperatorAct(name)) continue;
        context[name] = frame.context[name]!;
        contextAgeUs[name] = frame.contextAgeUs[name] ?? 0;
      }
    },
    watch(signal) {
      watchedSince ??= { timeUs: signal.timeUs, seq: signal.seq };
    },
  };
}

export interface StatusParts {
  readonly pulse: Pulse;
  readonly statusView: StatusView;
  readonly tracks: TrackTable;
  readonly nowMs: number;
}

/** The heartbeat. */
export function composeStatus({ pulse, statusView, tracks, nowMs }: StatusParts): StatusMessage {
  const monitor = statusView.latest;
  const stream = statusView.stream(pulse.stream);
  const framePeriodUs = stream?.framePeriodUs ?? pulse.periodUs;
  const mode = monitor?.mode ?? 'live';
  const speed = monitor?.speed ?? 1;
  const freshness = freshnessOf({
    nowMs,
    lastArrivalMs: pulse.lastArrivalMs,
    framePeriodUs,
    mode,
    hasEnded: stream?.state === 'ended',
  });
  return {
    type: 'status',
    ...freshness,
    mode,
    speed: Number.isFinite(speed) ? speed : null,
    listeningMs: nowMs - pulse.startedMs,
    stream: pulse.stream || (stream?.stream ?? ''),
    lastSeq: pulse.lastSeq,
    lastTimeUs: pulse.lastTimeUs,
    framePeriodUs,
    framesPerSecond: freshness.state === 'stale' ? 0 : (stream?.framesPerSecond ?? rateOf(pulse.periodUs)),
    lostCount: stream?.lostCount ?? pulse.lostCount,
    shedCount: stream === null ? 0 : shedCountOf(stream),
    arrivals: stream === null ? [] : [...droppedWords(stream), ...unusualWords(stream)],
    links: statusView.links(nowMs),
    watch:
      pulse.watchedSince === null
        ? null
        : {
            sinceUs: pulse.watchedSince.timeUs,
            sinceSeq: pulse.watchedSince.seq,
            detectors: tracks.detectors(),
          },
    context: contextOf(pulse, tracks, framePeriodUs),
  };
}

function rateOf(periodUs: number | null): number {
  return periodUs === null ? 0 : 1e6 / periodUs;
}

function contextOf(pulse: Pulse, tracks: TrackTable, framePeriodUs: number | null): ContextView[] {
  const limitUs = Math.max(CONTEXT_STALE_US, 5 * (framePeriodUs ?? 0));
  return Object.entries(pulse.context).map(([name, value]) => {
    const ageUs = pulse.contextAgeUs[name] ?? 0;
    const unit = tracks.infos[tracks.contextColumn(name)]?.unit ?? '';
    return { name, value, unit, ageUs, isStale: ageUs > limitUs };
  });
}
