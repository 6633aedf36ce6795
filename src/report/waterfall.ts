import type { Frame } from '../model/frame.ts';
import { channelCentres, fastAxis, sameLayout, type Layout } from '../model/layout.ts';
import { pngAddress } from './png.ts';

const MOST_ROWS = 400;
const MOST_BINS = 300;

interface Row {
  fromUs: number;
  toUs: number;
  frames: number;
  readonly sum: Float64Array;
}

/** All spectra of a run as one picture, time to the right and the axis upwards. */
export interface Waterfall {
  add(frame: Frame): void;
  /** Null when there was no frame; of a run that changed its axis, the part with the last. */
  picture(): WaterfallPicture | null;
}

export interface WaterfallPicture {
  readonly address: string;
  readonly fromUs: number;
  readonly toUs: number;
  readonly axisFrom: number;
  readonly axisTo: number;
  readonly axisName: string;
  readonly axisUnit: string;
}

/** Rows are joined, two and two, when there are too many; channels are added together. */
export function createWaterfall(): Waterfall {
  let layout: Layout | null = null;
  let rows: Row[] = [];
  let perRow = 1;

  function merge(): void {
    rows = rows.flatMap((row, i) => {
      if (i % 2 === 1) return [];
      const next = rows[i + 1];
      if (next === undefined) return [row];
      next.sum.forEach((value, k) => (row.sum[k] = (row.sum[k] ?? 0) + value));
      return [{ ...row, toUs: next.toUs, frames: row.frames + next.frames }];
    });
    perRow *= 2;
  }
  return {
    add(frame) {
      if (layout === null || !sameLayout(layout, frame.layout)) [layout, rows, perRow] = [frame.layout, [], 1];
      const { size } = frame.layout;
      const bins = Math.min(MOST_BINS, size);
      let row = rows.at(-1);
      if (row === undefined || row.frames >= perRow) {
        if (rows.length >= MOST_ROWS) merge();
        row = { fromUs: frame.timeUs, toUs: frame.timeUs, frames: 0, sum: new Float64Array(bins) };
        rows.push(row);
      }
      row.frames++;
      row.toUs = frame.timeUs;
      for (let i = 0; i < size; i++) {
        if (frame.mask?.[i] === 1) continue;
        const bin = Math.floor((i * bins) / size);
        row.sum[bin] = (row.sum[bin] ?? 0) + (frame.values[i] ?? 0);
      }
    },
    picture() {
      const first = rows[0];
      const last = rows.at(-1);
      if (layout === null || first === undefined || last === undefined) return null;
      const axis = fastAxis(layout);
      const centres = channelCentres(axis);
      return {
        address: paint(rows),
        ...{ fromUs: first.fromUs, toUs: last.toUs },
        ...{ axisFrom: centres[0] ?? 0, axisTo: centres.at(-1) ?? 1, axisName: axis.name, axisUnit: axis.unit },
      };
    },
  };
}

/** Square roots of the mean counts, from the 1st to the 99.8th percentile, dark on white. */
function paint(rows: readonly Row[]): string {
  const bins = rows[0]?.sum.length ?? 0;
  const values = rows.map(({ sum, frames }) => Array.from(sum, (value) => Math.sqrt(Math.max(0, value / frames))));
  // Rows without signal, where the beam was off, say nothing of the contrast.
  const lit = values.filter((row) => row.some((value) => value > 0));
  const sorted = lit.flat().sort((a, b) => a - b);
  const low = sorted[Math.floor(0.01 * sorted.length)] ?? 0;
  const high = sorted[Math.floor(0.998 * (sorted.length - 1))] ?? 1;
  const rgb = new Uint8Array(3 * rows.length * bins);
  for (let x = 0; x < rows.length; x++)
    for (let bin = 0; bin < bins; bin++) {
      const share = Math.min(1, Math.max(0, ((values[x]?.[bin] ?? 0) - low) / (high - low || 1)));
      const at = 3 * ((bins - 1 - bin) * rows.length + x);
      rgb.set([255 - 235 * share, 255 - 215 * share, 255 - 165 * share], at);
    }
  return pngAddress(rows.length, bins, rgb);
}
