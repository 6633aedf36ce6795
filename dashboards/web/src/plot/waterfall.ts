import type { RowStore } from '../rowStore.ts';
import type { Scale, View } from '../view.ts';
import { countColours, FULL_SIGMA, hueThreshold, residualColours, significance, stepOf } from './colour.ts';
import type { Box } from './geometry.ts';
import { forward } from './scales.ts';
import { rgb, type Tokens } from './tokens.ts';

/** Residual cells reach over this many rows more, towards the past, to lift weak streaks out of the noise. */
export const POOLED_ROWS = 3;
/** The vertical axis covers the first of these that holds all rows. */
const SPANS = [100, 125, 160, 200, 250, 320, 400, 500, 640, 800, 1000] as const;

export interface WaterfallSetting {
  readonly box: Box;
  readonly view: Pick<View, 'waterfall' | 'scale' | 'theme'>;
  readonly range: readonly [number, number];
  /** [channels + 1] */
  readonly edges: readonly number[];
  readonly isPoisson: boolean;
  /** Of the counts view, per frame. */
  readonly countRange: readonly [number, number];
  readonly tokens: Tokens;
}

/** How rows lie on the screen. */
export interface RowMap {
  readonly spanRows: number;
  /** y of the lower edge of a row, or of a place within it; the newest row is on top. */
  y(position: number): number;
  rowAt(y: number): number;
}

/**
 * The waterfall as a ring of lines, one or more rows each. A new row paints its own line and moves the rest by copying;
 * all is painted again only when the view, the size, the theme or the span changes. Counts and variances are added over
 * the cell before σ is taken.
 */
export interface Waterfall {
  /** Paints what is new, or all when the setting differs. */
  update(rows: RowStore, setting: WaterfallSetting): RowMap;
  draw(g: CanvasRenderingContext2D, box: Box, offset: number): void;
  readonly colours: Uint8ClampedArray;
  /** Rows painted since the start: for a test of the promise above. */
  readonly paintedRows: number;
}

