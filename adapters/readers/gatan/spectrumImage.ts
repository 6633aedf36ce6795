import { evenly, makeGrid, MAX_CHANNELS, type Grid } from '../binary/grid.ts';
import type { ByteFile } from '../binary/openBytes.ts';
import { bytesOf, type NumberType } from '../binary/numbers.ts';
import type { TagValue } from './tags.ts';

/** One dimension of an image. */
export interface Dimension {
  readonly length: number;
  readonly origin: number;
  readonly scale: number;
  readonly unit: string;
}

/** Spectra as they lie in a file. */
export interface SpectrumImage {
  readonly name: string;
  readonly signal: 'EELS' | 'EDX' | null;
  readonly grid: Grid;
  readonly type: NumberType;
  readonly isLittle: boolean;
  /** Byte of the first number. */
  readonly offset: number;
  /** From one channel of a spectrum to the next, in numbers; so many spectra lie side by side. */
  readonly stride: number;
  /** All dimensions but the spectrum's, fastest first. */
  readonly pixels: readonly Dimension[];
  readonly exposureUs: number | null;
  readonly facts: Readonly<Record<string, string>>;
}

const TYPES: Readonly<Record<number, NumberType>> = {
  1: 'i16',
  2: 'f32',
  6: 'u8',
  7: 'i32',
  9: 'i8',
  10: 'u16',
  11: 'u32',
  12: 'f64',
};
/** Units that no place has. */
const SPECTRAL = /^(k?eV|1\/cm|cm-1|cm\^-1)$/i;
const MAX_DIMENSIONS = 6;

/** Looks up what stands below one image of the list. */
export type Tags = (path: string) => TagValue | undefined;

/** @returns a sentence when the image holds no spectra. @throws MonitorError 'ADAPTER' when its numbers are not in the file. */
export function spectrumImage(file: ByteFile, isLittle: boolean, tags: Tags, index: number): SpectrumImage | string {
  const name = textOf(tags('Name')) || `image ${index}`;
  const dimensions = dimensionsOf(tags);
  const sizes = dimensions.map(({ length }) => length);
  const data = tags('ImageData/Data');
  if (sizes.length === 0 || typeof data !== 'object') return `'${name}' holds no numbers`;
  const type = TYPES[Number(tags('ImageData/DataType'))];
  const along = spectralDimension(dimensions, textOf(tags('ImageTags/Meta Data/Format')));
  if (type === undefined || along < 0) return `'${name}' is an image (${sizes.join(' x ')}) and holds no spectra`;
  const { length, origin, scale, unit } = dimensions[along]!;
  const total = sizes.reduce((product, size) => product * size, 1);
  if (length > MAX_CHANNELS || !(total * bytesOf(type) <= data.count * bytesOf(data.type)))
    throw file.broken(`'${name}' is ${sizes.join(' x ')}, but has ${data.count} numbers`);
  const signal = signalOf(textOf(tags('ImageTags/Meta Data/Signal')), unit);
  const exposureUs = exposureOf(tags);
  const axis = axisOf(unit, signal);
  const meaning = {
    ...axis,
    quantity: 'counts',
    valueUnit: '1',
    noise: signal === 'EDX' ? 'poisson' : 'unknown',
  } as const;
  const coordinates = evenly(
    length,
    axis.name === 'channel' ? 0 : -origin * scale,
    axis.name === 'channel' ? 1 : scale,
  );
  return {
    name,
    signal,
    grid: makeGrid(coordinates, meaning, (what, cause) => file.broken(`'${name}': ${what}`, cause)),
    type,
    isLittle,
    offset: data.offset,
    stride: sizes.slice(0, along).reduce((product, size) => product * size, 1),
    pixels: dimensions.filter((_, k) => k !== along),
    exposureUs,
    facts: factsOf(tags, exposureUs),
  };
}

export const textOf = (value: TagValue | undefined): string => (typeof value === 'string' ? value.trim() : '');
const positive = (value: TagValue | undefined): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;

function dimensionsOf(tags: Tags): Dimension[] {
  const found: Dimension[] = [];
  for (let k = 0; k < MAX_DIMENSIONS; k++) {
    const length = tags(`ImageData/Dimensions/${k}`);
    if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 1) break;
    const at = (what: string) => tags(`ImageData/Calibrations/Dimension/${k}/${what}`);
    const [origin, scale] = [at('Origin'), at('Scale')];
    found.push({
      length,
      origin: typeof origin === 'number' ? origin : 0,
      scale: typeof scale === 'number' && scale !== 0 ? scale : 1,
      unit: textOf(at('Units')),
    });
  }
  return found;
}

/** By its unit; without one, where DigitalMicrograph puts it. */
function spectralDimension(dimensions: readonly Dimension[], format: string): number {
  const byUnit = dimensions.findIndex(({ unit }) => SPECTRAL.test(unit));
  if (byUnit >= 0) return byUnit;
  if (dimensions.length === 1) return 0;
  if (!/^spectrum/i.test(format)) return -1;
  return dimensions.length === 2 ? 0 : dimensions.length - 1;
}

function signalOf(signal: string, unit: string): SpectrumImage['signal'] {
  if (signal === 'EELS' || (signal === '' && unit === 'eV')) return 'EELS';
  return /x-ray|eds|edx/i.test(signal) || (signal === '' && unit === 'keV') ? 'EDX' : null;
}

function axisOf(unit: string, signal: SpectrumImage['signal']): { name: string; unit: string } {
  if (/^k?eV$/i.test(unit)) {
    const name = signal === 'EELS' ? 'energyLoss' : 'energy';
    return { name, unit: unit.toLowerCase() === 'kev' ? 'keV' : 'eV' };
  }
  if (unit === 'nm') return { name: 'wavelength', unit };
  return SPECTRAL.test(unit) ? { name: 'ramanShift', unit: 'cm-1' } : { name: 'channel', unit: '1' };
}

/** Of each spectrum, in microseconds. */
function exposureOf(tags: Tags): number | null {
  const whole = positive(tags('ImageTags/EELS/Acquisition/Integration time (s)'));
  const part = positive(tags('ImageTags/EELS/Acquisition/Exposure (s)'));
  const frames = positive(tags('ImageTags/EELS/Acquisition/Number of frames')) ?? 1;
  const dwell = positive(tags('ImageTags/SI/Acquisition/Pixel time (s)')) ?? positive(tags('ImageTags/EDS/Live time'));
  const seconds = whole ?? (part === null ? dwell : part * frames);
  return seconds === null ? null : Math.round(seconds * 1e6);
}

function factsOf(tags: Tags, exposureUs: number | null): Record<string, string> {
  const voltage = positive(tags('ImageTags/Microscope Info/Voltage'));
  const date = textOf(tags('ImageTags/SI/Acquisition/Date')) || textOf(tags('ImageTags/EELS/Acquisition/Date'));
  const time =
    textOf(tags('ImageTags/SI/Acquisition/Start time')) || textOf(tags('ImageTags/EELS/Acquisition/Start time'));
  const facts = {
    beam: voltage === null ? '' : `${voltage / 1000} kV`,
    microscope: textOf(tags('ImageTags/Microscope Info/Name')).replace(/^Unknown$/, ''),
    mode: textOf(tags('ImageTags/Microscope Info/Illumination Mode')),
    acquired: `${date} ${time}`.trim(),
    exposure: exposureUs === null ? '' : `${exposureUs / 1e6} s`,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== ''));
}
