import { FrameFlag, makeFrame } from '../../../src/model/frame.ts';
import type { MutableFrame } from '../../../src/model/frame.ts';
import type { Axis, Layout, Noise } from '../../../src/model/layout.ts';
import { WIRE_LIMITS } from '../../../src/wire/limits.ts';
import { copyNumbers, WireArray } from '../../../src/wire/wireArray.ts';
import { WireError } from '../../../src/wire/wireError.ts';
import type { AxisPart } from '../../declaredAxis.ts';

/** Half open, in pixels. */
type Range = readonly [number, number];

export interface ProjectionSettings {
  readonly project: 'x' | 'y' | 'none';
  readonly region: { readonly x?: Range | undefined; readonly y?: Range | undefined };
  readonly quantity: string;
  readonly unit: string;
  readonly noise: Noise;
  /** Coordinates of the pixels from `first`, along the axis of the spectrum. */
  axis(first: number, count: number): AxisPart;
}

/** An unpacked image; `bytes` row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly tag: number;
  readonly bytes: Uint8Array;
}

/** Makes spectra of the images of one geometry. */
export interface Projection {
  readonly width: number;
  readonly height: number;
  /** Leaves out the pixels that are not zero in `mask` and, from now on, those that have no data in `image`. */
  learn(mask: Pixels | null, image: Pixels): void;
  /**
   * Writes values, mask and flags of the frame. A pixel that had data and has none now is one that ran over: its channel
   * is masked and the frame marked as saturated, as it is by a pixel at `saturation`.
   */
  project(image: Pixels, saturation: number | null): MutableFrame;
}

/** The value that says a pixel has none: the largest of unsigned numbers; the others have NaN or negative ones. */
const noDataOf = (tag: number): number => ((tag & 24) === 0 ? 2 ** (8 << (tag & 3)) - 1 : Infinity);

/** @throws WireError 'layout' when region, axis and image do not fit. */
export function createProjection(settings: ProjectionSettings, { width, height }: Pixels): Projection {
  const { project } = settings;
  const [x0, x1] = within(settings.region.x, width, 'x');
  const [y0, y1] = within(settings.region.y, height, 'y');
  const columns = x1 - x0;
  const rows = y1 - y0;
  const part = project === 'y' ? settings.axis(y0, rows) : settings.axis(x0, columns);
  const layout = layoutOf(settings, part, y0, rows);
  const frame = makeFrame({
    stream: '',
    seq: 0,
    timeUs: 0,
    exposureUs: 0,
    layout,
    values: new Float64Array(layout.size),
  });
  const isLeftOut = new Uint8Array(rows * columns);
  const emptyChannels = new Uint8Array(layout.size);
  const mask = new Uint8Array(layout.size);
  const row = new Float64Array(columns);
  const channelOf = (i: number, k: number): number => {
    const along = project === 'y' ? k : i;
    const placed = part.isFalling ? part.coordinates.length - 1 - along : along;
    return project === 'none' ? k * columns + placed : placed;
  };
  const readRow = ({ tag, bytes }: Pixels, k: number): void => {
    const rowBytes = bytes.length / height;
    const from = (y0 + k) * rowBytes + (x0 * rowBytes) / width;
    copyNumbers(new WireArray(tag, bytes.subarray(from, from + (columns * rowBytes) / width)), row);
  };
  return {
    width,
    height,
    learn(pixelMask, image) {
      isLeftOut.fill(0);
      emptyChannels.fill(1);
      const noData = noDataOf(image.tag);
      for (let k = 0; k < rows; k++) {
        if (pixelMask !== null) {
          readRow(pixelMask, k);
          for (let i = 0; i < columns; i++) if (row[i] !== 0) isLeftOut[k * columns + i] = 1;
        }
        readRow(image, k);
        for (let i = 0; i < columns; i++)
          if (!(row[i]! < noData)) isLeftOut[k * columns + i] = 1;
          else if (isLeftOut[k * columns + i] === 0) emptyChannels[channelOf(i, k)] = 0;
      }
    },
    project(image, saturation) {
      const noData = noDataOf(image.tag);
      const ceiling = saturation ?? Infinity;
      const values = frame.values;
      values.fill(0);
      mask.set(emptyChannels);
      let isSaturated = false;
      for (let k = 0; k < rows; k++) {
        readRow(image, k);
        for (let i = 0; i < columns; i++) {
          if (isLeftOut[k * columns + i] === 1) continue;
          const value = row[i]!;
          const channel = channelOf(i, k);
          if (value < noData) values[channel]! += value;
          else mask[channel] = 1;
          isSaturated ||= !(value < noData && value < ceiling);
        }
      }
      frame.flags = isSaturated ? FrameFlag.saturated : 0;
      frame.mask = mask.includes(1) ? mask : undefined;
      return frame;
    },
  };
}

function within(range: Range | undefined, length: number, name: string): Range {
  const [from, to] = range ?? [0, length];
  if (to > length) throw new WireError('layout', `the region ends at ${name} = ${to}, the image at ${length}`);
  return [from, to];
}

function layoutOf(settings: ProjectionSettings, part: AxisPart, firstRow: number, rows: number): Layout {
  const { quantity, unit, noise } = settings;
  const fast: Axis = { name: part.name, unit: part.unit, placement: 'centre', coordinates: part.coordinates };
  if (settings.project !== 'none') return { axes: [fast], size: part.coordinates.length, quantity, unit, noise };
  const size = rows * part.coordinates.length;
  if (size > WIRE_LIMITS.maxSize)
    throw new WireError('tooLarge', `${size} pixels as they are, at most ${WIRE_LIMITS.maxSize} are taken`);
  const coordinates = Float64Array.from({ length: rows }, (_, k) => firstRow + k);
  return { axes: [{ name: 'y', unit: '1', placement: 'centre', coordinates }, fast], size, quantity, unit, noise };
}
