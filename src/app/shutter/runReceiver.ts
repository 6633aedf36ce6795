import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { withReconnect } from '../../../adapters/withReconnect.ts';
import type { PermitMessage, ShutterReport, ShutterState } from '../../model/permit.ts';
import type { PermitDoor, ShutterDevice } from '../../model/shutter.ts';
import type { LinkHealth } from '../../model/status.ts';
import { createLease } from '../../permit/lease.ts';
import { createReceiver, type ReceiverChange } from '../../permit/receiver.ts';

export interface RunReceiverOptions {
  readonly device: ShutterDevice;
  /** Makes the end of the link, once the device was driven closed. */
  door(report: () => ShutterReport): PermitDoor;
  readonly maxLeaseMs: number;
  readonly maxOpenMs: number;
  readonly log: ReceiverLog;
  /** Closes and ends; why is the signal's reason. */
  readonly signal: AbortSignal;
}

export interface ReceiverLog {
  changed(change: ReceiverChange): void;
  link(health: Pick<LinkHealth, 'state' | 'detail'>, atMs: number): void;
  /** A message was refused, for the `count`th time; told of 1, 2, 4, 8... */
  refused(why: string, count: number, atMs: number): void;
}

/** The first second of a lost link is the one that counts. */
const LONGEST_PAUSE_MS = 500;
/** A device that does not end is left. */
const END_MS = 1000;

/** Milliseconds of the machine's monotonic clock: the same for all its processes. */
export const monotonicMs = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;

/**
 * Holds a shutter by the leases that arrive, until the signal aborts: drives closed first, listens, drives, reports, closes.
 *
 * @returns what was seen of the shutter last.
 */
export async function runReceiver(options: RunReceiverOptions): Promise<ShutterState> {
  const { device, log, maxLeaseMs, maxOpenMs, signal } = options;
  const boot = randomBytes(6).toString('hex');
  const lease = createLease({ boot, maxTtlMs: maxLeaseMs, maxOpenMs });
  let door: PermitDoor | null = null;
  const receiver = createReceiver({
    lease,
    boot,
    device,
    nowMs: monotonicMs,
    send: (report) => door?.send(report),
    changed: log.changed,
  });
  const take = (message: PermitMessage): void => {
    const verdict = receiver.take(message);
    if (verdict === 'opened' || verdict === 'renewed' || verdict === 'closed') return;
    const count = lease.refused[verdict];
    if (Number.isInteger(Math.log2(count))) log.refused(verdict, count, monotonicMs());
  };
  await receiver.start();
  door = options.door(receiver.report);
  const end = new AbortController();
  const listening = withReconnect<PermitMessage>(door, { longestMs: LONGEST_PAUSE_MS }).run(
    { next: take, report: (health) => log.link(health, monotonicMs()) },
    end.signal,
  );
  await aborted(signal);
  const seen = await receiver.stop(String(signal.reason));
  end.abort();
  const patience = pause(END_MS, undefined, { ref: false });
  await Promise.race([Promise.all([listening, device.close()]), patience]);
  return seen;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
