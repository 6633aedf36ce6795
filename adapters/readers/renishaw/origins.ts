import type { ByteFile } from '../binary/openBytes.ts';
import { takeFileTime } from '../binary/numbers.ts';
import type { Block } from './blocks.ts';

/** UCUM codes of the numbers that WiRE gives its units. */
export const UNITS: Readonly<Record<number, string>> = {
  1: 'cm-1',
  2: 'nm',
  3: 'nm',
  4: 'eV',
  5: 'um',
  8: 'mm',
  9: 'm',
  10: 'K',
  11: 'Pa',
  12: 's',
  13: 'ms',
  14: 'h',
  15: 'd',
  19: 'deg',
  20: 'rad',
  21: 'Cel',
  22: '[degF]',
  23: 'K/min',
  25: 'us',
};

/** What is kept of each spectrum beside its counts. Other kinds are bookkeeping. */
const NAMES: Readonly<Record<number, string>> = {
  3: 'x',
  4: 'y',
  5: 'z',
  6: 'radius',
  7: 'theta',
  8: 'phi',
  9: 'temperature',
  10: 'pressure',
  13: 'polarisation',
  14: 'focusZ',
  15: 'temperatureRate',
};
const TIME = 11;
const EXPOSURE = 27;

/** Numbers that belong to the spectra, one per spectrum. */
export interface Origins {
  /** Integer microseconds since 1970, when the spectrum was stored; null where the file does not say. */
  readonly storedUs: readonly (number | null)[] | null;
  readonly exposureUs: readonly number[] | null;
  readonly columns: readonly { readonly name: string; readonly unit: string; readonly numbers: Float64Array }[];
}

/** @throws MonitorError 'ADAPTER' when the block does not hold `count` numbers of each kind. */
export function readOrigins(file: ByteFile, block: Block | undefined, count: number): Origins {
  const none: Origins = { storedUs: null, exposureUs: null, columns: [] };
  if (block === undefined) return none;
  const kinds = file.view(block.offset, 4, 'the block ORGN').getUint32(0, true);
  if (kinds === 0) return none;
  // One list per kind, as long as the measurement was planned, not as it became.
  const stride = Math.floor((block.length - 4) / kinds);
  if (stride < 24 + 8 * count)
    throw file.broken(`block ORGN has ${block.length} bytes, too few for ${kinds} numbers of ${count} spectra`);
  const lists = Array.from({ length: kinds }, (_, k) => {
    const view = file.view(block.offset + 4 + k * stride, 24 + 8 * count, 'the block ORGN');
    return {
      kind: view.getUint32(0, true) & 0x7fffffff,
      unit: UNITS[view.getUint32(4, true)] ?? '1',
      ...listOf(view, count),
    };
  });
  return {
    storedUs: lists.find(({ kind }) => kind === TIME)?.times ?? null,
    exposureUs: lists.find(({ kind }) => kind === EXPOSURE)?.numbers ?? null,
    columns: lists.flatMap(({ kind, unit, numbers }) => {
      const name = NAMES[kind];
      return name === undefined ? [] : [{ name, unit, numbers: Float64Array.from(numbers) }];
    }),
  };
}

function listOf(view: DataView, count: number): { times: (number | null)[]; numbers: number[] } {
  const places = Array.from({ length: count }, (_, i) => 24 + 8 * i);
  return {
    times: places.map((place) => takeFileTime(view, place)),
    numbers: places.map((place) => view.getFloat64(place, true)),
  };
}
