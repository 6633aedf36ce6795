import type { LoadedConfig } from '../config/load.ts';
import type { GraphPlan } from '../config/plan.ts';
import { explainError, MonitorError } from '../model/error.ts';
import type { Frame } from '../model/frame.ts';
import type { AcceptAnswer } from '../model/operatorCommand.ts';
import type { Sink } from '../model/sink.ts';
import type { Obedience } from '../server/commands.ts';
import type { Console } from './console.ts';
import { startMonitor, type Monitor, type MonitorOptions } from './createMonitor.ts';
import { listener } from './listener.ts';
import { createAlarmDigest, type AlarmDigest } from './alarmDigest.ts';
import { createSignalDigest, type SignalDigest } from './digest.ts';
import { startEmbeddedBroker, type EmbeddedBroker } from './embeddedBroker.ts';
import { createFeed, pageLines, servePage } from './livePage.ts';
import { ALL_TIMES, type TimeWindow } from './recordedFeed.ts';
import {
  actLine,
  alarmLine,
  alertLine,
  exposureLine,
  exposureLines,
  linkLine,
  permitLine,
  progressLine,
  rejectionLines,
  summaryLines,
} from './runReport.ts';

export interface RunOptions extends Pick<
  MonitorOptions,
  'mode' | 'speed' | 'startFresh' | 'keepsCheckpoints' | 'recorded'
> {
  readonly hasPage: boolean;
  /** Take another port when the page's is taken. */
  readonly mayMovePort: boolean;
  /** Keep the page after the last frame until interrupted. */
  readonly holds: boolean;
  /** Digest all that is emitted. */
  readonly computesDigest: boolean;
  /** Digest apart what these nodes emit, to hold it against a recording; null for none. */
  readonly comparedNodes: ReadonlySet<string> | null;
  /** What lies outside of it is not digested. @default everything */
  readonly window?: TimeWindow;
}

/** How a run went. */
export interface RunSummary {
  readonly alertCount: number;
  /** Hexadecimal; null when not asked for. */
  readonly digest: string | null;
  /** Of the compared nodes; null when there are none. */
  readonly comparedDigest: string | null;
  /** Of the steps in the lives of the alarms, in the window. */
  readonly alarms: AlarmDigest;
}

const STATUS_MS = 250;

