import type { Random } from '../protocol/random.ts';
import { FRAME_MS } from './feed.ts';
import type { Child } from './children.ts';
import { monotonicMs } from './monotonic.ts';
import { cutLink } from './cutLink.ts';
import { holdOpen } from './holdOpen.ts';
import { repeatPermits } from './repeatPermits.ts';
import { LEASE_MS, type Trio } from './trio.ts';

/** Everything that is done to real processes. */
export const FAULTS = [
  'monitorKilled',
  'brokerKilled',
  'receiverKilled',
  'monitorStopped',
  'brokerStopped',
  'receiverStopped',
  'monitorBlocked',
  'receiverBlocked',
  'permitsCut',
  'reportsCut',
  'linkCut',
  'linkSevered',
  'staleSource',
  'nanFrames',
  'channelsDisagree',
  'clockYearOff',
  'diskFull',
  'permitsRepeated',
  'oldEpoch',
  'openAtStart',
  'stopCommand',
] as const;
export type Fault = (typeof FAULTS)[number];

/** A fault that has begun. */
export interface Begun {
  readonly fromMs: number;
  /** Last moment at which the beam might be permitted; null where the fault is over before a lease is: it may be borne. */
  readonly goodUntilMs: number | null;
  /** What closes the shutter: its lease or its spring ('lapse'), or a message ('told'). */
  readonly closesBy: 'lapse' | 'told';
  /** Renewals that came later did not reach a receiver that runs. */
  readonly renewalsUntilMs?: number;
  /** Ends it. */
  heal(): void | Promise<void>;
  /** When it is to end, monotonic milliseconds. */
  readonly healAtMs: number;
}

/** The default patience with a stream of 40 frames per second. */
const FRESH_MS = 1000;
/** Frames within which two channels that disagree by a factor of three are found out. */
const FRAMES_TO_DISAGREE = 10;
const YEAR_MS = 365 * 86_400_000;

/** Shorter than a lease, or longer. */
const spell = (random: Random): number => (random.chance(0.3) ? random.between(150, 350) : random.between(700, 2500));

const borne = (forMs: number, atMs: number): number | null => (forMs < LEASE_MS ? null : atMs);

/** What is wrong when a permit is given that nobody can look up. */
export const UNWRITTEN_GRANT = 'armed although the audit log could not be written';

