import type { PermitView } from '../model/permit.ts';
import type { LinkHealth, MonitorStatus, NodeStatus, StreamStatus } from '../model/status.ts';
import type { AlertView } from './protocol.ts';

/** What the metrics are made of. */
export interface MetricsParts {
  readonly status: MonitorStatus | null;
  readonly permit: PermitView | null;
  readonly alerts: readonly AlertView[];
  /** Wall clock, milliseconds since 1970. */
  readonly nowMs: number;
}

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

/** Collects families of samples in the text format of Prometheus, 0.0.4. */
interface Exposition {
  family(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): void;
  text(): string;
}

/**
 * All metrics of a monitor in the text format of Prometheus (version 0.0.4): names with the prefix operando_, base units,
 * counters end in _total. Labels come from the pipeline file alone, so that their number is bounded.
 */
export function metricsText({ status, permit, alerts, nowMs }: MetricsParts): string {
  const exposition = createExposition();
  if (status !== null) {
    const { run, instrument, modality, mode } = status;
    exposition.family('operando_run_info', 'gauge', 'What runs.', [[{ run, instrument, modality, mode }, 1]]);
    addStreams(exposition, status.streams);
    addStages(exposition, status.nodes);
    addLinks(exposition, status.links);
  }
  addAlerts(exposition, alerts);
  if (permit !== null) addPermit(exposition, permit, nowMs);
  addProcess(exposition, nowMs);
  return exposition.text();
}

function addStreams({ family }: Exposition, streams: readonly StreamStatus[]): void {
  const of = (value: (stream: StreamStatus) => number): Sample[] =>
    streams.map((stream) => [{ stream: stream.stream }, value(stream)]);
  family(
    'operando_frames_received_total',
    'counter',
    'Frames that arrived.',
    of((s) => s.receivedCount),
  );
  family(
    'operando_frames_processed_total',
    'counter',
    'Frames that went through the stages.',
    of((s) => s.processedCount),
  );
  family(
    'operando_frames_merged_total',
    'counter',
    'Frames added to a waiting one.',
    of((s) => s.mergedCount),
  );
  family(
    'operando_frames_lost_total',
    'counter',
    'Gaps in the numbers of the source.',
    of((s) => s.lostCount),
  );
  family(
    'operando_frames_masked_total',
    'counter',
    'Frames with masked channels.',
    of((s) => s.maskedCount),
  );
  family(
    'operando_frames_waiting',
    'gauge',
    'Frames in the queue at the door.',
    of((s) => s.waitingCount),
  );
  family(
    'operando_stream_frames_per_second',
    'gauge',
    'Present rate of frames.',
    of((s) => s.framesPerSecond),
  );
  family(
    'operando_frames_dropped_total',
    'counter',
    'Frames that were not processed, by reason.',
    streams.flatMap(({ stream, droppedCount }) =>
      Object.entries(droppedCount).map(([reason, count]): Sample => [{ stream, reason }, count]),
    ),
  );
  family(
    'operando_stream_live',
    'gauge',
    '1 while frames arrive in time.',
    streams.map(({ stream, state }) => [{ stream, state }, state === 'live' ? 1 : 0]),
  );
  family(
    'operando_stream_last_frame_timestamp_seconds',
    'gauge',
    'Start of exposure of the last frame, by its own clock.',
    streams.flatMap(({ stream, lastTimeUs }): Sample[] =>
      lastTimeUs === null ? [] : [[{ stream }, lastTimeUs / 1e6]],
    ),
  );
}

function addStages({ family }: Exposition, nodes: readonly NodeStatus[]): void {
  const of = (value: (node: NodeStatus) => number): Sample[] =>
    nodes.map((node) => [{ stage: node.id, kind: node.kind }, value(node)]);
  family(
    'operando_stage_signals_total',
    'counter',
    'Signals a stage took in.',
    of((n) => n.inCount),
  );
  family(
    'operando_stage_emitted_total',
    'counter',
    'Signals a stage gave.',
    of((n) => n.outCount),
  );
  family(
    'operando_stage_errors_total',
    'counter',
    'Signals on which a stage failed.',
    of((n) => n.errorCount),
  );
  family(
    'operando_stage_seconds_total',
    'counter',
    'Time spent in a stage itself.',
    of((n) => n.totalUs / 1e6),
  );
}

