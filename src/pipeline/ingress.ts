import { Subject, type Observable } from 'rxjs';
import type { FrameOutlet, Rejection } from '../model/adapter.ts';
import type { StreamPosition } from '../model/checkpoint.ts';
import { MonitorError } from '../model/error.ts';
import { FrameFlag, type Frame, type MutableFrame } from '../model/frame.ts';
import type { Layout } from '../model/layout.ts';
import type { SlowSample } from '../model/signal.ts';
import type { LinkHealth, StreamStatus } from '../model/status.ts';
import { maskUnusable, refusal } from './arrival.ts';
import { createArrivalOrder } from './arrivalOrder.ts';
import { createFrameQueue, mergeInto } from './frameQueue.ts';
import { createRejections, type KeptRejection } from './rejections.ts';
import type { SlowSignals } from './slowSignals.ts';

/** What to do with a frame when the queue is full: add it to the newest waiting one, give up the oldest, or end the run. */
export type OverflowPolicy = 'sum' | 'dropOldest' | 'fail';

export interface IngressOptions {
  readonly stream: string;
  /** Frames that may wait. */
  readonly capacity: number;
  readonly overflow: OverflowPolicy;
  readonly slowSignals: SlowSignals;
  /** Declared frame period; null to measure it. */
  readonly framePeriodUs: number | null;
  /** The latest time stamp to believe, microseconds: the clock of the machine and some tolerance. */
  latestUs(): number;
  /** Frames up to here were processed before a restart: skipped, not counted. */
  readonly resumeAfter: StreamPosition | null;
  /** The frames are as a pipeline saw them before: what was lost between them stands in them already. */
  readonly isRecorded?: boolean;
  /** Called when there is work; the pump then calls `drainOne`. */
  wake(): void;
  fail(error: MonitorError): void;
  report(health: Pick<LinkHealth, 'state' | 'detail'>): void;
}

/** The door of one stream: bounded, and everything that passes or does not is counted. */
export interface Ingress extends FrameOutlet {
  readonly frames$: Observable<Frame>;
  /** Sends the oldest waiting frame through the graph; false when none waits. */
  drainOne(): boolean;
  readonly waitingCount: number;
  /** Time stamp of the oldest waiting frame; Infinity when none waits. */
  readonly nextTimeUs: number;
  /** Last frame sent through the graph; null before the first. */
  position(): StreamPosition | null;
  /** The account; the state and the frame rate, which need a clock, are for the caller to judge. */
  account(): Omit<StreamStatus, 'state' | 'framesPerSecond'>;
  rejected(): readonly KeptRejection[];
}