/** Does it. */
export async function begin(fault: Fault, trio: Trio, random: Random): Promise<Begun> {
  const { feed, links } = trio;
  const beginMs = monotonicMs();
  const lapse = (more: Partial<Begun> & Pick<Begun, 'heal'>): Begun => ({
    fromMs: more.goodUntilMs ?? beginMs,
    goodUntilMs: monotonicMs(),
    closesBy: 'lapse',
    healAtMs: beginMs + 900,
    ...more,
  });
  const frozen = (child: Child): Begun => {
    const forMs = spell(random);
    child.signal('SIGSTOP');
    const atMs = monotonicMs();
    const heal = (): void => child.signal('SIGCONT');
    return lapse({ goodUntilMs: borne(forMs, atMs), renewalsUntilMs: atMs, healAtMs: atMs + forMs, heal });
  };
  const blocked = async (child: Child): Promise<Begun> => {
    const forMs = spell(random);
    const told = new Promise<number>((resolve) =>
      child.process.once('message', ({ blockedAtMs }: { blockedAtMs: number }) => resolve(blockedAtMs)),
    );
    child.process.send({ blockMs: forMs });
    const atMs = await told;
    const heal = (): void => undefined;
    return lapse({ goodUntilMs: borne(forMs, atMs), renewalsUntilMs: atMs, healAtMs: atMs + forMs, heal });
  };
  const cut = (how: Parameters<typeof cutLink>[1]): Begun => {
    const forMs = spell(random);
    const link = random.pick([links.monitor, links.receiver]);
    cutLink(link, how, link === links.monitor);
    // A connection that was ended takes a while to come back, however short the cut was.
    return lapse({
      goodUntilMs: borne(forMs, monotonicMs()),
      healAtMs: beginMs + forMs,
      heal: link.heal,
    });
  };
  const spoilt = (goodUntilMs: number, heal: () => void): Begun => ({
    fromMs: beginMs,
    goodUntilMs,
    closesBy: 'told',
    healAtMs: goodUntilMs + LEASE_MS,
    heal,
  });
  switch (fault) {
    case 'monitorKilled':
      await trio.monitor.kill();
      return lapse({ heal: trio.startMonitor });
    case 'brokerKilled':
      await trio.broker.child.kill();
      return lapse({ heal: trio.broker.start });
    case 'receiverKilled': {
      trio.receiver.process.kill('SIGKILL');
      const renewalsUntilMs = monotonicMs();
      await trio.receiver.kill();
      return lapse({ goodUntilMs: renewalsUntilMs, renewalsUntilMs, heal: trio.startReceiver });
    }
    case 'monitorStopped':
      return { ...frozen(trio.monitor), renewalsUntilMs: Infinity };
    case 'brokerStopped':
      return { ...frozen(trio.broker.child), renewalsUntilMs: Infinity };
    case 'receiverStopped':
      return frozen(trio.receiver);
    case 'monitorBlocked':
      return { ...(await blocked(trio.monitor)), renewalsUntilMs: Infinity };
    case 'receiverBlocked':
      return blocked(trio.receiver);
    case 'permitsCut':
      return cut('permits');
    case 'reportsCut':
      return cut('reports');
    case 'linkCut':
      return cut('both');
    case 'linkSevered':
      return cut('sever');
    case 'staleSource':
      feed.isSilent = true;
      return spoilt(feed.lastGoodMs + FRESH_MS, () => (feed.isSilent = false));
    case 'nanFrames':
      feed.isEmpty = true;
      return spoilt(feed.lastGoodMs + FRESH_MS, () => (feed.isEmpty = false));
    case 'channelsDisagree':
      feed.currentShare = random.pick([1 / 3, 3]);
      return spoilt(monotonicMs() + FRAMES_TO_DISAGREE * FRAME_MS, () => (feed.currentShare = 1));
    case 'clockYearOff': {
      const whose = random.pick(['monitor', 'receiver', 'frames'] as const);
      const clockShiftMs = random.pick([-YEAR_MS, YEAR_MS]);
      if (whose === 'frames') feed.clockShiftMs = clockShiftMs;
      else trio[whose].process.send({ clockShiftMs });
      await new Promise((resolve) => setTimeout(resolve, 300));
      trio.monitor.signal('SIGSTOP');
      const atMs = monotonicMs();
      return lapse({
        goodUntilMs: atMs,
        healAtMs: atMs + 900,
        heal() {
          trio.monitor.signal('SIGCONT');
          feed.clockShiftMs = 0;
          feed.area++;
          if (whose !== 'frames') trio[whose].process.send({ clockShiftMs: 0 });
        },
      });
    }
    case 'diskFull': {
      if (trio.audit.canFill) trio.audit.fill();
      await trio.command('stop');
      const stoppedMs = monotonicMs();
      await fillLog(trio);
      return {
        ...spoilt(stoppedMs, trio.audit.empty),
        async heal() {
          const grants = trio.audit.grantCount();
          const answer = await trio.command('rearm');
          if (answer?.isDone === true && trio.audit.grantCount() === grants) throw new Error(UNWRITTEN_GRANT);
          trio.audit.empty();
        },
      };
    }
    case 'permitsRepeated':
      return repeatPermits(trio, random);
    case 'oldEpoch': {
      await trio.monitor.kill();
      const atMs = monotonicMs();
      trio.audit.forget();
      return lapse({ goodUntilMs: atMs, healAtMs: beginMs, heal: trio.startMonitor });
    }
    case 'openAtStart':
      return holdOpen(trio);
    case 'stopCommand':
      await trio.command('stop');
      return spoilt(monotonicMs(), () => undefined);
  }
}

/** Fills what is left of the last block of the log on a full disk, by commands that are refused. */
async function fillLog(trio: Trio): Promise<void> {
  if (!trio.audit.canFill) return;
  for (let before = -1; before < trio.audit.byteCount();) {
    before = trio.audit.byteCount();
    await trio.command('rearm', '');
  }
}