export function createWaterfall(): Waterfall {
  const ring = document.createElement('canvas');
  const g = ring.getContext('2d', { willReadFrequently: true });
  if (g === null) throw new Error('the browser draws no canvas');
  let key = '';
  let store: RowStore | null = null;
  let rowsPerLine = 1;
  let lines = 1;
  let painted = 0;
  let paintedRows = 0;
  let colours: Uint8ClampedArray = new Uint8ClampedArray(768);
  let columns: Int32Array = new Int32Array(0);
  let cells = new Float64Array(0);
  let scatter = new Float64Array(0);
  let line = g.createImageData(1, 1);

  function paintLine(rows: RowStore, number: number, setting: WaterfallSetting): void {
    const isResidual = setting.view.waterfall === 'residual';
    const from = Math.max(rows.first, number * rowsPerLine - (isResidual ? POOLED_ROWS : 0));
    const to = Math.min(rows.next, (number + 1) * rowsPerLine);
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
    const background = rgb(setting.tokens.bg);
    const stripe = background[0] < 128 ? 1.3 : 0.95;
    const { data, width } = line;
    const low = forward(setting.view.scale, setting.countRange[0]);
    const high = forward(setting.view.scale, setting.countRange[1]);
    for (let x = 0; x < width; x++) {
      const first = columns[2 * x]!;
      const last = columns[2 * x + 1]!;
      let sum = 0;
      let variance = 0;
      for (let j = first; j < last; j++) {
        sum += cells[j]!;
        variance += scatter[j]!;
      }
      const at = 4 * x;
      data[at + 3] = 255;
      if (frames === 0 || last <= first) {
        // No data: the background, slanted, so that it is not taken for zero counts.
        const shade = (x + number) % 6 === 0 ? stripe : 1;
        for (let k = 0; k < 3; k++) data[at + k] = background[k]! * shade;
        continue;
      }
      const step = isResidual
        ? stepOf(0.5 + (0.5 * significance(sum, variance, setting.isPoisson)) / FULL_SIGMA)
        : stepOf((forward(setting.view.scale, sum / frames / (last - first)) - low) / (high - low || 1));
      for (let k = 0; k < 3; k++) data[at + k] = colours[step + k]!;
    }
    g!.putImageData(line, 0, lines - 1 - (number % lines));
    paintedRows += Math.max(0, to - Math.max(from, number * rowsPerLine));
  }

  function reset(rows: RowStore, setting: WaterfallSetting, span: number): void {
    const ratio = Math.min(2, devicePixelRatio || 1);
    const width = Math.max(1, Math.round(setting.box.width * ratio));
    rowsPerLine = Math.max(1, Math.ceil(span / Math.max(1, Math.floor(setting.box.height * ratio))));
    lines = Math.ceil(span / rowsPerLine) + 1;
    ring.width = width;
    ring.height = lines;
    line = g!.createImageData(width, 1);
    columns = columnsOf(setting.edges, setting.range, width);
    cells = new Float64Array(rows.channels);
    scatter = new Float64Array(rows.channels);
    colours =
      setting.view.waterfall === 'residual'
        ? residualColours(setting.tokens, hueThreshold(width * lines))
        : countColours();
    painted = Math.max(rows.first, rows.next - span);
  }

  return {
    get colours() {
      return colours;
    },
    get paintedRows() {
      return paintedRows;
    },
    update(rows, setting) {
      const held = rows.next - rows.first;
      const span = SPANS.find((candidate) => candidate >= held) ?? rows.capacity;
      const wanted = keyOf(setting, span);
      if (wanted !== key || rows !== store || painted < rows.first) {
        key = wanted;
        store = rows;
        reset(rows, setting, span);
      }
      for (let n = Math.floor(painted / rowsPerLine); n * rowsPerLine < rows.next; n++) paintLine(rows, n, setting);
      painted = rows.next;
      const newest = Math.floor((rows.next - 1) / rowsPerLine);
      const perRow = setting.box.height / ((lines - 1) * rowsPerLine);
      const top = setting.box.y;
      return {
        spanRows: (lines - 1) * rowsPerLine,
        y: (position) => top + ((newest + 1) * rowsPerLine - position) * perRow,
        rowAt: (y) => Math.floor((newest + 1) * rowsPerLine - (y - top) / perRow),
      };
    },
    draw(target, box, offset) {
      if (store === null || store.next === 0) return;
      const newest = Math.floor((store.next - 1) / rowsPerLine);
      const oldest = Math.max(Math.floor(store.first / rowsPerLine), newest - lines + 2);
      const height = box.height / (lines - 1);
      target.save();
      target.beginPath();
      target.rect(box.x, box.y, box.width, box.height);
      target.clip();
      target.imageSmoothingEnabled = false;
      const start = lines - 1 - (newest % lines);
      const count = newest - oldest + 1;
      const upper = Math.min(count, lines - start);
      const y = box.y + offset;
      target.drawImage(ring, 0, start, ring.width, upper, box.x, y, box.width, upper * height);
      if (count > upper)
        target.drawImage(
          ring,
          0,
          0,
          ring.width,
          count - upper,
          box.x,
          y + upper * height,
          box.width,
          (count - upper) * height,
        );
      target.restore();
    },
  };
}

function keyOf(setting: WaterfallSetting, span: number): string {
  const { box, view, range, countRange } = setting;
  const scale: Scale | '' = view.waterfall === 'counts' ? view.scale : '';
  const counts = view.waterfall === 'counts' ? countRange : [];
  return [box.width, box.height, view.waterfall, scale, view.theme, ...range, ...counts, span, devicePixelRatio].join();
}

/** First channel, and the one after the last, of each pixel column. */
function columnsOf(edges: readonly number[], range: readonly [number, number], width: number): Int32Array {
  const columns = new Int32Array(2 * width);
  const channels = edges.length - 1;
  let j = 0;
  for (let x = 0; x < width; x++) {
    const from = range[0] + ((range[1] - range[0]) * x) / width;
    const to = range[0] + ((range[1] - range[0]) * (x + 1)) / width;
    while (j < channels && edges[j + 1]! <= from) j++;
    let last = j;
    // A channel belongs to the column its middle is in; where channels are wider than columns, to all it covers.
    while (last < channels && 0.5 * (edges[last]! + edges[last + 1]!) < to) last++;
    const isInside = j < channels && edges[j]! < to && to > edges[0]!;
    columns[2 * x] = isInside && from >= edges[0]! - (to - from) ? j : 0;
    columns[2 * x + 1] = isInside ? Math.max(last, j + 1) : 0;
  }
  return columns;
}
