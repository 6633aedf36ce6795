import type { MonitorError } from '../../../src/model/error.ts';
import { spectrumLayout } from '../../../src/model/layout.ts';
import type { Layout, Noise } from '../../../src/model/layout.ts';

/** More channels than any spectrum has: what is beyond is a broken file. */
export const MAX_CHANNELS = 2 ** 22;

/** Channels as they lie in a file, whose axis may descend. */
export interface Grid {
  readonly layout: Layout;
  readonly descends: boolean;
  /** Turns values round as the axis was; gives them back. */
  ascending(values: Float64Array): Float64Array;
}

/** What a file says of its axis and its values. */
export interface GridMeaning {
  readonly name: string;
  readonly unit: string;
  readonly placement?: 'centre' | 'edge';
  readonly quantity: string;
  readonly valueUnit: string;
  readonly noise: Noise;
}

/**
 * @param coordinates - As in the file; turned round in place when they descend.
 * @throws MonitorError made by `broken` when they neither ascend nor descend.
 */
export function makeGrid(
  coordinates: Float64Array,
  { name, unit, placement = 'centre', quantity, valueUnit, noise }: GridMeaning,
  broken: (what: string, cause: unknown) => MonitorError,
): Grid {
  const descends = coordinates.length > 1 && coordinates[0]! > coordinates.at(-1)!;
  if (descends) coordinates.reverse();
  try {
    const axis = { name, unit, placement, coordinates };
    const layout = spectrumLayout(axis, { quantity, unit: valueUnit, noise });
    return { layout, descends, ascending: (values) => (descends ? values.reverse() : values) };
  } catch (cause) {
    throw broken('the axis cannot be used', cause);
  }
}

/** [count] evenly spaced coordinates. */
export const evenly = (count: number, first: number, step: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => first + i * step);
