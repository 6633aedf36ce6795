import type { PermitMessage, ShutterReport } from '../../../src/model/permit.ts';
import type { createLease, Lease } from '../../../src/permit/lease.ts';
import type { NormallyClosed } from '../normallyClosed.ts';
import type { Agenda } from './agenda.ts';
import { createHost, type Host } from './host.ts';
import type { Random } from './random.ts';

/** A receiver process in virtual time: the real lease, on a clock that runs a little wrong, and a shutter that falls shut. */
export interface ReceiverModel {
  readonly host: Host;
  readonly driven: 'open' | 'closed';
  start(): void;
  take(message: PermitMessage): void;
}

export interface ReceiverModelOptions {
  readonly createLease: typeof createLease;
  readonly agenda: Agenda;
  readonly random: Random;
  readonly shutter: NormallyClosed;
  send(report: ShutterReport): void;
  /** The shutter is driven open where it was driven closed. */
  opened(epoch: number): void;
}

/** As in the program. */
const BEAT_MS = 30;
const REPORT_MS = 100;
const MAX_TTL_MS = 2000;
const MAX_OPEN_MS = 60_000;
/** Relative error of a crystal clock that is a poor one. */
const CLOCK_ERROR = 2e-4;

export function createReceiverModel(options: ReceiverModelOptions): ReceiverModel {
  const { agenda, random, shutter, send, opened } = options;
  const host = createHost(agenda, random);
  let boot = '';
  let lease: Lease | null = null;
  let clockOffsetMs = 0;
  let clockRate = 1;
  let driven: 'open' | 'closed' = 'closed';
  let reportedMs = -Infinity;
  let told = '';
  const now = (): number => clockOffsetMs + agenda.nowMs * clockRate;

  const drive = (): void => {
    const wanted = lease!.tick(now());
    if (wanted === 'open' && driven === 'closed') opened(lease!.epoch);
    driven = wanted;
    shutter.drive(wanted, agenda.nowMs);
    const { epoch, reason } = lease!;
    const changed = `${driven} ${epoch} ${reason}`;
    if (changed === told && now() - reportedMs < REPORT_MS) return;
    told = changed;
    reportedMs = now();
    const observed = shutter.isOpen(agenda.nowMs) ? 'open' : 'closed';
    send({ observed, isReadBack: true, driven, boot, challenge: lease!.challenge(now()), epoch, reason });
  };
  const beat = (): void => {
    drive();
    const leftMs = lease!.endsMs === null ? BEAT_MS : Math.ceil(lease!.endsMs - now());
    host.after(Math.max(1, Math.min(BEAT_MS, leftMs)), beat);
  };
  return {
    host,
    get driven() {
      return driven;
    },
    start() {
      boot = `b${random.whole(0, 1e9)}`;
      clockOffsetMs = random.between(0, 1e9);
      clockRate = 1 + random.between(-CLOCK_ERROR, CLOCK_ERROR);
      lease = options.createLease({ boot, maxTtlMs: MAX_TTL_MS, maxOpenMs: MAX_OPEN_MS });
      driven = 'closed';
      told = '';
      host.start();
      beat();
    },
    take(message) {
      const before = lease!.tick(now());
      lease!.take(message, now());
      if (lease!.tick(now()) !== before) drive();
    },
  };
}
