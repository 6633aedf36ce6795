import { z } from 'zod';
import { axisLength, channelCentre, fastAxis, type Axis, type Layout } from './layout.ts';

/** What carries the spectra of one instrument (the slave) over to another (the master). */
export interface Transfer {
  readonly method: 'pds' | 'ds' | 'slopeBias' | 'coral';
  readonly slave: TransferAxis;
  readonly master: TransferAxis;
  readonly map: BandedTransfer | LowRankTransfer;
  /** [m] root mean square error of each channel, standards left out in turn; null when there were too few. */
  readonly error: Float64Array | null;
  /** Whether values count per second of exposure or as a frame has them. */
  readonly per: 'second' | 'frame';
  readonly standards: number;
  /** Where it comes from, for people. */
  readonly madeFrom: string;
}

export interface TransferAxis {
  readonly name: string;
  /** UCUM code. */
  readonly unit: string;
  /** Strictly increasing. */
  readonly centres: Float64Array;
}

/** Each channel from a window of channels j - halfWindow .. j + halfWindow: [n (2 halfWindow + 1)] coefficients, [n] offset. */
export interface BandedTransfer {
  readonly kind: 'banded';
  readonly halfWindow: number;
  readonly coefficients: Float64Array;
  readonly offset: Float64Array;
}

/** y = to + [x - from] + sum over k of (inwards_k (x - from)) outwards_k; what stands in brackets only with `identity`. */
export interface LowRankTransfer {
  readonly kind: 'lowRank';
  readonly identity: boolean;
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly inwards: readonly Float64Array[];
  readonly outwards: readonly Float64Array[];
}

const FORMAT = 'operando-transfer/1';
/** How far a channel may lie from its place in the file, as a share of the distance to the next channel. */
const TOLERANCE = 1e-3;

const numbers = z.array(z.number()).transform((list) => Float64Array.from(list));
const axis = z.object({ name: z.string(), unit: z.string(), centres: numbers });
const banded = z.object({
  kind: z.literal('banded'),
  halfWindow: z.int().min(0),
  coefficients: numbers,
  offset: numbers,
});
const lowRank = z.object({
  kind: z.literal('lowRank'),
  identity: z.boolean(),
  from: numbers,
  to: numbers,
  inwards: z.array(numbers),
  outwards: z.array(numbers),
});
const file = z.object({
  format: z.literal(FORMAT),
  method: z.enum(['pds', 'ds', 'slopeBias', 'coral']),
  slave: axis,
  master: axis,
  map: z.discriminatedUnion('kind', [banded, lowRank]),
  error: numbers.nullable(),
  per: z.enum(['second', 'frame']),
  standards: z.int().min(1),
  madeFrom: z.string(),
});

/**
 * Reads a transfer file (`operando transfer`).
 *
 * @param bytes - UTF-8 of the JSON text.
 * @throws RangeError naming the first place that is wrong.
 */
export function parseTransfer(bytes: Uint8Array): Transfer {
  let data: unknown;
  try {
    data = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new RangeError('the transfer file is not JSON', { cause: error });
  }
  const parsed = file.safeParse(data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new RangeError(`the transfer file is wrong at ${issue?.path.join('.') || 'its top'}: ${issue?.message}`);
  }
  const transfer = parsed.data;
  for (const [place, got, expected] of lengths(transfer))
    if (got !== expected)
      throw new RangeError(`the transfer file is wrong at ${place}: ${got} numbers, expected ${expected}`);
  for (const [name, { centres }] of [['slave', transfer.slave] as const, ['master', transfer.master] as const]) {
    const fall = centres.findIndex((centre, i) => i > 0 && centre <= centres[i - 1]);
    if (fall > 0) throw new RangeError(`the transfer file is wrong at ${name}.centres.${fall}: it does not increase`);
  }
  return transfer;
}

function lengths({ slave, master, map, error }: Transfer): (readonly [place: string, got: number, expected: number])[] {
  const n = slave.centres.length;
  const m = master.centres.length;
  const ofError = [['error', error?.length ?? m, m]] as const;
  if (map.kind === 'banded')
    return [
      ...ofError,
      ['master.centres', m, n],
      ['map.offset', map.offset.length, n],
      ['map.coefficients', map.coefficients.length, n * (2 * map.halfWindow + 1)],
    ];
  return [
    ...ofError,
    ...(map.identity ? [['master.centres', m, n] as const] : []),
    ['map.from', map.from.length, n],
    ['map.to', map.to.length, m],
    ['map.outwards', map.outwards.length, map.inwards.length],
    ...map.inwards.map((list, k) => [`map.inwards.${k}`, list.length, n] as const),
    ...map.outwards.map((list, k) => [`map.outwards.${k}`, list.length, m] as const),
  ];
}

/** The bytes of a transfer file. */
export function serialiseTransfer(transfer: Transfer): Uint8Array {
  const text = JSON.stringify({ format: FORMAT, ...transfer }, (_, value: unknown) =>
    value instanceof Float64Array ? [...value] : value,
  );
  return new TextEncoder().encode(`${text}\n`);
}

/**
 * The part of a transfer that the channels of a layout take part in.
 *
 * @returns a transfer with exactly the channels of the fast axis as its slave.
 * @throws RangeError when the unit differs, a channel of the layout is not in the file, or a map that needs the whole spectrum gets a part.
 */
export function transferOn(transfer: Transfer, layout: Layout): Transfer {
  const { slave, master, map, error } = transfer;
  const fast = fastAxis(layout);
  const n = axisLength(fast);
  if (slave.unit !== fast.unit)
    throw new RangeError(`the transfer is over an axis in ${slave.unit}, the frames over one in ${fast.unit}`);
  const first = placeOf(slave, fast, n);
  if (map.kind === 'lowRank') {
    if (n !== slave.centres.length)
      throw new RangeError(`the transfer needs all its ${slave.centres.length} channels, got ${n}`);
    return transfer;
  }
  const width = 2 * map.halfWindow + 1;
  const part = (list: Float64Array) => list.slice(first, first + n);
  return {
    ...transfer,
    slave: { ...slave, centres: part(slave.centres) },
    master: { ...master, centres: part(master.centres) },
    error: error === null ? null : part(error),
    map: {
      ...map,
      coefficients: map.coefficients.slice(first * width, (first + n) * width),
      offset: part(map.offset),
    },
  };
}

/** The channel of the file that is the first of the axis. */
function placeOf({ unit, centres }: TransferAxis, fast: Axis, n: number): number {
  let first = 0;
  while (first < centres.length - 1 && !isAt(centres, first, channelCentre(fast, 0))) first++;
  for (let i = 0; i < n; i++)
    if (first + i >= centres.length || !isAt(centres, first + i, channelCentre(fast, i)))
      throw new RangeError(
        `the transfer has no channel at ${channelCentre(fast, i)} ${unit}; ` +
          `it has ${centres.length}, from ${centres[0]} to ${centres[centres.length - 1]} ${unit}`,
      );
  return first;
}

function isAt(centres: Float64Array, i: number, x: number): boolean {
  const n = centres.length;
  const pitch = n === 1 ? Math.abs(x) || 1 : i + 1 < n ? centres[i + 1] - centres[i] : centres[i] - centres[i - 1];
  return Math.abs(centres[i] - x) <= TOLERANCE * pitch;
}