export function createIngress(options: IngressOptions): Ingress {
  const frames$ = new Subject<Frame>();
  const queue = createFrameQueue(options.capacity);
  const rejections = createRejections();
  const order = createArrivalOrder();
  const waiters: (() => void)[] = [];
  let done: StreamPosition | null = options.resumeAfter;
  let skipping = options.resumeAfter !== null;
  let received = 0;
  let processed = 0;
  let merged = 0;
  let lost = 0;
  let masked = 0;
  let restarts = 0;
  let doubtfulClocks = 0;
  let refusedClocks = 0;
  let layoutChanges = 0;
  let layout: Layout | undefined;
  let unseenUs = 0;
  let measuredPeriodUs: number | null = null;

  const drop = (rejection: Rejection): void => {
    received++;
    rejections.add(rejection);
  };

  const isOld = (frame: Frame): boolean => {
    const after = options.resumeAfter;
    if (!skipping || after === null) return false;
    if (frame.timeUs < after.timeUs || (frame.timeUs === after.timeUs && frame.seq <= after.seq)) return true;
    skipping = false;
    order.resume(after, frame.exposureUs);
    return false;
  };

  /** Brings the queue, one over its capacity, back to it by the policy. */
  const shed = (newest: MutableFrame): void => {
    const waiting = queue.secondNewest();
    if (options.overflow === 'sum' && waiting !== undefined && waiting.layout === newest.layout) {
      mergeInto(waiting, newest);
      queue.pop();
      merged++;
      return;
    }
    rejections.add({ reason: 'overflow', detail: '' });
    if (options.overflow === 'fail') {
      queue.pop();
      const sentence = `more than ${options.capacity} frames wait and overflow is 'fail'`;
      options.fail(new MonitorError('ADAPTER', sentence, { id: options.stream, seq: newest.seq }));
      return;
    }
    const oldest = queue.shift();
    const next = queue.oldest();
    if (oldest !== undefined && next !== undefined)
      next.unseenExposureUs += oldest.exposureUs + oldest.unseenExposureUs;
  };

  const accept = (frame: Frame): void => {
    if (isOld(frame)) return;
    const unusable = refusal(frame, options.latestUs());
    if (unusable !== null) {
      order.noteRefused(frame);
      refusedClocks += unusable.reason === 'clock' ? 1 : 0;
      drop(unusable);
      return;
    }
    const unplaced = order.refusal(frame);
    if (unplaced !== null) {
      drop(unplaced);
      return;
    }
    received++;
    const { lostCount, unseenUs: betweenUs, isRestart, isBackwards, periodUs } = order.follow(frame);
    lost += lostCount;
    if (isRestart) restarts++;
    if (options.isRecorded !== true) unseenUs += betweenUs;
    if (periodUs !== null) measuredPeriodUs = smooth(measuredPeriodUs, periodUs);
    // What comes right after frames from a wrong year is not beyond doubt either.
    const isDoubtful = isBackwards || refusedClocks > 0;
    if (isDoubtful) doubtfulClocks++;
    refusedClocks = 0;
    if (layout !== undefined && frame.layout !== layout) layoutChanges++;
    layout = frame.layout;
    const flags = (lostCount > 0 ? FrameFlag.afterGap : 0) | (isDoubtful ? FrameFlag.suspiciousClock : 0);
    enqueue(frame, options.isRecorded === true ? 0 : flags);
  };

  const enqueue = (frame: Frame, flags: number): void => {
    const slot = queue.push(frame);
    slot.flags |= flags;
    slot.unseenExposureUs += unseenUs;
    unseenUs = 0;
    const unusable = maskUnusable(slot, queue.blankMaskOfNewest);
    if (unusable > 0) masked++;
    if (unusable === slot.values.length) {
      queue.pop();
      unseenUs = slot.exposureUs + slot.unseenExposureUs;
      rejections.add({ reason: 'notFinite', detail: `frame ${slot.seq}: no channel holds a usable number` });
      return;
    }
    if (queue.length > options.capacity) shed(slot);
    options.wake();
  };

  const send = (frame: MutableFrame): void => {
    options.slowSignals.joinAsOf(
      frame.timeUs,
      frame.context as Record<string, number>,
      frame.contextAgeUs as Record<string, number>,
      options.stream,
    );
    processed++;
    done = { seq: frame.seq, timeUs: frame.timeUs };
    frames$.next(frame);
  };

  return {
    frames$,
    next(item: Frame | SlowSample) {
      if (item.type === 'slow') options.slowSignals.add(item);
      else accept(item);
    },
    reject: drop,
    report: options.report,
    room() {
      if (!queue.isFull) return null;
      return new Promise((resolve) => waiters.push(resolve));
    },
    drainOne() {
      const frame = queue.shift();
      if (frame === undefined) return false;
      send(frame);
      if (waiters.length > 0 && queue.length <= options.capacity / 2)
        for (const resolve of waiters.splice(0)) resolve();
      return queue.length > 0;
    },
    get waitingCount() {
      return queue.length;
    },
    get nextTimeUs() {
      return queue.oldest()?.timeUs ?? Infinity;
    },
    position: () => done,
    account: () => ({
      stream: options.stream,
      lastSeq: done?.seq ?? null,
      lastTimeUs: done?.timeUs ?? null,
      receivedCount: received,
      processedCount: processed,
      mergedCount: merged,
      waitingCount: queue.length,
      droppedCount: { ...rejections.counts },
      lostCount: lost,
      maskedCount: masked,
      restartCount: restarts,
      suspiciousClockCount: doubtfulClocks,
      layoutChangeCount: layoutChanges,
      framePeriodUs: options.framePeriodUs ?? measuredPeriodUs,
    }),
    rejected: () => rejections.kept(),
  };
}

/** A pause, or a clock that is set forward, is no frame period: one step counts for ten at the most. */
const smooth = (old: number | null, now: number): number =>
  old === null ? now : old + 0.1 * (Math.min(now, 10 * old) - old);
