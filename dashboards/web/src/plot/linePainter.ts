import type { RowStore } from '../rowStore.ts';
import type { View } from '../view.ts';
import type { Box } from './geometry.ts';
import type { Tokens } from './tokens.ts';

/** Residual cells reach over this many rows more, towards the past, to lift weak streaks out of the noise. */
export const POOLED_ROWS = 3;

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
  /** Rows that the vertical axis covers; null for all that are held. */
  readonly spanRows: number | null;
  /** The row after the one on top. */
  readonly endRow: number;
}

/** How the ring of lines is laid out and looks; another one with every change of either. */
export interface LineLook {
  /** Cells in a line: pixels of the screen. */
  readonly width: number;
  /** Lines kept: one more than shown, so that one can grow while it moves in. */
  readonly lines: number;
  readonly rowsPerLine: number;
  /** [2 width] first channel, and the one after the last, of each cell. */
  readonly columns: Int32Array;
  /** [256 * 3] */
  readonly colours: Uint8ClampedArray;
}

/** Which of the painted lines are shown, the newest on top. */
export interface ShownLines {
  readonly newest: number;
  readonly oldest: number;
  /** CSS pixels that stay free above. */
  readonly offset: number;
}

/** Paints lines of one or more rows into a ring, and shows the ring. Counts and variances are added over the cell before σ is taken. */
export interface LinePainter {
  readonly name: 'webgl' | 'canvas';
  reset(rows: RowStore, setting: WaterfallSetting, look: LineLook): void;
  /** Lines `from` to before `to`, by their numbers; line n holds rows n * rowsPerLine and following. */
  paint(rows: RowStore, from: number, to: number): void;
  show(shown: ShownLines): void;
}

/** Rows that count into a line. */
export function rowsOfLine(rows: RowStore, line: number, rowsPerLine: number, isResidual: boolean): [number, number] {
  const from = Math.max(rows.first, line * rowsPerLine - (isResidual ? POOLED_ROWS : 0));
  return [from, Math.min(rows.next, (line + 1) * rowsPerLine)];
}

/** First channel, and the one after the last, of each pixel column. */
export function columnsOf(edges: readonly number[], range: readonly [number, number], width: number): Int32Array {
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

/** Shades a cell without data by, so that it is not taken for zero counts: darker or lighter than the background. */
export const stripeOf = (background: readonly [number, number, number]): number => (background[0] < 128 ? 1.3 : 0.95);
/** Every so many cells, slanted. */
export const STRIPE_CELLS = 6;
