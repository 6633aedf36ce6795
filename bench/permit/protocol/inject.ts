import type { PlannedFault } from './plan.ts';
import { WELL, type Observation } from './observation.ts';
import type { Random } from './random.ts';
import type { Wire } from './wire.ts';
import type { World } from './world.ts';

/** Plans a fault into a world: its beginning and its end. @param armSecond - arms the second monitor. */
export function inject(
  { kind, fromMs, forMs }: PlannedFault,
  world: World,
  random: Random,
  armSecond: () => void,
): void {
  const { agenda, monitors, receiver, broker, wires } = world;
  const [monitor, second] = monitors;
  const during = (begin: () => void, end: () => void): void => {
    agenda.at(fromMs, begin);
    agenda.at(fromMs + forMs, end);
  };
  const brings = (observation: Observation | null): void =>
    during(
      () => (world.source = observation),
      () => (world.source = WELL),
    );
  const sets = (some: readonly Wire[], state: 'lost' | 'stalled'): void =>
    during(
      () => some.forEach((wire) => wire.set(state)),
      () => some.forEach((wire) => wire.set('up')),
    );
  switch (kind) {
    case 'monitorStopped':
      return during(
        () => monitor.host.pause(),
        () => monitor.host.resume(monitor.woke),
      );
    case 'monitorKilled':
    case 'monitorForgets':
      return during(
        () => monitor.host.kill(),
        () => monitor.start(kind === 'monitorForgets'),
      );
    case 'receiverStopped':
      return during(
        () => receiver.host.pause(),
        () => receiver.host.resume(),
      );
    case 'receiverKilled':
      return during(
        () => receiver.host.kill(),
        () => receiver.start(),
      );
    case 'brokerStopped':
      return during(
        () => broker.pause(),
        () => broker.resume(),
      );
    case 'brokerKilled':
      return during(
        () => broker.kill(),
        () => broker.start(),
      );
    case 'permitsLost':
      return sets([random.pick(wires.permits)], 'lost');
    case 'permitsStalled':
      return sets([random.pick(wires.permits)], 'stalled');
    case 'reportsLost':
      return sets([random.pick(wires.reports)], 'lost');
    case 'reportsStalled':
      return sets([random.pick(wires.reports)], 'stalled');
    case 'bothLost':
      return sets([...wires.permits, ...wires.reports], random.pick(['lost', 'stalled']));
    case 'staleSource':
      return brings(null);
    case 'emptyFrames':
      return brings({ ...WELL, isUsable: false });
    case 'doseUnknown':
      return brings({ ...WELL, isDoseKnown: false });
    case 'channelsDisagree':
      return brings({ ...WELL, isAgreed: false });
    case 'budgetSpent':
      return brings({ ...WELL, fraction: 1.01 });
    case 'alert':
      return brings({ ...WELL, isAlertStanding: true });
    case 'stopCommand':
      return agenda.at(fromMs, () => monitor.host.deliver(() => monitor.stop()));
    case 'replayed': {
      const everyMs = random.between(2, 40);
      for (let atMs = fromMs; atMs < fromMs + forMs; atMs += everyMs) agenda.at(atMs, () => world.replay());
      return;
    }
    case 'secondMonitor':
      agenda.at(fromMs, () => second.start(random.chance(0.5)));
      agenda.at(fromMs + random.between(50, 1000), () => second.host.deliver(armSecond));
      return agenda.at(fromMs + forMs, () => second.host.kill());
    case 'diskFull':
      return during(
        () => (monitor.isDiskFull = true),
        () => (monitor.isDiskFull = false),
      );
  }
}
