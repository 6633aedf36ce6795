import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { AdapterSetting } from '../src/model/adapter.ts';
import { MonitorError } from '../src/model/error.ts';
import { WireError } from '../src/wire/wireError.ts';

/** An axis of data that come without one. */
export const axisSettings = z
  .strictObject({
    name: z.string().min(1).default('channel').describe("'energy', 'q', 'twoTheta', 'ramanShift'."),
    unit: z.string().min(1).default('1').describe("UCUM code: 'eV', 'deg', 'cm-1'."),
    offset: z.number().default(0).describe('Coordinate of the centre of channel 0.'),
    step: z
      .number()
      .refine((step) => step !== 0, 'expected a step that is not 0')
      .default(1)
      .describe('From one channel to the next; negative where the axis falls.'),
    file: z
      .string()
      .optional()
      .describe('Text file with the coordinate of each channel, one to a line, instead of offset and step.'),
  })
  .prefault({});

/** The coordinates of some channels, ascending. */
export interface AxisPart {
  readonly name: string;
  readonly unit: string;
  readonly coordinates: Float64Array;
  /** The channels come in the opposite order. */
  readonly isFalling: boolean;
}

/**
 * The axis that the settings declare.
 *
 * @returns gives the coordinates of the channels from `first`, `count` of them; throws WireError 'layout' where the
 *   file has none.
 * @throws MonitorError 'ADAPTER' when the file cannot be read, or is not monotonic.
 */
export function declaredAxis(
  { name, unit, offset, step, file }: z.output<typeof axisSettings>,
  setting: Pick<AdapterSetting, 'stream' | 'resolvePath'>,
): (first: number, count: number) => AxisPart {
  const listed = file === undefined ? null : readAxisFile(setting.resolvePath(file), setting.stream);
  const at = (i: number): number => listed?.[i] ?? offset + i * step;
  return (first, count) => {
    if (listed !== null && first + count > listed.length)
      throw new WireError('layout', `${first + count} channels, the file of the axis has ${listed.length}`);
    const coordinates = Float64Array.from({ length: count }, (_, i) => at(first + i));
    const isFalling = count > 1 && coordinates[1]! < coordinates[0]!;
    return { name, unit, coordinates: isFalling ? coordinates.reverse() : coordinates, isFalling };
  };
}

function readAxisFile(path: string, stream: string): readonly number[] {
  const refusal = (sentence: string, cause?: unknown): MonitorError =>
    new MonitorError('ADAPTER', `the file of the axis ${sentence}`, { id: stream, path }, { cause });
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw refusal('cannot be read', cause);
  }
  const numbers: number[] = [];
  text.split(/\r?\n/).forEach((line, k) => {
    const word = line.replace(/#.*/, '').trim();
    if (word === '') return;
    const number = Number(word);
    if (!Number.isFinite(number)) throw refusal(`has '${word.slice(0, 40)}' in line ${k + 1}, expected a number`);
    numbers.push(number);
  });
  if (numbers.length === 0) throw refusal('has no number');
  const sign = Math.sign((numbers[1] ?? Infinity) - numbers[0]!);
  const stray = numbers.findIndex((number, i) => i > 0 && Math.sign(number - numbers[i - 1]!) !== sign);
  if (sign === 0 || stray >= 0)
    throw refusal(`turns back at channel ${Math.max(stray, 1)}, expected coordinates that rise or fall`);
  return numbers;
}
