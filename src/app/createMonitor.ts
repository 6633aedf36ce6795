import { resolve } from 'node:path';
import type { LoadedConfig } from '../config/load.ts';
import type { GraphPlan } from '../config/plan.ts';
import type { Alarm, AlarmStep } from '../model/alarm.ts';
import type { AlarmCommand } from '../model/alarmCommand.ts';
import type { StreamPosition } from '../model/checkpoint.ts';
import type { AcceptCommand, OperatorAct } from '../model/operatorCommand.ts';
import { PERMIT_BEAM, type PermitEvent, type PermitView } from '../model/permit.ts';
import type { PermitCommand } from '../model/permitCommand.ts';
import type { Sink } from '../model/sink.ts';
import type { LinkHealth, MonitorStatus } from '../model/status.ts';
import { assemble } from '../pipeline/assemble.ts';
import { createIngress, type Ingress } from '../pipeline/ingress.ts';
import { createMeter } from '../pipeline/measure.ts';
import { createPump, type Pump } from '../pipeline/pump.ts';
import { createSlowSignals } from '../pipeline/slowSignals.ts';
import {
  checkpointNote,
  createCheckpointing,
  createSnapshot,
  loadCheckpoint,
  positionsOf,
  type Checkpointing,
} from './checkpointing.ts';
import { beamListener, createBeamSignal } from './beamSignal.ts';
import { createAdapter } from './createAdapter.ts';
import type { ExposureAccount, SentExposure } from './exposureCommands.ts';
import { closeSink, createNodes, createSinks } from './createNodes.ts';
import { createInstrumentControl } from './instrumentControl.ts';
import { createLinkBoard } from './linkBoard.ts';
import { runMqttCommands } from './mqttCommands.ts';
import { openExposure } from './openExposure.ts';
import { openPermit, type OpenPermit } from './openPermit.ts';
import { createOperators } from './operators.ts';
import { createPacedOutlet } from './pacedOutlet.ts';
import type { RecordedFeed } from './recordedFeed.ts';
import { createRunNotes, withNotes } from './runNotes.ts';
import { listener } from './listener.ts';
import { createStreamClock } from './streamClock.ts';

export interface MonitorOptions {
  readonly mode: 'live' | 'replay';
  /** Of a replay: 1 is real time, Infinity as fast as it goes. */
  readonly speed: number;
  /** Ignores an existing checkpoint. */
  readonly startFresh: boolean;
  /** Whether checkpoints are read and written. */
  readonly keepsCheckpoints: boolean;
  /** Of the replay of a recording: plays it into all streams, instead of their sources. */
  readonly recorded?: RecordedFeed | undefined;
  /** Sinks beside those of the file: the page, a digest. They get everything. */
  readonly listeners: readonly Sink[];
  /** Hears of links that come and go. */
  onLinkChange(health: LinkHealth): void;
  /** Hears of what an operator did. */
  onAct?(act: OperatorAct): void;
  /** Hears of every step in the life of an alarm. */
  onAlarm?(step: AlarmStep): void;
  /** Hears of every line of the permit's audit log. */
  onPermit?(event: PermitEvent): void;
  /** Hears how the beam permit stands, ten times a second. */
  onPermitView?(view: PermitView): void;
  /** Hears of every exposure that the instrument was told. */
  onExposure?(sent: SentExposure): void;
}

/** A running monitor. */
export interface Monitor {
  /** Resolves when all sources have ended and all is delivered, or the monitor was stopped; rejects when the run failed. */
  readonly done: Promise<void>;
  /** Ends the run in good order. */
  stop(): void;
  status(): MonitorStatus;
  /** The last rejected frames and packets, by stream. */
  rejected(): Readonly<Record<string, ReturnType<Ingress['rejected']>>>;
  /** Takes the present state for the new reference, from the next frame of every stream on. */
  readonly accept: AcceptCommand;
  /** Stops the beam, or grants the permit. */
  readonly permit: PermitCommand;
  /** Sees to an alarm. */
  readonly alarm: AlarmCommand;
  /** Those that are not normal. */
  alarms(): readonly Alarm[];
  /** What operators did, oldest first. */
  acts(): readonly OperatorAct[];
  /** Exposures that the instrument was told; null without consent. */
  exposures(): ExposureAccount | null;
  /** UCUM unit of a slow signal; undefined when it has not been seen. */
  contextUnit(name: string): string | undefined;
  /** Where it continued from; null when it started anew. */
  readonly resumedAt: Readonly<Record<string, StreamPosition>> | null;
}

