import type { FileFrame, FrameNumber } from '../../../src/model/reader.ts';
import type { ByteFile } from '../binary/openBytes.ts';
import { bytesOf, takeNumber } from '../binary/numbers.ts';
import type { Dimension, SpectrumImage } from './spectrumImage.ts';

const BLOCK_NUMBERS = 2 ** 21;
const SECONDS: Readonly<Record<string, number>> = { ms: 1e-3, s: 1, sec: 1, min: 60 };
const LENGTHS: Readonly<Record<string, string>> = {
  nm: 'nm',
  um: 'um',
  µm: 'um',
  μm: 'um',
  mm: 'mm',
  A: 'Ao',
  Å: 'Ao',
};
const NAMES = ['x', 'y', 'z', 'u', 'v', 'w'];

/** How many spectra there are. */
export const pixelCount = ({ pixels }: SpectrumImage): number =>
  pixels.reduce((product, { length }) => product * length, 1);

/**
 * Spectra of an image, its first dimension fastest.
 *
 * Most images lie plane by plane, one channel of all pixels after another: so many neighbours are read together as fit a
 * block, each channel of theirs in one piece.
 */
export function* pixelFrames(file: ByteFile, image: SpectrumImage, from: number): Generator<FileFrame> {
  const { grid, stride, pixels, exposureUs } = image;
  const size = grid.layout.size;
  const count = pixelCount(image);
  const side = Math.max(1, Math.min(stride, Math.floor(BLOCK_NUMBERS / size)));
  const block = new Float64Array(side * size);
  const values = new Float64Array(size);
  let begin = 0;
  let end = 0;
  for (let pixel = from; pixel < count; pixel++) {
    if (pixel < begin || pixel >= end) {
      begin = pixel;
      end = Math.min(count, pixel + side, (Math.floor(pixel / stride) + 1) * stride);
      readBlock(file, image, begin, end - begin, block);
    }
    values.set(block.subarray((pixel - begin) * size, (pixel - begin + 1) * size));
    const { seconds, numbers } = placeOf(pixel, pixels);
    yield { layout: grid.layout, values: grid.ascending(values), timeUs: null, seconds, exposureUs, numbers };
  }
}

/** Fills `target` with `width` spectra, one after the other. */
function readBlock(file: ByteFile, image: SpectrumImage, first: number, width: number, target: Float64Array): void {
  const { type, isLittle, stride, grid } = image;
  const size = grid.layout.size;
  const bytes = bytesOf(type);
  const plane = Math.floor(first / stride) * stride * size + (first % stride);
  const take = (at: number, count: number): DataView =>
    file.view(image.offset + at * bytes, count * bytes, `pixel ${first} of '${image.name}'`);
  if (stride === 1) {
    const view = take(plane, size);
    for (let i = 0; i < size; i++) target[i] = takeNumber(view, i * bytes, type, isLittle);
    return;
  }
  for (let i = 0; i < size; i++) {
    const view = take(plane + i * stride, width);
    for (let k = 0; k < width; k++) target[k * size + i] = takeNumber(view, k * bytes, type, isLittle);
  }
}

/** A dimension in units of time says when; the others say where: in their unit, or as the number of the pixel. */
function placeOf(pixel: number, pixels: readonly Dimension[]): { seconds: number | null; numbers: FrameNumber[] } {
  const numbers: FrameNumber[] = [];
  let seconds: number | null = null;
  let rest = pixel;
  let space = 0;
  for (const { length, origin, scale, unit } of pixels) {
    const at = rest % length;
    rest = Math.floor(rest / length);
    const duration = SECONDS[unit];
    if (duration !== undefined) seconds = at * Math.abs(scale) * duration;
    else if (length > 1) {
      const known = LENGTHS[unit];
      const name = NAMES[space++]!;
      numbers.push(
        known === undefined ? { name, value: at, unit: '1' } : { name, value: (at - origin) * scale, unit: known },
      );
    }
  }
  return { seconds, numbers };
}
