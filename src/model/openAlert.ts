import type { Alert, Severity } from './alert.ts';
import { acceptedMessage, alertMessage, clearedMessage } from './alertMessage.ts';
import { ACCEPTED } from './operatorAct.ts';
import type { Detection, Reading } from './signal.ts';

/** A change under way; plain data. */
export type OpenAlert = {
  stream: string;
  id: string;
  raised: boolean;
  /** Of the last detections: frame numbers, times and statistics. */
  seqs: number[];
  timesUs: number[];
  statistics: number[];
  raisedSeq: number;
  onsetUs: number;
  onsetFromUs: number;
  onsetToUs: number;
  /** Of the strongest detection so far. */
  statistic: number;
  threshold: number;
  region: number[];
  unit: string;
  sign: number;
  template: string;
  runLength: number;
  evidence: string[];
  /** What the last message said. */
  toldStatistic: number;
  toldRegion: number[];
};

/** When a change can have begun: after `quietUs`, by the best guess at `beganUs`. */
export interface OnsetBound {
  readonly quietUs: number;
  readonly beganUs: number;
}

/**
 * An alert for a first detection, which is still to be taken in.
 *
 * @param rule - id of the stage.
 * @param place - told apart from others of the same stream and time by it; may be empty.
 * @param bound - where the detection's own onset belongs to an earlier change: what is known of this one.
 */
export function openAlert(detection: Detection, rule: string, place: string, bound?: OnsetBound): OpenAlert {
  const { stream, timeUs, seq, onsetIntervalUs = [detection.onsetUs, timeUs] } = detection;
  const own = bound === undefined || detection.onsetUs > bound.quietUs;
  return {
    stream,
    id: `${rule}/${stream}/${timeUs}${place}`,
    raised: false,
    seqs: [],
    timesUs: [],
    statistics: [],
    raisedSeq: seq,
    onsetUs: own ? detection.onsetUs : bound.beganUs,
    onsetFromUs: own ? onsetIntervalUs[0] : bound.quietUs,
    onsetToUs: own ? onsetIntervalUs[1] : timeUs,
    statistic: -Infinity,
    threshold: 0,
    region: [],
    unit: '',
    sign: 0,
    template: '',
    runLength: 0,
    evidence: [],
    toldStatistic: 0,
    toldRegion: [],
  };
}

/** Takes a detection in; the last `keep` are remembered, the strongest is spoken of. */
export function takeDetection(entry: OpenAlert, detection: Detection, keep: number): void {
  entry.stream = detection.stream;
  entry.seqs.push(detection.seq);
  entry.timesUs.push(detection.timeUs);
  entry.statistics.push(detection.statistic);
  if (entry.seqs.length > keep) {
    entry.seqs.shift();
    entry.timesUs.shift();
    entry.statistics.shift();
  }
  if (!entry.evidence.includes(detection.detector)) entry.evidence.push(detection.detector);
  if (detection.statistic <= entry.statistic) return;
  entry.statistic = detection.statistic;
  entry.threshold = detection.threshold;
  entry.region = detection.region === undefined ? [] : [...detection.region];
  entry.unit = detection.regionUnit ?? '';
  entry.sign = detection.sign;
  entry.template = detection.template ?? '';
  entry.runLength = detection.averageRunLength ?? 0;
}

/** Time of the last detection, microseconds. */
export function lastUs(entry: OpenAlert): number {
  return entry.timesUs.at(-1) ?? entry.onsetToUs;
}

/** Whether a signal tells that the operator accepted the state this alert speaks of: a detector of it has forgotten the old one. */
export function isAcceptedBy(signal: Detection | Reading, { stream, evidence }: OpenAlert): boolean {
  return (
    signal.type === 'reading' && signal.name === ACCEPTED && signal.stream === stream && evidence.includes(signal.stage)
  );
}

/** What is said of it now, and because of which signal; as `raised` and `updated` it counts as told. */
export function sayAlert(
  entry: OpenAlert,
  phase: Alert['phase'],
  cause: Detection | Reading,
  { id: rule, what: subject, severity }: { readonly id: string; readonly what: string; readonly severity: Severity },
): Alert {
  const { id, stream, onsetUs, statistic, threshold, template } = entry;
  const { seq, timeUs } = cause;
  if (phase !== 'cleared') {
    entry.toldStatistic = statistic;
    entry.toldRegion = entry.region;
  }
  const region = entry.region.length === 0 ? undefined : ([entry.region[0], entry.region[1]] as const);
  const regionUnit = entry.unit === '' ? undefined : entry.unit;
  const sign = Math.sign(entry.sign) as -1 | 0 | 1;
  const what = { onsetUs, statistic, threshold, region, regionUnit, sign };
  const told = { ...what, template };
  const isAccepted = phase === 'cleared' && isAcceptedBy(cause, entry);
  const over = isAccepted ? acceptedMessage : clearedMessage;
  return {
    type: 'alert',
    id,
    rule,
    stream,
    seq,
    timeUs,
    onsetIntervalUs: [entry.onsetFromUs, entry.onsetToUs],
    severity,
    phase,
    message: phase === 'cleared' ? over(subject, told, lastUs(entry) - onsetUs) : alertMessage(subject, told),
    evidence: [...entry.evidence],
    ...what,
    template: template === '' ? undefined : template,
    clearedBy: isAccepted ? 'operator' : undefined,
    averageRunLength: entry.runLength === 0 ? undefined : entry.runLength,
  };
}
