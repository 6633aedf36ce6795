import type { Layout } from '../../model/layout.ts';
import type { FileFrame } from '../../model/reader.ts';

const NAMED_PLACES = 3;
/** So many neighbouring channels at the largest value of all are no peak. */
const CLIPPED_CHANNELS = 3;
const LEAST_CEILING = 200;

/** Spectra of one kind of oddity. */
interface Places {
  count: number;
  readonly first: string[];
}

/** Watches for what a user should know of the spectra of a series. */
export function createOddityWatch() {
  const kinds = new Map<string, Places>();
  const faults: string[] = [];
  let faultCount = 0;
  let layout: Layout | null = null;
  let ceiling = LEAST_CEILING;
  let clipped: Places = { count: 0, first: [] };
  const note = (what: string, at: number): void => {
    const places = kinds.get(what) ?? { count: 0, first: [] };
    kinds.set(what, places);
    mark(places, at);
  };
  return {
    add({ values, layout: own, mask }: FileFrame, at: number, previous: Float64Array | null): void {
      if (layout !== null && layout !== own) note('another axis than the one before', at);
      layout = own;
      if (values.every((value) => value === 0)) note('zero in all channels', at);
      else if (values.every((value) => value === values[0]) && values.length > 1) note('one value in all channels', at);
      else if (previous?.length === values.length && values.every((value, i) => value === previous[i]))
        note('the same as the one before', at);
      if (values.some((value) => !Number.isFinite(value))) note('values that are no numbers', at);
      if (own.quantity === 'counts' && values.some((value) => value < 0)) note('negative counts', at);
      if (mask?.includes(1) === true) note('masked channels', at);
      const top = longestRunAtTop(values);
      if (top.value > ceiling) clipped = { count: 0, first: [] };
      ceiling = Math.max(ceiling, top.value);
      if (top.value === ceiling && top.run >= CLIPPED_CHANNELS) mark(clipped, at);
    },
    fault(sentence: string): void {
      faultCount++;
      if (faults.length < NAMED_PLACES) faults.push(sentence);
    },
    get(): string[] {
      const found = [...kinds].map(([what, places]) => `${what}: ${inWords(places)}`);
      if (clipped.count > 0)
        found.push(`saturated: neighbouring channels at ${ceiling}, the largest value of all: ${inWords(clipped)}`);
      if (faultCount > 0)
        found.push(`cannot be used: ${faultCount} (${faults.join('; ')}${faultCount > faults.length ? '; ...' : ''})`);
      return found;
    },
  };
}

function mark(places: Places, at: number): void {
  places.count++;
  if (places.first.length < NAMED_PLACES) places.first.push(String(at));
}

const inWords = ({ count, first }: Places): string =>
  `${count === 1 ? 'spectrum' : `${count} spectra,`} ${first.join(', ')}${count > first.length ? ', ...' : ''}`;

function longestRunAtTop(values: Float64Array): { value: number; run: number } {
  let value = -Infinity;
  for (const each of values) if (each > value) value = each;
  let run = 0;
  let longest = 0;
  for (const each of values) {
    run = each === value ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return { value, run: longest };
}