function addLinks({ family }: Exposition, links: readonly LinkHealth[]): void {
  family(
    'operando_link_up',
    'gauge',
    '1 while a source, sink or part of the monitor is well.',
    links.map(({ id, role, state }) => [{ link: id, role }, state === 'ok' ? 1 : 0]),
  );
  family(
    'operando_link_dropped_total',
    'counter',
    'Signals that could not be delivered, by reason.',
    links.flatMap(({ id, role, droppedCount = {} }) =>
      Object.entries(droppedCount).map(([reason, count]): Sample => [{ link: id, role, reason }, count]),
    ),
  );
  const spools = links.flatMap(({ id, spool }) => (spool === undefined ? [] : [{ id, spool }]));
  const of = (value: (spool: (typeof spools)[number]['spool']) => number): Sample[] =>
    spools.map(({ id, spool }) => [{ link: id }, value(spool)]);
  family(
    'operando_spool_waiting',
    'gauge',
    'Items on disk that wait for delivery.',
    of((s) => s.waitingCount),
  );
  family(
    'operando_spool_bytes',
    'gauge',
    'Size of a spool on disk.',
    of((s) => s.bytes),
  );
  family(
    'operando_spool_limit_bytes',
    'gauge',
    'Size at which a spool gives up items.',
    of((s) => s.capBytes),
  );
  family(
    'operando_spool_oldest_timestamp_seconds',
    'gauge',
    'When the oldest item that waits was taken in.',
    spools.flatMap(({ id, spool: { oldestMs } }): Sample[] =>
      oldestMs === null ? [] : [[{ link: id }, oldestMs / 1000]],
    ),
  );
}

function addAlerts({ family }: Exposition, alerts: readonly AlertView[]): void {
  const standing = alerts.filter(({ clearedUs }) => clearedUs === null);
  family(
    'operando_alerts_active',
    'gauge',
    'Alerts that stand, by severity.',
    (['notice', 'warning', 'critical'] as const).map((severity) => [
      { severity },
      standing.filter(({ alert }) => alert.severity === severity).length,
    ]),
  );
  family(
    'operando_alarms',
    'gauge',
    'Alarms by where they are in their life (ISA-18.2).',
    ALARM_STATES.map((state) => [{ state }, alerts.filter(({ life }) => life.state === state).length]),
  );
}

const ALARM_STATES = ['unacknowledged', 'acknowledged', 'returned', 'latched', 'shelved'] as const;

function addPermit({ family }: Exposition, permit: PermitView, nowMs: number): void {
  const { state, observed, epoch, leaseMs, leaseLeftMs } = permit;
  family('operando_permit_permitted', 'gauge', '1 while the beam is permitted.', [
    [{ state }, state === 'permitted' ? 1 : 0],
  ]);
  family('operando_permit_shutter_open', 'gauge', '1 while the shutter is not seen closed.', [
    [{ observed }, observed === 'closed' ? 0 : 1],
  ]);
  family('operando_permit_epoch', 'gauge', 'Armings so far.', [[{}, epoch]]);
  if (leaseLeftMs > 0)
    family('operando_permit_last_renewal_timestamp_seconds', 'gauge', 'When the lease was last renewed.', [
      [{}, (nowMs - (leaseMs - leaseLeftMs)) / 1000],
    ]);
}

function addProcess({ family }: Exposition, nowMs: number): void {
  const { user, system } = process.cpuUsage();
  family('process_cpu_seconds_total', 'counter', 'Processor time.', [[{}, (user + system) / 1e6]]);
  family('process_resident_memory_bytes', 'gauge', 'Memory of the process.', [[{}, process.memoryUsage.rss()]]);
  family('process_start_time_seconds', 'gauge', 'When the process began.', [[{}, nowMs / 1000 - process.uptime()]]);
}

function createExposition(): Exposition {
  const lines: string[] = [];
  return {
    family(name, type, help, samples) {
      if (samples.length === 0) return;
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
      for (const [labels, value] of samples) lines.push(`${name}${labelText(labels)} ${numberText(value)}`);
    },
    text: () => `${lines.join('\n')}\n`,
  };
}

function labelText(labels: Labels): string {
  const parts = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`,
  );
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

const numberText = (value: number): string =>
  Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
