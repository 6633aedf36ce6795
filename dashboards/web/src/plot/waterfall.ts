import type { RowStore } from '../rowStore.ts';
import type { Scale, View } from '../view.ts';
import { createCanvasPainter } from './canvasPainter.ts';
import { countColours, hueThreshold, residualColours } from './colour.ts';
import { createGlPainter } from './glPainter.ts';
import { columnsOf, rowsOfLine, type LineLook, type LinePainter, type WaterfallSetting } from './linePainter.ts';

/** The vertical axis covers the first of these that holds all rows. */
const SPANS = [100, 125, 160, 200, 250, 320, 400, 500, 640, 800, 1000] as const;

/** How rows lie on the screen. */
export interface RowMap {
  readonly spanRows: number;
  /** y of the lower edge of a row, or of a place within it; the newest row is on top. */
  y(position: number): number;
  rowAt(y: number): number;
}

/**
 * The waterfall as a ring of lines, one or more rows each. A new row paints its own line and moves the rest; all is painted
 * again only when the view, the size, the theme or the span changes.
 */
export interface Waterfall {
  /** The canvas it is shown on; another one after the browser has taken WebGL away. */
  readonly canvas: HTMLCanvasElement;
  /** Paints what is new, or all when the setting differs. */
  update(rows: RowStore, setting: WaterfallSetting): RowMap;
  /** @param offset - CSS pixels that stay free above the newest row. */
  show(offset: number): void;
  readonly colours: Uint8ClampedArray;
}

/** @param lost - told when what was painted is gone and has to be painted again. */
export function createWaterfall(first: HTMLCanvasElement, renderer: View['renderer'], lost: () => void): Waterfall {
  let canvas = first;
  let painter = painterFor(renderer);
  let key = '';
  let store: RowStore | null = null;
  let look: LineLook | null = null;
  let painted = 0;
  let shownEnd = 0;
  let paintedRows = 0;

  function painterFor(wanted: View['renderer']): LinePainter {
    const webgl = wanted === 'canvas' ? null : createGlPainter(canvas, wanted === 'webgl', fallBack);
    return webgl ?? createCanvasPainter(canvas);
  }
  /** A canvas that had a context of one kind never gives another. */
  function fallBack(): void {
    const fresh = canvas.cloneNode() as HTMLCanvasElement;
    canvas.replaceWith(fresh);
    canvas = fresh;
    painter = painterFor('canvas');
    key = '';
    lost();
  }
  function lookFor(setting: WaterfallSetting, span: number): LineLook {
    const ratio = Math.min(2, devicePixelRatio || 1);
    const width = Math.max(1, Math.round(setting.box.width * ratio));
    const rowsPerLine = Math.max(1, Math.ceil(span / Math.max(1, Math.floor(setting.box.height * ratio))));
    const lines = Math.ceil(span / rowsPerLine) + 1;
    const isResidual = setting.view.waterfall === 'residual';
    return {
      width,
      lines,
      rowsPerLine,
      columns: columnsOf(setting.edges, setting.range, width),
      colours: isResidual ? residualColours(setting.tokens, hueThreshold(width * lines)) : countColours(),
    };
  }

  return {
    get canvas() {
      return canvas;
    },
    get colours() {
      return look?.colours ?? new Uint8ClampedArray(768);
    },
    update(rows, setting) {
      const held = rows.next - rows.first;
      const span = setting.spanRows ?? SPANS.find((candidate) => candidate >= held) ?? rows.capacity;
      const { endRow } = setting;
      const wanted = keyOf(setting, span);
      if (look === null || wanted !== key || rows !== store || painted < rows.first || painted > endRow) {
        key = wanted;
        store = rows;
        look = lookFor(setting, span);
        painter.reset(rows, setting, look);
        painted = Math.max(rows.first, endRow - span);
      }
      const { rowsPerLine, lines } = look;
      // What was passed over without being shown is not painted either.
      const from = Math.floor(Math.max(painted, endRow - span) / rowsPerLine);
      const to = Math.ceil(endRow / rowsPerLine);
      painter.paint(rows, from, to);
      for (let line = from; line < to; line++) {
        const [first, next] = rowsOfLine(rows, line, rowsPerLine, false);
        paintedRows += Math.max(0, next - first);
      }
      painted = shownEnd = endRow;
      // For tests of the promises above.
      Object.assign(canvas.dataset, { paintedRows: String(paintedRows), renderer: painter.name });
      const newest = Math.floor((endRow - 1) / rowsPerLine);
      const perRow = setting.box.height / ((lines - 1) * rowsPerLine);
      const top = setting.box.y;
      return {
        spanRows: (lines - 1) * rowsPerLine,
        y: (position) => top + ((newest + 1) * rowsPerLine - position) * perRow,
        rowAt: (y) => Math.floor((newest + 1) * rowsPerLine - (y - top) / perRow),
      };
    },
    show(offset) {
      if (store === null || look === null || store.next === 0) return;
      const newest = Math.floor((shownEnd - 1) / look.rowsPerLine);
      const oldest = Math.max(Math.floor(store.first / look.rowsPerLine), newest - look.lines + 2);
      painter.show({ newest, oldest, offset });
    },
  };
}

function keyOf(setting: WaterfallSetting, span: number): string {
  const { box, view, range, countRange } = setting;
  const scale: Scale | '' = view.waterfall === 'counts' ? view.scale : '';
  const counts = view.waterfall === 'counts' ? countRange : [];
  return [box.width, box.height, view.waterfall, scale, view.theme, ...range, ...counts, span, devicePixelRatio].join();
}
