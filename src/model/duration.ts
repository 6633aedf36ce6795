import { z } from 'zod';

const UNIT_US = { us: 1, ms: 1e3, s: 1e6, min: 6e7, h: 3.6e9, d: 8.64e10 } as const;
const PATTERN = /^\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)\s*$/;

/**
 * A span of time in a person's words, as whole microseconds.
 *
 * @param text - a number and a unit: us, ms, s, min, h or d.
 * @returns integer microseconds, at least 1.
 * @throws RangeError when the text is not a span of time, or shorter than a microsecond.
 * @example
 * parseDuration('8 h'); // => 28800000000
 */
export function parseDuration(text: string): number {
  const match = PATTERN.exec(text);
  if (match === null)
    throw new RangeError(`'${text}' is not a duration, expected a number and us, ms, s, min, h or d, as in '8 h'`);
  const us = Math.round(Number(match[1]) * UNIT_US[match[2] as keyof typeof UNIT_US]);
  if (us < 1 || !Number.isSafeInteger(us)) throw new RangeError(`'${text}' is ${us} us, expected from 1 us to 2^53 us`);
  return us;
}

/** A setting like '8 h', '30 min', '10 s', '250 ms' or '2 d': a string in the pipeline file, microseconds inside. */
export const duration = z
  .string()
  .regex(PATTERN, "expected a number and a unit (us, ms, s, min, h, d), as in '8 h'")
  .transform((text, context) => {
    try {
      return parseDuration(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as RangeError).message });
      return z.NEVER;
    }
  })
  .meta({ description: "A span of time: '250 ms', '10 s', '30 min', '8 h', '2 d'.", examples: ['8 h'] });

/** How rarely quiet data may raise a detection: once per span of time, or once per number of frames. */
export const falseAlarmRate = z.strictObject({
  onePer: z
    .union([duration, z.strictObject({ frames: z.number().min(1).describe('Number of frames.') })])
    .describe("'8 h' (needs the frame period of the stream) or { frames: 10000 }."),
});
export type FalseAlarmRate = z.output<typeof falseAlarmRate>;

/**
 * The mean number of frames between false alarms that a rate asks for.
 *
 * @param rate - as parsed by {@link falseAlarmRate}.
 * @param framePeriodUs - declared frame period, microseconds; null when not declared.
 * @throws RangeError when the rate is a span of time and the period is not declared, or when the span is shorter than one frame.
 */
export function runLengthOf(rate: FalseAlarmRate, framePeriodUs: number | null): number {
  if (typeof rate.onePer !== 'number') return rate.onePer.frames;
  if (framePeriodUs === null)
    throw new RangeError(
      'a false-alarm rate per time needs framePeriodMs of the stream; declare it, or say { onePer: { frames: n } }',
    );
  const frames = rate.onePer / framePeriodUs;
  if (frames < 1)
    throw new RangeError(
      `one false alarm per ${durationText(rate.onePer)} is more than one per frame of ${durationText(framePeriodUs)}`,
    );
  return frames;
}

/** Microseconds in the largest unit that they are at least one of: the reverse of {@link parseDuration}, to three figures. */
function durationText(us: number): string {
  const units = Object.entries(UNIT_US).reverse();
  const [unit, size] = units.find(([, each]) => us >= each) ?? ['us', 1];
  return `${Number((us / size).toPrecision(3))} ${unit}`;
}