/** Runs a monitor in the foreground: page, broker, words on the console, until its sources end or the user does. */
export async function runMonitor(
  loaded: LoadedConfig,
  plan: GraphPlan,
  options: RunOptions,
  console: Console,
): Promise<RunSummary> {
  const { config } = loaded;
  console.out(`run ${config.run}, instrument ${config.instrument} (${config.modality}), ${loaded.path}`);
  const digest = options.computesDigest ? createSignalDigest() : null;
  const compared = options.comparedNodes === null ? null : createSignalDigest();
  const alarms = createAlarmDigest(options.window);
  let running: Monitor | null = null;
  const feed = options.hasPage ? createFeed(loaded, plan, (name) => running?.contextUnit(name)) : null;
  const early = ({ id }: { readonly id: string }): Promise<AcceptAnswer> =>
    Promise.resolve({ id, isDone: false, detail: 'The run has not begun.' });
  const commands: Obedience = {
    accept: (request) => running?.accept(request) ?? early(request),
    permit: (request) => running?.permit(request) ?? early(request),
    alarm: (request) => running?.alarm(request) ?? early(request),
  };
  const documents = {
    rejected: () => shownRejections(running),
    acts: () => ({ acts: running?.acts() ?? [] }),
    alarms: () => ({ alarms: running?.alarms() ?? [] }),
  };
  const server =
    feed === null
      ? null
      : await servePage(feed, config.page, loaded.directory, options.mayMovePort, documents, commands);
  if (server !== null) for (const line of pageLines(server.url, config.page)) console.out(line);
  const herald = createHerald(console);
  const listeners: Sink[] = [
    herald.sink,
    ...(feed === null ? [] : [feed]),
    ...(digest === null ? [] : [digestSink('digest', digest, null, options.window)]),
    ...(compared === null ? [] : [digestSink('comparison', compared, options.comparedNodes, options.window)]),
  ];
  let broker: EmbeddedBroker | null = null;
  try {
    broker = await openBroker(loaded, options, console);
    const monitor = await startMonitor(loaded, plan, {
      ...options,
      listeners,
      onAct(act) {
        console.out(actLine(act));
        feed?.noteAct(act);
      },
      onAlarm(step) {
        const line = alarmLine(step);
        if (line !== null) console.out(line);
        feed?.noteAlarm(step);
        alarms.add(step);
      },
      onPermit: (event) => console.out(permitLine(event)),
      onPermitView: (view) => feed?.setPermit(view),
      onExposure: (sent) => console.out(exposureLine(sent)),
      onLinkChange: (health) => {
        if (health.state === 'down' || (health.state === 'ok' && health.role === 'sink')) console.err(linkLine(health));
      },
    });
    running = monitor;
    for (const [stream, { seq }] of Object.entries(monitor.resumedAt ?? {}))
      console.out(`stream ${stream} continues after frame ${seq}, from the checkpoint`);
    const stop = (): void => monitor.stop();
    console.interrupted.addEventListener('abort', stop);
    if (console.interrupted.aborted) stop();
    const tell = (): void => {
      const status = monitor.status();
      feed?.setStatus(status);
      console.progress(progressLine(status, herald.alertCount));
    };
    tell();
    const timer = setInterval(tell, STATUS_MS);
    try {
      await monitor.done;
      feed?.setStatus(monitor.status());
      console.progress(null);
      for (const line of [
        ...summaryLines(monitor.status()),
        ...monitor.acts().map(actLine),
        ...exposureLines(monitor.exposures()),
        ...rejectionLines(monitor.rejected()),
      ])
        console.out(line);
      if (options.holds && server !== null && !console.interrupted.aborted) await hold(console);
    } finally {
      clearInterval(timer);
      console.progress(null);
    }
    return {
      alertCount: herald.alertCount,
      digest: digest?.value() ?? null,
      comparedDigest: compared?.value() ?? null,
      alarms,
    };
  } finally {
    await server?.close();
    await broker?.close();
  }
}

/** The frames and packets that were refused last, as JSON can say it. */
function shownRejections(monitor: Monitor | null): object {
  return Object.fromEntries(
    Object.entries(monitor?.rejected() ?? {}).map(([stream, rejected]) => [
      stream,
      rejected.map(({ head, ...rest }) => ({ ...rest, headBase64: Buffer.from(head).toString('base64') })),
    ]),
  );
}

async function hold(console: Console): Promise<void> {
  console.out('The last frame is on the page; Ctrl-C ends.');
  await new Promise<void>((resolve) => console.interrupted.addEventListener('abort', () => resolve()));
}

async function openBroker(
  { config }: LoadedConfig,
  { mode }: RunOptions,
  console: Console,
): Promise<EmbeddedBroker | null> {
  if (config.broker === undefined || mode === 'replay') return null;
  try {
    const broker = await startEmbeddedBroker(config.broker);
    console.out(`broker ${broker.url}`);
    return broker;
  } catch (error) {
    if (!(error instanceof MonitorError)) throw error;
    console.err(`No broker of our own: ${explainError(error)}. Whoever listens there is used instead.`);
    return null;
  }
}

const digestSink = (
  name: string,
  digest: SignalDigest,
  nodes: ReadonlySet<string> | null,
  { fromUs, toUs }: TimeWindow = ALL_TIMES,
): Sink =>
  listener(name, (signal, from) => {
    if (signal.timeUs >= fromUs && signal.timeUs < toUs && (nodes === null || nodes.has(from)))
      digest.add(signal, from);
  });

/** Says alerts aloud. */
function createHerald(console: Console): { sink: Sink; readonly alertCount: number } {
  const latest = new Map<string, Frame>();
  let alertCount = 0;
  return {
    sink: listener('console', (signal) => {
      if (signal.type === 'frame') latest.set(signal.stream, signal);
      if (signal.type !== 'alert') return;
      if (signal.phase === 'raised') alertCount++;
      if (signal.phase !== 'updated') console.out(alertLine(signal, latest.get(signal.stream) ?? null));
    }),
    get alertCount() {
      return alertCount;
    },
  };
}
