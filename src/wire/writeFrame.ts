import type { Frame } from '../model/frame.ts';
import type { SlowSample } from '../model/signal.ts';
import { encodedText, textMostBytes } from './cborWriter.ts';
import type { CborWriter } from './cborWriter.ts';

/** More than all keys and numbers of a flat map take together. */
const FIXED_BYTES = 384;

const TYPE = encodedText('type');
const STREAM = encodedText('stream');
const SEQ = encodedText('seq');
const TIME_US = encodedText('timeUs');
const EXPOSURE_US = encodedText('exposureUs');
const LAYOUT_ID = encodedText('layoutId');
const VALUES = encodedText('values');
const VARIANCES = encodedText('variances');
const MASK = encodedText('mask');
const UNSEEN_EXPOSURE_US = encodedText('unseenExposureUs');
const AXIS_SHIFT = encodedText('axisShift');
const FLAGS = encodedText('flags');
const CONTEXT = encodedText('context');
const CONTEXT_AGE_US = encodedText('contextAgeUs');
const NAME = encodedText('name');
const VALUE = encodedText('value');
const UNIT = encodedText('unit');

/** A frame takes no more than so many bytes. */
export const frameMostBytes = (frame: Frame): number =>
  FIXED_BYTES +
  textMostBytes(frame.stream) +
  frame.values.byteLength +
  (frame.variances?.byteLength ?? 0) +
  (frame.mask?.byteLength ?? 0) +
  numbersMostBytes(frame.context) +
  numbersMostBytes(frame.contextAgeUs);

/** The same map as `frameForm` makes, written in place. */
export function writeFrame(writer: CborWriter, frame: Frame, layoutId: string): void {
  writer.beginMap();
  writer.wordField(TYPE, 'frame');
  writer.wordField(STREAM, frame.stream);
  writer.numberField(SEQ, frame.seq);
  writer.numberField(TIME_US, frame.timeUs);
  writer.numberField(EXPOSURE_US, frame.exposureUs);
  writer.wordField(LAYOUT_ID, layoutId);
  writer.arrayField(VALUES, frame.values);
  writer.arrayField(VARIANCES, frame.variances);
  writer.arrayField(MASK, frame.mask);
  if (frame.unseenExposureUs !== 0) writer.numberField(UNSEEN_EXPOSURE_US, frame.unseenExposureUs);
  if (frame.axisShift !== 0) writer.numberField(AXIS_SHIFT, frame.axisShift);
  if (frame.flags !== 0) writer.numberField(FLAGS, frame.flags);
  if (countOf(frame.context) > 0) {
    writer.key(CONTEXT);
    writeNumbers(writer, frame.context);
    writer.key(CONTEXT_AGE_US);
    writeNumbers(writer, frame.contextAgeUs);
  }
  writer.endMap();
}

/** A slow sample takes no more than so many bytes. */
export const slowMostBytes = ({ name, unit, stream = '' }: SlowSample): number =>
  FIXED_BYTES + textMostBytes(name) + textMostBytes(unit) + textMostBytes(stream);

/** The same map as `slowForm` makes, written in place. */
export function writeSlow(writer: CborWriter, sample: SlowSample): void {
  writer.beginMap();
  writer.wordField(TYPE, 'slow');
  writer.wordField(NAME, sample.name);
  writer.wordField(STREAM, sample.stream);
  writer.numberField(TIME_US, sample.timeUs);
  writer.numberField(VALUE, sample.value);
  writer.wordField(UNIT, sample.unit);
  writer.endMap();
}

type Numbers = Readonly<Record<string, number>>;

function countOf(numbers: Numbers): number {
  let count = 0;
  for (const _ in numbers) count++;
  return count;
}

function numbersMostBytes(numbers: Numbers): number {
  let bytes = 9;
  for (const name in numbers) bytes += textMostBytes(name) + 9;
  return bytes;
}

function writeNumbers(writer: CborWriter, numbers: Numbers): void {
  writer.head(5, countOf(numbers));
  for (const name in numbers) {
    writer.word(name);
    writer.number(numbers[name]!);
  }
}
