import { z } from 'zod';
import { alertMessage } from '../../model/alertMessage.ts';
import { defineStage } from '../../model/defineStage.ts';
import { duration } from '../../model/duration.ts';
import type { Alert } from '../../model/alert.ts';
import type { Detection, Reading } from '../../model/signal.ts';

/** Most alerts kept open at a time: regions beyond that join the oldest. */
const MOST = 16;

const frames = () => z.number().int().min(1);
const config = z.strictObject({
  severity: z.enum(['notice', 'warning', 'critical']).default('warning').describe('How urgent the alert is.'),
  what: z.string().min(1).default('Spectrum').describe('Subject of the message: "Spectrum changed at ...".'),
  raiseAfter: z
    .strictObject({
      detections: frames().describe('Frames with a detection.'),
      of: frames().describe('Frames looked back on.'),
    })
    .default({ detections: 1, of: 1 })
    .describe('Raise when so many of the last frames carried a detection.'),
  clearAfter: z
    .union([frames(), duration.transform((us) => ({ us }))])
    .default(3)
    .describe(
      'Clear when so many frames, or so much time, passed without a detection. Readings are the tick: wire some in.',
    ),
  group: z.enum(['stream', 'region', 'all']).default('stream').describe('What makes detections one alert.'),
  renew: z
    .strictObject({
      ratio: z.number().gt(1).default(2).describe('Growth of the statistic.'),
      within: frames().default(2).describe('Frames it takes.'),
    })
    .optional()
    .describe(
      'A statistic that grows by this ratio within so many frames, on top of an open alert, is a change of its own: the alert is cleared and another raised. For sliding references, where a slow change may lead into a sudden one.',
    ),
});

/** A change under way; plain data. */
type Open = {
  stream: string;
  id: string;
  raised: boolean;
  /** Of the last detections: frame numbers and statistics. */
  seqs: number[];
  statistics: number[];
  raisedSeq: number;
  lastUs: number;
  onsetUs: number;
  onsetFromUs: number;
  onsetToUs: number;
  /** Of the strongest detection so far. */
  statistic: number;
  threshold: number;
  region: number[];
  unit: string;
  sign: number;
  runLength: number;
  evidence: string[];
  /** What the last message said. */
  toldStatistic: number;
  toldRegion: number[];
};
type Work = { id: string; keep: number } & z.output<typeof config>;

export default defineStage({
  kind: 'alert.hysteresis',
  version: 1,
  summary:
    'Makes one alert of all detections of a change: raised, updated when it grows or moves, cleared when it is over.',
  input: ['detection', 'reading'],
  outputs: ['alert'],
  config,
  example: { clearAfter: 3 },
  prepare: ({ id, config: settings }): Work => ({
    ...settings,
    id,
    keep: Math.max(settings.raiseAfter.of, (settings.renew?.within ?? 0) + 2),
  }),
  init: (): { open: Open[] } => ({ open: [] }),
  step(state, signal, emit, work) {
    const say = (entry: Open, phase: Alert['phase']) => emit(alertOf(entry, phase, signal, work));
    for (let k = state.open.length - 1; k >= 0; k--) {
      const entry = state.open[k]!;
      if (!isOver(entry, signal, work)) continue;
      state.open.splice(k, 1);
      if (entry.raised) say(entry, 'cleared');
    }
    if (signal.type !== 'detection') return;
    let entry = state.open.find((candidate) => belongs(candidate, signal, work));
    if (entry !== undefined && isRenewal(entry, signal, work)) {
      state.open.splice(state.open.indexOf(entry), 1);
      say(entry, 'cleared');
      entry = undefined;
    }
    if (entry === undefined) {
      entry = openOf(signal, work);
      if (state.open.length >= MOST) state.open.shift();
      state.open.push(entry);
    }
    take(entry, signal, work);
    const { detections, of } = work.raiseAfter;
    if (!entry.raised) {
      if (entry.seqs.filter((seq) => signal.seq - seq < of).length < detections) return;
      entry.raised = true;
      entry.raisedSeq = signal.seq;
      told(entry);
      say(entry, 'raised');
    } else if (entry.statistic >= 1.5 * entry.toldStatistic || hasMoved(entry.region, entry.toldRegion)) {
      told(entry);
      say(entry, 'updated');
    }
  },
});

