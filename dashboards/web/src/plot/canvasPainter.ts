import type { RowStore } from '../rowStore.ts';
import { FULL_SIGMA, significance, stepOf } from './colour.ts';
import {
  rowsOfLine,
  STRIPE_CELLS,
  stripeOf,
  type LineLook,
  type LinePainter,
  type WaterfallSetting,
} from './linePainter.ts';
import { forward } from './scales.ts';
import { fit, rgb } from './tokens.ts';

/** Paints lines into a canvas that is not shown, and copies that. */
export function createCanvasPainter(ground: HTMLCanvasElement): LinePainter {
  const ring = document.createElement('canvas');
  const g = ring.getContext('2d', { willReadFrequently: true });
  if (g === null) throw new Error('the browser draws no canvas');
  let look: LineLook | null = null;
  let setting: WaterfallSetting | null = null;
  let cells = new Float64Array(0);
  let scatter = new Float64Array(0);
  let line = g.createImageData(1, 1);

  /** Adds the rows of a line, channel by channel; says how many frames they hold. */
  function addRows(rows: RowStore, number: number, rowsPerLine: number, isResidual: boolean): number {
    const [from, to] = rowsOfLine(rows, number, rowsPerLine, isResidual);
    cells.fill(0);
    scatter.fill(0);
    let frames = 0;
    for (let row = from; row < to; row++) {
      const at = rows.slot(row) * rows.channels;
      if (isResidual && !rows.isReferenced(row)) continue;
      frames += rows.frames(row);
      for (let j = 0; j < rows.channels; j++) {
        cells[j]! += isResidual ? rows.counts[at + j]! - rows.expected[at + j]! : rows.counts[at + j]!;
        if (isResidual) scatter[j]! += rows.variance[at + j]!;
      }
    }
    return frames;
  }
  function paintLine(rows: RowStore, number: number, look: LineLook, setting: WaterfallSetting): void {
    const isResidual = setting.view.waterfall === 'residual';
    const frames = addRows(rows, number, look.rowsPerLine, isResidual);
    const background = rgb(setting.tokens.bg);
    const { data, width } = line;
    const low = forward(setting.view.scale, setting.countRange[0]);
    const high = forward(setting.view.scale, setting.countRange[1]);
    for (let x = 0; x < width; x++) {
      const first = look.columns[2 * x]!;
      const last = look.columns[2 * x + 1]!;
      let sum = 0;
      let variance = 0;
      for (let j = first; j < last; j++) {
        sum += cells[j]!;
        variance += scatter[j]!;
      }
      const at = 4 * x;
      data[at + 3] = 255;
      if (frames === 0 || last <= first) {
        const shade = (x + number) % STRIPE_CELLS === 0 ? stripeOf(background) : 1;
        for (let k = 0; k < 3; k++) data[at + k] = background[k]! * shade;
        continue;
      }
      const step = isResidual
        ? stepOf(0.5 + (0.5 * significance(sum, variance, setting.isPoisson)) / FULL_SIGMA)
        : stepOf((forward(setting.view.scale, sum / frames / (last - first)) - low) / (high - low || 1));
      for (let k = 0; k < 3; k++) data[at + k] = look.colours[step + k]!;
    }
    g!.putImageData(line, 0, look.lines - 1 - (number % look.lines));
  }

  return {
    name: 'canvas',
    reset(rows, nextSetting, nextLook) {
      look = nextLook;
      setting = nextSetting;
      ring.width = look.width;
      ring.height = look.lines;
      line = g.createImageData(look.width, 1);
      cells = new Float64Array(rows.channels);
      scatter = new Float64Array(rows.channels);
    },
    paint(rows, from, to) {
      if (look === null || setting === null) return;
      for (let number = from; number < to; number++) paintLine(rows, number, look, setting);
    },
    show({ newest, oldest, offset }) {
      const { g: target, width, height } = fit(ground);
      if (look === null) return;
      const lineHeight = height / (look.lines - 1);
      const copy = (from: number, count: number, y: number) =>
        target.drawImage(ring, 0, from, ring.width, count, 0, y, width, count * lineHeight);
      target.imageSmoothingEnabled = false;
      const start = look.lines - 1 - (newest % look.lines);
      const count = newest - oldest + 1;
      const upper = Math.min(count, look.lines - start);
      copy(start, upper, offset);
      if (count > upper) copy(0, count - upper, offset + upper * lineHeight);
    },
  };
}
