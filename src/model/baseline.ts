import { z } from 'zod';
import { axisLength, channelCentre, fastAxis, NOISES, type Layout, type Noise } from './layout.ts';

/** A spectrum known to be quiet, summed: what a detector may take for its reference instead of learning one. */
export interface Baseline {
  readonly axis: {
    /** UCUM code. */
    readonly unit: string;
    /** [n] strictly increasing. */
    readonly centres: Float64Array;
  };
  readonly noise: Noise;
  /** Frames summed, >= 1. */
  readonly frames: number;
  /** Their exposures together, microseconds. */
  readonly exposureUs: number;
  /** [n] sum of the values. */
  readonly sum: Float64Array;
  /** [n] sum of their squares: what the variance of a channel is learned from. */
  readonly sumOfSquares: Float64Array;
  /** Where it comes from, for people. */
  readonly madeFrom: string;
}

const FORMAT = 'operando-baseline/1';
/** How far a channel may lie from its place in the file, as a share of the distance to the next channel. */
const TOLERANCE = 1e-3;

const numbers = z.array(z.number());
const file = z.object({
  format: z.literal(FORMAT),
  axis: z.object({ unit: z.string(), centres: numbers.min(1) }),
  noise: z.enum(NOISES),
  frames: z.int().min(1),
  exposureUs: z.number().positive(),
  sum: numbers,
  sumOfSquares: numbers,
  madeFrom: z.string(),
});

/**
 * Reads a baseline file.
 *
 * @param bytes - UTF-8 of the JSON text.
 * @throws RangeError naming the first place that is wrong.
 */
export function parseBaseline(bytes: Uint8Array): Baseline {
  let data: unknown;
  try {
    data = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new RangeError('the baseline is not JSON', { cause: error });
  }
  const parsed = file.safeParse(data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new RangeError(`the baseline is wrong at ${issue?.path.join('.') || 'its top'}: ${issue?.message}`);
  }
  const { axis, sum, sumOfSquares, noise, frames, exposureUs, madeFrom } = parsed.data;
  const { unit, centres } = axis;
  for (const [name, list] of Object.entries({ sum, sumOfSquares }))
    if (list.length !== centres.length)
      throw new RangeError(
        `the baseline is wrong at ${name}: ${list.length} numbers, expected ${centres.length} as in axis.centres`,
      );
  const fall = centres.findIndex((centre, i) => i > 0 && centre <= centres[i - 1]);
  if (fall > 0) throw new RangeError(`the baseline is wrong at axis.centres.${fall}: it does not increase`);
  return {
    axis: { unit, centres: Float64Array.from(centres) },
    noise,
    frames,
    exposureUs,
    sum: Float64Array.from(sum),
    sumOfSquares: Float64Array.from(sumOfSquares),
    madeFrom,
  };
}

/** The bytes of a baseline file. */
export function serialiseBaseline(baseline: Baseline): Uint8Array {
  const { axis, noise, frames, exposureUs, sum, sumOfSquares, madeFrom } = baseline;
  const data: z.input<typeof file> = {
    format: FORMAT,
    axis: { unit: axis.unit, centres: [...axis.centres] },
    noise,
    frames,
    exposureUs,
    sum: [...sum],
    sumOfSquares: [...sumOfSquares],
    madeFrom,
  };
  return new TextEncoder().encode(`${JSON.stringify(data)}\n`);
}

/**
 * The part of a baseline that a layout covers: all its channels, in their order.
 *
 * @returns a baseline with exactly the channels of the fast axis.
 * @throws RangeError when the unit differs, or when a channel of the layout is not in the baseline.
 */
export function baselineOn(baseline: Baseline, layout: Layout): Baseline {
  const axis = fastAxis(layout);
  const { unit, centres } = baseline.axis;
  const n = axisLength(axis);
  if (unit !== axis.unit)
    throw new RangeError(`the baseline is over an axis in ${unit}, the frames over one in ${axis.unit}`);
  let first = 0;
  while (first < centres.length - 1 && !isAt(centres, first, channelCentre(axis, 0))) first++;
  for (let i = 0; i < n; i++)
    if (first + i >= centres.length || !isAt(centres, first + i, channelCentre(axis, i)))
      throw new RangeError(
        `the baseline has no channel at ${channelCentre(axis, i)} ${unit}; ` +
          `it has ${centres.length}, from ${centres[0]} to ${centres[centres.length - 1]} ${unit}`,
      );
  const part = (list: Float64Array) => list.slice(first, first + n);
  return {
    ...baseline,
    axis: { unit, centres: part(centres) },
    sum: part(baseline.sum),
    sumOfSquares: part(baseline.sumOfSquares),
  };
}

function isAt(centres: Float64Array, i: number, x: number): boolean {
  const n = centres.length;
  const pitch = n === 1 ? Math.abs(x) : i + 1 < n ? centres[i + 1] - centres[i] : centres[i] - centres[i - 1];
  return Math.abs(centres[i] - x) <= TOLERANCE * pitch;
}
