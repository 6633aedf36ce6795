import type { PermitMessage, ShutterReport, ShutterState } from '../model/permit.ts';
import type { ShutterDevice } from '../model/shutter.ts';
import type { Lease, Verdict } from './lease.ts';
import { createShutterHand, HUNG_MS } from './shutterHand.ts';

/** What became different, for a log. */
export interface ReceiverChange extends Pick<ShutterReport, 'driven' | 'observed' | 'epoch' | 'reason'> {
  /** On the receiver's clock, milliseconds. */
  readonly atMs: number;
  /** What the device last complained of; empty when it does not. */
  readonly trouble: string;
}

export interface ReceiverOptions {
  readonly lease: Lease;
  /** The one of the lease. */
  readonly boot: string;
  readonly device: ShutterDevice;
  /** Monotonic clock of this process, milliseconds; the one of the lease. */
  nowMs(): number;
  /** Sends now or not at all. */
  send(report: ShutterReport): void;
  changed?(change: ReceiverChange): void;
}

/** The far end of the beam permit: drives a shutter by a lease, again and again, and tells what it sees. */
export interface Receiver {
  /** Drives closed, whatever was before; resolves when the device has answered, or has failed to. To be called before listening. */
  start(): Promise<void>;
  /** Judges a message and acts on it at once. Nothing opens once `stop` was called. */
  take(message: PermitMessage): Verdict;
  /** The state, with a new challenge. */
  report(): ShutterReport;
  /** Closes for good; resolves with what was last seen, when that is closed or cannot be waited for any longer. */
  stop(reason: string): Promise<ShutterState>;
}

/** From drive to drive: a shutter that closes by itself may do so after three that are missed. */
const BEAT_MS = 30;
const REPORT_MS = 100;
const STOP_MS = 3000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A receiver that has not begun: it knows nothing of the device. */
export function createReceiver({ lease, boot, device, nowMs, send, changed }: ReceiverOptions): Receiver {
  let timer: NodeJS.Timeout | undefined;
  let isStopping = false;
  let isEnded = false;
  let reportedMs = -Infinity;
  let told = '';

  const wanted = (): 'open' | 'closed' => (isStopping ? 'closed' : lease.tick(nowMs()));
  const report = (): ShutterReport => {
    const atMs = nowMs();
    lease.tick(atMs);
    return {
      observed: hand.observed(atMs),
      isReadBack: device.isReadBack,
      driven: hand.driven,
      boot,
      challenge: lease.challenge(atMs),
      epoch: lease.epoch,
      reason: lease.reason,
    };
  };
  /** Reports what is new at once, and everything from time to time. */
  const tell = (): void => {
    if (isEnded) return;
    const atMs = nowMs();
    const { driven, trouble } = hand;
    const change = { driven, observed: hand.observed(atMs), epoch: lease.epoch, reason: lease.reason, trouble };
    const now = JSON.stringify(change);
    if (now === told && atMs - reportedMs < REPORT_MS) return;
    if (now !== told) changed?.({ atMs, ...change });
    told = now;
    reportedMs = atMs;
    send(report());
  };
  const hand = createShutterHand({ device, nowMs, answered: tell });
  /** Asks the clock, then drives, then asks again: the process may have been stopped in between. */
  const act = (): void => {
    hand.hold(wanted());
    if (hand.driven !== wanted()) hand.hold(wanted());
    tell();
  };
  const beat = (): void => {
    clearTimeout(timer);
    act();
    const leftMs = lease.endsMs === null ? BEAT_MS : lease.endsMs - nowMs();
    timer = setTimeout(beat, Math.max(1, Math.min(BEAT_MS, Math.ceil(leftMs))));
  };
  return {
    async start() {
      beat();
      const untilMs = nowMs() + HUNG_MS;
      while (!hand.isSettled && hand.trouble === '' && nowMs() < untilMs) await pause(BEAT_MS);
    },
    take(message) {
      if (isStopping) return 'lapsed';
      const before = wanted();
      const verdict = lease.take(message, nowMs());
      if (wanted() !== before) beat();
      return verdict;
    },
    report,
    async stop(reason) {
      isStopping = true;
      lease.close(reason);
      const untilMs = nowMs() + STOP_MS;
      beat();
      while (!hand.isSettled && nowMs() < untilMs) await pause(BEAT_MS);
      clearTimeout(timer);
      act();
      isEnded = true;
      return hand.observed(nowMs());
    },
  };
}
