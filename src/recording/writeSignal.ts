import type { Alert } from '../model/alert.ts';
import type { Detection, Reading } from '../model/signal.ts';
import { encodedText, textMostBytes } from '../wire/cborWriter.ts';
import type { CborWriter } from '../wire/cborWriter.ts';

/** More than all keys and numbers of a signal take together. */
const FIXED_BYTES = 512;

const TYPE = encodedText('type');
const FROM = encodedText('from');
const STREAM = encodedText('stream');
const SEQ = encodedText('seq');
const TIME_US = encodedText('timeUs');
const STAGE = encodedText('stage');
const NAME = encodedText('name');
const VALUE = encodedText('value');
const STANDARD_ERROR = encodedText('standardError');
const SYSTEMATIC_ERROR = encodedText('systematicError');
const UNIT = encodedText('unit');
const QUALITY = encodedText('quality');
const REGION = encodedText('region');
const REGION_UNIT = encodedText('regionUnit');
const SIGN = encodedText('sign');
const ONSET_US = encodedText('onsetUs');
const ONSET_INTERVAL_US = encodedText('onsetIntervalUs');
const DETECTOR = encodedText('detector');
const STATISTIC = encodedText('statistic');
const THRESHOLD = encodedText('threshold');
const TEMPLATE = encodedText('template');
const AVERAGE_RUN_LENGTH = encodedText('averageRunLength');
const ID = encodedText('id');
const RULE = encodedText('rule');
const SEVERITY = encodedText('severity');
const PHASE = encodedText('phase');
const MESSAGE = encodedText('message');
const CLEARED_BY = encodedText('clearedBy');
const EVIDENCE = encodedText('evidence');

/** A signal and the node it came from take no more than so many bytes. */
export function signalMostBytes(signal: Reading | Detection | Alert, from: string): number {
  const common =
    FIXED_BYTES + textMostBytes(from) + textMostBytes(signal.stream) + textMostBytes(signal.regionUnit ?? '');
  if (signal.type === 'reading')
    return common + textMostBytes(signal.stage) + textMostBytes(signal.name) + textMostBytes(signal.unit);
  if (signal.type === 'detection')
    return common + textMostBytes(signal.detector) + textMostBytes(signal.template ?? '');
  const own =
    common +
    textMostBytes(signal.template ?? '') +
    textMostBytes(signal.id) +
    textMostBytes(signal.rule) +
    textMostBytes(signal.message);
  return signal.evidence.reduce((sum, id) => sum + textMostBytes(id), own);
}

/** The map `{...signal, from}`, written in place. */
export function writeSignal(writer: CborWriter, signal: Reading | Detection | Alert, from: string): void {
  writer.beginMap();
  if (signal.type === 'reading') writeReading(writer, signal, from);
  else writeFinding(writer, signal, from);
  writer.endMap();
}

function writeReading(writer: CborWriter, reading: Reading, from: string): void {
  const { encoded, fieldCount } = seriesOf(reading, from);
  writer.fields(encoded, fieldCount);
  writer.numberField(SEQ, reading.seq);
  writer.numberField(TIME_US, reading.timeUs);
  writer.numberField(VALUE, reading.value);
  writer.numberField(STANDARD_ERROR, reading.standardError);
  writer.numberField(SYSTEMATIC_ERROR, reading.systematicError);
  writer.pairField(REGION, reading.region);
  writer.numberField(SIGN, reading.sign);
}

function writeFinding(writer: CborWriter, signal: Detection | Alert, from: string): void {
  writer.wordField(TYPE, signal.type);
  writer.wordField(STREAM, signal.stream);
  writer.numberField(SEQ, signal.seq);
  writer.numberField(TIME_US, signal.timeUs);
  if (signal.type === 'detection') writeDetection(writer, signal);
  else writeAlert(writer, signal);
  writer.pairField(REGION, signal.region);
  writer.wordField(REGION_UNIT, signal.regionUnit);
  writer.numberField(SIGN, signal.sign);
  writer.wordField(FROM, from);
}

/** What the readings of a series have in common: their texts, encoded once. */
interface Series extends Pick<Reading, 'stream' | 'stage' | 'unit' | 'quality' | 'regionUnit'> {
  readonly from: string;
  readonly encoded: Uint8Array;
  readonly fieldCount: number;
}

const MAX_SERIES = 4096;
const seriesByName = new Map<string, Series[]>();
let seriesCount = 0;

function seriesOf(reading: Reading, from: string): Series {
  const candidates = seriesByName.get(reading.name);
  if (candidates !== undefined)
    for (const series of candidates)
      if (
        series.from === from &&
        series.stage === reading.stage &&
        series.stream === reading.stream &&
        series.unit === reading.unit &&
        series.quality === reading.quality &&
        series.regionUnit === reading.regionUnit
      )
        return series;
  return learnSeries(reading, from);
}

function learnSeries(reading: Reading, from: string): Series {
  if (seriesCount >= MAX_SERIES) {
    seriesByName.clear();
    seriesCount = 0;
  }
  const { name, stream, stage, unit, quality, regionUnit } = reading;
  const fields: [Uint8Array, string][] = [
    [TYPE, reading.type],
    [STREAM, stream],
    [STAGE, stage],
    [NAME, name],
    [UNIT, unit],
    [QUALITY, quality],
    [FROM, from],
  ];
  if (regionUnit !== undefined) fields.push([REGION_UNIT, regionUnit]);
  const encoded = Uint8Array.from(fields.flatMap(([key, text]) => [...key, ...encodedText(text)]));
  const series = { stream, stage, unit, quality, regionUnit, from, encoded, fieldCount: fields.length };
  seriesByName.set(name, [...(seriesByName.get(name) ?? []), series]);
  seriesCount++;
  return series;
}

function writeDetection(writer: CborWriter, detection: Detection): void {
  writer.numberField(ONSET_US, detection.onsetUs);
  writer.pairField(ONSET_INTERVAL_US, detection.onsetIntervalUs);
  writer.wordField(DETECTOR, detection.detector);
  writer.numberField(STATISTIC, detection.statistic);
  writer.numberField(THRESHOLD, detection.threshold);
  writer.wordField(TEMPLATE, detection.template);
  writer.numberField(AVERAGE_RUN_LENGTH, detection.averageRunLength);
}

function writeAlert(writer: CborWriter, alert: Alert): void {
  writer.key(ID);
  writer.text(alert.id);
  writer.wordField(RULE, alert.rule);
  writer.numberField(ONSET_US, alert.onsetUs);
  writer.pairField(ONSET_INTERVAL_US, alert.onsetIntervalUs);
  writer.wordField(SEVERITY, alert.severity);
  writer.wordField(PHASE, alert.phase);
  writer.key(MESSAGE);
  writer.text(alert.message);
  writer.key(EVIDENCE);
  writer.head(4, alert.evidence.length);
  for (const id of alert.evidence) writer.word(id);
  writer.numberField(STATISTIC, alert.statistic);
  writer.numberField(THRESHOLD, alert.threshold);
  writer.wordField(TEMPLATE, alert.template);
  writer.wordField(CLEARED_BY, alert.clearedBy);
  writer.numberField(AVERAGE_RUN_LENGTH, alert.averageRunLength);
}