/** How far a time stamp may lie ahead of this machine's clock. */
const CLOCK_TOLERANCE_US = 86_400_000_000;
const TURN_MS = 8;
/** The time of day at the start, on a clock that never steps. */
const WALL_ORIGIN_MS = Date.now() - performance.now();
/** Set back while we run, the clock of this machine does not turn the frames that come into frames of the future. */
const latestWallMs = (): number => Math.max(Date.now(), WALL_ORIGIN_MS + performance.now());

/** Wires a checked pipeline file to the world and starts it. */
export async function startMonitor(loaded: LoadedConfig, plan: GraphPlan, options: MonitorOptions): Promise<Monitor> {
  const { config } = loaded;
  const abort = new AbortController();
  const commandsEnd = new AbortController();
  const links = createLinkBoard(options.onLinkChange);
  const meter = createMeter(() => performance.now() * 1000);
  let failure: Error | null = null;
  let permit: OpenPermit | null = null;
  const fail = (error: unknown): void => {
    failure ??= error instanceof Error ? error : new Error(String(error));
    permit?.desk.stop(`The run failed: ${failure.message}`);
    abort.abort();
  };

  const checkpointPath =
    config.checkpoint && options.keepsCheckpoints ? resolve(loaded.directory, config.checkpoint.file) : null;
  const kept =
    checkpointPath === null || options.startFresh ? null : await loadCheckpoint(checkpointPath, loaded.digest);
  const checkpoint = options.recorded?.checkpoint ?? kept;

  const nodes = createNodes(plan, loaded, checkpoint);
  const sinks = createSinks(plan, loaded, links, () => monitor.status());
  const pastSignals = createSlowSignals();
  // Whether the beam was on before a restart says nothing about now.
  for (const sample of checkpoint?.slowSamples ?? []) if (sample.name !== PERMIT_BEAM) pastSignals.add(sample);
  const notes = createRunNotes({
    sinks: sinks.map(({ sink }) => sink),
    accounts: () => doors.map(({ ingress }) => ingress.account()),
    checkpoint: () => checkpointNote(snapshot()),
  });
  const slowSignals = withNotes(pastSignals, notes);
  const instruments = createInstrumentControl();
  const beam = createBeamSignal(slowSignals);
  const operators = createOperators({
    mode: options.mode,
    alarms: config.alarms,
    ...{ slowSignals, notes, checkpoint },
    positions: () =>
      doors.filter(({ hasEnded }) => !hasEnded).map(({ stream, ingress }) => [stream.id, ingress.position()]),
    keep: () => checkpointing?.now() ?? Promise.resolve(),
    onAct: options.onAct,
    onAlarm: options.onAlarm,
  });
  const exposure = openExposure(config, { mode: options.mode, instruments, links, noted: options.onExposure });
  permit =
    options.mode === 'replay' || config.permit === undefined
      ? null
      : openPermit(loaded, plan, {
          order: instruments.send,
          report: links.link('permit', 'monitor').report,
          ...{ reported: beam.seen, urgent: operators.alarms.urgent },
          noted(event) {
            notes.add({ type: 'permit', ...event });
            options.onPermit?.(event);
          },
          changed: (view) => options.onPermitView?.(view),
        });
  let pump: Pump | null = null;
  const doors = plan.streams.map((stream) => {
    const { report } = links.link(stream.id, 'source');
    const ingress = createIngress({
      stream: stream.id,
      ...stream.config.ingress,
      slowSignals,
      framePeriodUs: stream.framePeriodUs,
      latestUs: () => latestWallMs() * 1000 + CLOCK_TOLERANCE_US,
      // A recording goes on exactly after its checkpoint.
      resumeAfter: options.recorded === undefined ? (checkpoint?.position[stream.id] ?? null) : null,
      isRecorded: stream.config.source?.use === 'recording',
      wake: () => pump?.wake(),
      fail,
      report,
    });
    return { stream, ingress, report, clock: createStreamClock(), hasEnded: false };
  });

  const everything = [...plan.streams, ...plan.nodes].map(({ id }) => id);
  const heard = [...options.listeners, ...(permit === null ? [] : [permit.desk.listener, beamListener(beam)])];
  if (exposure !== null) heard.push(exposure.listener);
  heard.push(listener('alarms', (signal, from) => operators.alarms.hear(signal, from)));
  const listeners = heard.map((sink) => ({ id: sink.name, from: everything, sink }));
  assemble(
    { streams: plan.streams.map(({ id }) => id), nodes, sinks: [...sinks, ...listeners] },
    Object.fromEntries(doors.map(({ stream, ingress }) => [stream.id, ingress.frames$])),
    meter,
    fail,
  );

  const snapshot = createSnapshot({
    configDigest: loaded.digest,
    stages: nodes.map(({ stage }) => stage),
    slowSignals,
    acts: operators.desk.acts,
    alarms: operators.alarms.snapshot,
    position: () => positionsOf(doors.map(({ ingress, stream }) => [stream.id, ingress.position()])),
  });
  const checkpointing: Checkpointing | null =
    checkpointPath === null || config.checkpoint === undefined
      ? null
      : createCheckpointing({
          path: checkpointPath,
          everyFrames: config.checkpoint.everyFrames,
          snapshot,
          sinks: sinks.map(({ sink }) => sink),
          report: links.link('checkpoint', 'monitor').report,
        });
  const afterFrame = (): void => {
    permit?.desk.afterFrame();
    checkpointing?.afterFrame();
    notes.afterFrame();
  };
  pump = createPump(
    doors.map(({ ingress }) => ingress),
    { afterFrame, fail, budgetMs: TURN_MS, nowMs: () => performance.now() },
  );

  const endDoor = (door: (typeof doors)[number]): void => {
    door.hasEnded = true;
    door.report({ state: 'ended', detail: 'The source has ended.' });
  };
  const runDoor = async (door: (typeof doors)[number]): Promise<void> => {
    const isPaced = options.mode === 'replay' && Number.isFinite(options.speed);
    const outlet = isPaced ? createPacedOutlet(door.ingress, options.speed, abort.signal) : null;
    const adapter = createAdapter(door.stream, {
      stream: door.stream.id,
      noise: door.stream.noise ?? undefined,
      framePeriodUs: door.stream.framePeriodUs,
      commands: instruments.inletOf(door.stream.id),
      resolvePath: (path) => resolve(loaded.directory, path),
      resumeAfter: checkpoint?.position[door.stream.id] ?? null,
    });
    await adapter.run(outlet ?? door.ingress, abort.signal);
    await outlet?.finish();
    endDoor(door);
  };
  const playRecorded = async (recorded: RecordedFeed): Promise<void> => {
    const recordedDoors = new Map(
      doors.map(({ stream, ingress }) => [stream.id, { outlet: ingress, noise: stream.noise ?? undefined }]),
    );
    await recorded.run(recordedDoors, () => pump.idle(), options.speed, abort.signal, operators.repeat).catch(fail);
    for (const door of doors) endDoor(door);
  };
  const command: PermitCommand = (request) =>
    permit?.desk.command(request) ?? Promise.resolve({ id: request.id, isDone: false, detail: noPermit(options.mode) });
  const listening =
    options.mode === 'replay' || config.commands === undefined
      ? Promise.resolve()
      : runMqttCommands(
          config,
          { accept: operators.desk.accept, permit: command, alarm: operators.alarms.command },
          links.link('commands', 'monitor').report,
          commandsEnd.signal,
        );
  const run = async (): Promise<void> => {
    await (options.recorded === undefined
      ? Promise.all(doors.map((door) => runDoor(door).catch(fail)))
      : playRecorded(options.recorded));
    if (failure === null) await pump.idle();
    pump.stop();
    await permit?.close();
    await exposure?.close();
    commandsEnd.abort();
    await listening;
    notes.end();
    if (failure === null) await checkpointing?.now();
    await Promise.all([...sinks, ...listeners].map(({ id, sink }) => closeSink(id, sink, options.onLinkChange)));
    if (failure !== null) throw failure;
  };

  const monitor: Monitor = {
    done: run(),
    stop: () => abort.abort(),
    accept: operators.desk.accept,
    permit: command,
    alarm: operators.alarms.command,
    acts: operators.desk.acts,
    alarms: operators.alarms.list,
    exposures: () => exposure?.account() ?? null,
    contextUnit: (name) => slowSignals.unitOf(name),
    resumedAt: checkpoint?.position ?? null,
    rejected: () => Object.fromEntries(doors.map(({ stream, ingress }) => [stream.id, ingress.rejected()])),
    status: () => ({
      mode: options.mode,
      speed: options.speed,
      run: config.run,
      instrument: config.instrument,
      modality: config.modality,
      streams: doors.map(({ ingress, clock, hasEnded }) => clock.judge(ingress.account(), hasEnded)),
      links: links.list(),
      nodes: meter.status(),
    }),
  };
  return monitor;
}

const noPermit = (mode: MonitorOptions['mode']): string =>
  mode === 'replay' ? 'This is a replay: no beam hangs on it.' : 'This monitor gives no beam permit.';