function openOf(detection: Detection, work: Work): Open {
  const { stream, timeUs, onsetUs, onsetIntervalUs = [onsetUs, timeUs], seq } = detection;
  const place = work.group === 'region' && detection.region ? `/${detection.region[0]}` : '';
  return {
    stream,
    id: `${work.id}/${stream}/${timeUs}${place}`,
    raised: false,
    seqs: [],
    statistics: [],
    raisedSeq: seq,
    lastUs: timeUs,
    onsetUs,
    onsetFromUs: onsetIntervalUs[0],
    onsetToUs: onsetIntervalUs[1],
    statistic: -Infinity,
    threshold: 0,
    region: [],
    unit: '',
    sign: 0,
    runLength: 0,
    evidence: [],
    toldStatistic: 0,
    toldRegion: [],
  };
}

function take(entry: Open, detection: Detection, { keep }: Work): void {
  entry.stream = detection.stream;
  entry.lastUs = detection.timeUs;
  entry.seqs.push(detection.seq);
  entry.statistics.push(detection.statistic);
  if (entry.seqs.length > keep) {
    entry.seqs.shift();
    entry.statistics.shift();
  }
  if (!entry.evidence.includes(detection.detector)) entry.evidence.push(detection.detector);
  if (detection.statistic <= entry.statistic) return;
  entry.statistic = detection.statistic;
  entry.threshold = detection.threshold;
  entry.region = detection.region === undefined ? [] : [...detection.region];
  entry.unit = detection.regionUnit ?? '';
  entry.sign = detection.sign;
  entry.runLength = detection.averageRunLength ?? 0;
}

function told(entry: Open): void {
  entry.toldStatistic = entry.statistic;
  entry.toldRegion = entry.region;
}

function isOver(entry: Open, signal: Detection | Reading, { clearAfter, raiseAfter }: Work): boolean {
  const lastSeq = entry.seqs.at(-1) ?? entry.raisedSeq;
  if (signal.stream !== entry.stream) return false;
  if (!entry.raised && signal.seq - lastSeq >= raiseAfter.of) return true;
  return typeof clearAfter === 'number'
    ? signal.seq - lastSeq > clearAfter
    : signal.timeUs - entry.lastUs > clearAfter.us;
}

function belongs(entry: Open, detection: Detection, { group }: Work): boolean {
  if (group === 'all') return true;
  if (entry.stream !== detection.stream) return false;
  return group === 'stream' || !hasMoved(detection.region ?? [], entry.region);
}

/** Regions that do not touch; the whole spectrum touches everything. */
function hasMoved(now: readonly number[], before: readonly number[]): boolean {
  if (now.length === 0 || before.length === 0) return false;
  return now[0]! > before[1]! || now[1]! < before[0]!;
}

/** Whether the statistic has shot up from what it was `within` frames ago; a frame without detection counts as the threshold. */
function isRenewal(entry: Open, { seq, stream, statistic, threshold }: Detection, { renew }: Work): boolean {
  if (renew === undefined || !entry.raised || stream !== entry.stream || seq - entry.raisedSeq <= renew.within)
    return false;
  const at = (lag: number) => entry.statistics[entry.seqs.indexOf(seq - lag)] ?? threshold;
  return statistic >= renew.ratio * Math.max(at(renew.within), at(renew.within + 1));
}

function alertOf(entry: Open, phase: Alert['phase'], { seq, timeUs }: Detection | Reading, work: Work): Alert {
  const { id, stream, onsetUs, statistic, threshold, evidence } = entry;
  const region = entry.region.length === 0 ? undefined : ([entry.region[0]!, entry.region[1]!] as const);
  const regionUnit = entry.unit === '' ? undefined : entry.unit;
  const sign = Math.sign(entry.sign) as -1 | 0 | 1;
  const what = { onsetUs, statistic, threshold, region, regionUnit, sign };
  const message = alertMessage(work.what, what);
  return {
    type: 'alert',
    id,
    rule: work.id,
    stream,
    seq,
    timeUs,
    onsetIntervalUs: [entry.onsetFromUs, entry.onsetToUs],
    severity: work.severity,
    phase,
    message: phase === 'cleared' ? `Over: ${message}` : message,
    evidence: [...evidence],
    ...what,
    averageRunLength: entry.runLength === 0 ? undefined : entry.runLength,
  };
}
