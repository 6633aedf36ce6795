import type { PermitMessage } from '../../../src/model/permit.ts';
import { createIssuer } from '../../../src/permit/issuer.ts';
import { createLease } from '../../../src/permit/lease.ts';
import { createNormallyClosed, type NormallyClosed } from '../normallyClosed.ts';
import { createAgenda, type Agenda } from './agenda.ts';
import { createHost, type Host } from './host.ts';
import { createMonitorModel, type MonitorModel } from './monitorModel.ts';
import { WELL, type Observation } from './observation.ts';
import type { Random } from './random.ts';
import { createReceiverModel, type ReceiverModel } from './receiverModel.ts';
import { createWire, type NetworkHabits, type Wire } from './wire.ts';

/** Two monitors, a broker, a receiver and its shutter, and the wires between; the second monitor is not started. */
export interface World {
  readonly agenda: Agenda;
  readonly shutter: NormallyClosed;
  readonly monitors: readonly [MonitorModel, MonitorModel];
  readonly broker: Host;
  readonly receiver: ReceiverModel;
  readonly wires: { readonly permits: readonly Wire[]; readonly reports: readonly Wire[] };
  /** What the frames bring; null while none come. */
  source: Observation | null;
  setHabits(habits: NetworkHabits): void;
  /** Delivers a permit of the past once more. */
  replay(): void;
}

/** What makes the two ends of the protocol. */
export interface Ends {
  readonly createIssuer: typeof createIssuer;
  readonly createLease: typeof createLease;
}
export const REAL_ENDS: Ends = { createIssuer, createLease };

export const LEASE_MS = 500;
export const FRESH_MS = 1000;
export const TIMER_MS = 30_000;
const FRAME_MS = 80;
/** Permits that can be replayed. */
const REMEMBERED = 300;

export function createWorld(
  random: Random,
  ends: Ends,
  opened: (epoch: number) => void,
  log: (line: string) => void,
): World {
  const agenda = createAgenda();
  const shutter = createNormallyClosed();
  const broker = createHost(agenda, random);
  const wire = (): Wire => createWire(agenda, random);
  const ways = [0, 1].map(() => ({ permits: wire(), reports: wire() }));
  const receiverWire = { permits: wire(), reports: wire() };
  const past: PermitMessage[] = [];
  const toReceiver = (message: PermitMessage): void => receiver.host.deliver(() => receiver.take(message));
  const monitorOf = (index: number): MonitorModel =>
    createMonitorModel({
      ...ends,
      name: `monitor${index}`,
      agenda,
      random,
      leaseMs: LEASE_MS,
      freshMs: FRESH_MS,
      timerMs: TIMER_MS,
      send(message) {
        log(`monitor${index} ${message.state} ${message.epoch}.${message.seq} answers ${message.answers}`);
        past[Math.floor(random.between(0, REMEMBERED))] = message;
        ways[index]!.permits.send(() => broker.deliver(() => receiverWire.permits.send(() => toReceiver(message))));
      },
    });
  const monitors = [monitorOf(0), monitorOf(1)] as const;
  const receiver: ReceiverModel = createReceiverModel({
    ...ends,
    agenda,
    random,
    shutter,
    opened,
    send(report) {
      log(`receiver ${report.driven} epoch ${report.epoch} ${report.challenge} ${report.reason}`);
      receiverWire.reports.send(() =>
        broker.deliver(() => {
          for (const [index, { host, hear }] of monitors.entries())
            ways[index]!.reports.send(() => host.deliver(() => hear(report)));
        }),
      );
    },
  });
  const world: World = {
    agenda,
    shutter,
    monitors,
    broker,
    receiver,
    wires: {
      permits: [ways[0]!.permits, receiverWire.permits],
      reports: [ways[0]!.reports, receiverWire.reports],
    },
    source: WELL,
    setHabits(habits) {
      for (const { permits, reports } of [...ways, receiverWire]) {
        permits.habits = habits;
        reports.habits = habits;
      }
    },
    replay() {
      const known = past.filter((message) => message !== undefined);
      if (known.length > 0) toReceiver(random.pick(known));
    },
  };
  const frame = (): void => {
    const { source } = world;
    if (source !== null) for (const { host, observe } of monitors) host.deliver(() => observe(source));
    agenda.at(agenda.nowMs + FRAME_MS, frame);
  };
  agenda.at(0, frame);
  return world;
}
