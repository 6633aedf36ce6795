import { byId, byTestId, setHidden, write } from './element.ts';
import { clock, quantity, sigmas } from './format.ts';
import type { Model } from './model.ts';
import type { PlotPanel } from './plot/plotPanel.ts';
import { fit, readTokens } from './plot/tokens.ts';
import { digitsFor, placeText } from './units.ts';

/** A drag shorter than this is a click, pixels. */
const CLICK_PIXELS = 5;

interface PointerActions {
  zoom(range: readonly [number, number] | null): void;
  lookBack(row: number): void;
  /** Fewer rows on the screen, or more. */
  zoomTime(isCloser: boolean): void;
}

/** Crosshair, tip, zoom by dragging sideways, look back by clicking. Draws on its own canvas: data are not redrawn. */
export function startPointer(model: Model, panel: PlotPanel, actions: PointerActions): void {
  const canvas = byTestId<HTMLCanvasElement>('plot');
  const tip = byId('tip');
  let hover: { x: number; y: number } | null = null;
  let downX: number | null = null;
  let downY = 0;
  let requested = 0;

  const at = (event: PointerEvent | MouseEvent) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const isInPlots = (x: number, y: number) => {
    const box = panel.geometry?.spectrum;
    return box !== undefined && x >= box.x && x <= box.x + box.width && y >= box.y;
  };
  const clamped = (x: number) => {
    const box = panel.geometry?.spectrum;
    return box === undefined ? x : Math.min(box.x + box.width, Math.max(box.x, x));
  };
  function request(): void {
    requested ||= requestAnimationFrame(() => {
      requested = 0;
      draw();
    });
  }
  function draw(): void {
    const { g } = fit(canvas);
    const geometry = panel.geometry;
    setHidden(tip, true);
    if (geometry === null || hover === null) return;
    const tokens = readTokens();
    const { spectrum, waterfall } = geometry;
    const bottom = waterfall.y + waterfall.height;
    if (downX !== null && Math.abs(hover.x - downX) > CLICK_PIXELS) {
      const [from, to] = [clamped(downX), clamped(hover.x)].sort((a, b) => a - b) as [number, number];
      g.fillStyle = tokens.blue;
      g.globalAlpha = 0.25;
      g.fillRect(from, spectrum.y, to - from, bottom - spectrum.y);
      g.globalAlpha = 1;
    }
    if (!isInPlots(hover.x, hover.y)) return;
    g.strokeStyle = tokens.t1;
    g.globalAlpha = 0.6;
    g.setLineDash([4, 4]);
    g.beginPath();
    g.moveTo(hover.x, spectrum.y);
    g.lineTo(hover.x, bottom);
    if (hover.y > waterfall.y && hover.y < bottom) {
      g.moveTo(waterfall.x, hover.y);
      g.lineTo(geometry.trackX + geometry.trackCount * geometry.trackStep - 2, hover.y);
    }
    g.stroke();
    g.setLineDash([]);
    g.globalAlpha = 1;
    const text = tipText(hover.x, hover.y);
    if (text === null) return;
    setHidden(tip, false);
    write(tip, text);
    tip.style.left = `${Math.min(hover.x + 14, geometry.width - tip.offsetWidth - 6)}px`;
    tip.style.top = `${Math.max(4, hover.y - 34)}px`;
  }
  function rowAt(y: number): number | null {
    const { geometry, map } = panel;
    const { rows } = model;
    if (geometry === null || map === null || rows === null || y < geometry.waterfall.y) return null;
    const row = map.rowAt(y - panel.offset);
    return row >= rows.first && row < rows.next ? row : null;
  }
  function tipText(x: number, y: number): string | null {
    const { axis, shown } = panel;
    const { rows, layout } = model;
    if (axis === null || rows === null || layout === null) return null;
    const coordinate = axis.coordinate(x);
    const j = layout.edges.findIndex((edge) => edge > coordinate) - 1;
    if (j < 0) return null;
    const channel = (layout.edges[j + 1] ?? 0) - (layout.edges[j] ?? 0);
    const place = placeText(coordinate, digitsFor(channel), layout);
    const row = rowAt(y);
    if (panel.geometry !== null && y > panel.geometry.waterfall.y && row === null) return `${place}  no data`;
    const slot = row === null ? 0 : rows.slot(row) * rows.channels + j;
    const frames = row === null ? (shown?.frames ?? 1) : 1;
    const value = row === null ? shown?.now[j] : rows.counts[slot];
    const expected = row === null ? shown?.expected?.[j] : rows.isReferenced(row) ? rows.expected[slot] : undefined;
    const scatter = row === null ? shown?.sigma?.[j] : Math.sqrt(rows.variance[slot] ?? 0);
    if (value === undefined) return null;
    const time = clock(row === null ? (shown?.timeUs ?? Number.NaN) : rows.endUs(row));
    const mean = frames > 1 && row === null ? ' mean' : '';
    const against =
      expected === undefined || !scatter
        ? ''
        : `, expected ${quantity(expected)}, ${sigmas((value - expected) / scatter)} σ`;
    return `${place}  ${time}  ${quantity(value)} ${layout.quantity}${mean}${against}`;
  }

  canvas.addEventListener('pointermove', (event) => {
    hover = at(event);
    request();
  });
  canvas.addEventListener('pointerleave', () => {
    hover = null;
    request();
  });
  canvas.addEventListener('pointerdown', (event) => {
    const { x, y } = at(event);
    if (!isInPlots(x, y)) return;
    canvas.setPointerCapture(event.pointerId);
    downX = x;
    downY = y;
  });
  canvas.addEventListener('pointercancel', () => {
    downX = null;
    request();
  });
  canvas.addEventListener('pointerup', (event) => {
    const { x } = at(event);
    const { axis } = panel;
    if (downX !== null && axis !== null) {
      const [from, to] = [clamped(downX), clamped(x)].sort((a, b) => a - b) as [number, number];
      const row = rowAt(downY);
      if (to - from > CLICK_PIXELS) actions.zoom([axis.coordinate(from), axis.coordinate(to)]);
      else if (row !== null) actions.lookBack(row);
    }
    downX = null;
    request();
  });
  canvas.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey || event.deltaY === 0) return;
      // Else the browser zooms its own way.
      event.preventDefault();
      actions.zoomTime(event.deltaY < 0);
    },
    { passive: false },
  );
  canvas.addEventListener('dblclick', () => actions.zoom(null));
}
