import { byId, byTestId, setAttribute, setHidden, write } from '../element.ts';
import { quantity } from '../format.ts';
import { ageSeconds, isOld, type Model, type Spectrum } from '../model.ts';
import { meanUpTo, MEAN_ROWS, type RowStore } from '../rowStore.ts';
import type { View } from '../view.ts';
import { FULL_SIGMA } from './colour.ts';
import { axisMapOf, geometryOf, type AxisMap, type Box, type Geometry } from './geometry.ts';
import { describeScene, drawRegionLabels, drawSpectralAxis, drawWaterfallMarks } from './marks.ts';
import { drawRunStrip } from './runStrip.ts';
import { createResidualPlot } from './residualPlot.ts';
import { quantileOf } from './scales.ts';
import type { Scene } from './scene.ts';
import { createSpectrumPlot } from './spectrumPlot.ts';
import { fit, readTokens, type Tokens } from './tokens.ts';
import { drawTracks } from './tracks.ts';
import { POOLED_ROWS } from './linePainter.ts';
import { createWaterfall, type RowMap } from './waterfall.ts';

/** Room over the newest row when nothing comes any more. */
const SILENCE_PIXELS = 17;

export interface PlotPanel {
  drawSpectrum(): void;
  drawRows(): void;
  /** Null before the first layout. */
  readonly geometry: Geometry | null;
  readonly axis: AxisMap | null;
  readonly map: RowMap | null;
  readonly offset: number;
  /** What the spectrum shows: the newest mean, or that at the cursor. */
  readonly shown: Spectrum | null;
}

/** @param lost - told when all has to be drawn again. */
export function createPlotPanel(model: Model, view: View, lost: () => void): PlotPanel {
  const main = byId('main');
  const spectrumHost = byId('spectrum');
  const residualHost = byId('residual');
  const insetHost = byId('inset');
  const marks = byId<HTMLCanvasElement>('marks');
  const plot = byTestId('plot');
  const spectrumPlot = createSpectrumPlot(spectrumHost);
  const residualPlot = createResidualPlot(residualHost);
  const insetPlot = createSpectrumPlot(insetHost);
  const waterfall = createWaterfall(byId<HTMLCanvasElement>('waterfall'), view.renderer, lost);
  let geometry: Geometry | null = null;
  let axis: AxisMap | null = null;
  let map: RowMap | null = null;
  let shown: Spectrum | null = null;
  let offset = 0;
  let centres = new Float64Array(0);
  let edges: readonly number[] = [];
  let countRange: [number, number] | null = null;
  let isRangeFinal = false;
  let describedMs = Number.NEGATIVE_INFINITY;
  let coloursKey = '';

  function measure(): Tokens | null {
    if (model.layout === null) return null;
    if (edges !== model.layout.edges) {
      edges = model.layout.edges;
      centres = Float64Array.from({ length: edges.length - 1 }, (_, j) => 0.5 * (edges[j]! + edges[j + 1]!));
      countRange = null;
      isRangeFinal = false;
    }
    geometry = geometryOf(main.clientWidth, main.clientHeight);
    axis = axisMapOf(geometry.waterfall, rangeOf());
    setAttribute(main, 'data-range', `${axis.from},${axis.to}`);
    place(geometry);
    return readTokens();
  }
  /** Without a reference there is no residual to show. */
  function waterfallKind(): View['waterfall'] {
    return model.hello?.hasReference === false ? 'counts' : view.waterfall;
  }
  /** Closer in time the cursor stands in the middle; else the newest row is on top. */
  function endRow({ first, next }: RowStore): number {
    if (view.spanRows === null || view.cursorRow === null) return next;
    return Math.max(
      Math.min(next, first + view.spanRows),
      Math.min(next, view.cursorRow + Math.ceil(view.spanRows / 2)),
    );
  }
  function rangeOf(): [number, number] {
    const full: [number, number] = [edges[0] ?? 0, edges[edges.length - 1] ?? 1];
    if (view.zoom === null) return full;
    const from = Math.max(full[0], view.zoom[0]);
    const to = Math.min(full[1], view.zoom[1]);
    return to > from ? [from, to] : full;
  }
  function updateShown(): void {
    const cursor = view.cursorRow;
    shown = cursor === null || model.rows === null ? model.spectrum : meanUpTo(model.rows, cursor);
    // Fixed by the first spectrum, and again by the reference, so that colour does not breathe from frame to frame.
    const base = model.spectrum?.expected ?? null;
    const first = model.spectrum?.now ?? null;
    if (first === null || (countRange !== null && (isRangeFinal || base === null))) return;
    isRangeFinal = base !== null;
    countRange = [quantileOf(base ?? first, 0.005), quantileOf(base ?? first, 0.999)];
  }
  function scene(g: CanvasRenderingContext2D, tokens: Tokens): Scene | null {
    if (geometry === null || axis === null || map === null || model.rows === null) return null;
    const changes = model.alerts.filter((a) => a.isChange);
    const silentSeconds = isOld(model)
      ? model.lostAtMs === null
        ? ageSeconds(model, performance.now())
        : (performance.now() - model.lostAtMs) / 1000
      : 0;
    return {
      g,
      geometry,
      axis,
      map,
      rows: model.rows,
      endRow: endRow(model.rows),
      model,
      view,
      tokens,
      changes,
      offset,
      silentSeconds,
    };
  }

  return {
    get geometry() {
      return geometry;
    },
    get axis() {
      return axis;
    },
    get map() {
      return map;
    },
    get offset() {
      return offset;
    },
    get shown() {
      return shown;
    },
    drawSpectrum() {
      const tokens = measure();
      updateShown();
      if (tokens === null || geometry === null || axis === null || shown === null) return;
      const { regions } = model.regions;
      const range = [axis.from, axis.to] as const;
      const common = { tokens, range, centres, regions };
      spectrumPlot.update(shown, { ...common, box: geometry.spectrum, scale: view.scale, isStepped: false });
      residualPlot.update(shown, { ...common, box: geometry.residual });
      spectrumHost.classList.toggle('old', isOld(model));
      residualHost.classList.toggle('old', isOld(model));
      const inset = insetOf(model, edges);
      const room = insetRoom(geometry);
      const hasRoom = inset !== null && room > 50;
      insetHost.style.height = `${Math.max(0, room)}px`;
      insetHost.classList.toggle('away', !hasRoom);
      byId('inset-head').classList.toggle('away', !hasRoom);
      if (hasRoom) {
        const box = { x: 46, y: 0, width: insetHost.clientWidth - 46, height: room };
        const columns = model.regions.regions.length > 0 ? [inset.region] : [];
        insetPlot.update(shown, {
          ...common,
          regions: columns,
          range: inset.range,
          box,
          scale: 'linear',
          isStepped: true,
        });
      }
      write(byTestId('mean-note'), geometry.isSmall ? 'now' : `now, mean of ${MEAN_ROWS}`);
      write(byTestId('band-note'), model.layout?.noise === 'poisson' ? '\u00a0Poisson' : '');
      write(byTestId('quantity'), model.layout?.quantity ?? '');
      setHidden(byTestId('full-range'), view.zoom === null && view.spanRows === null);
      setHidden(byTestId('region-key'), regions.length === 0);
      setHidden(byTestId('reference-key'), shown.expected === null);
      setHidden(byTestId('band-key'), shown.expected === null);
      const none = model.hello?.hasReference === false ? 'no reference in this run' : 'no reference yet';
      write(byTestId('residual-note'), shown.expected === null ? none : 'now − reference, in σ');
    },
    drawRows() {
      const tokens = measure();
      if (tokens === null || geometry === null || axis === null || model.rows === null || model.layout === null) return;
      updateShown();
      offset = isOld(model) ? SILENCE_PIXELS : 0;
      const counts = countRange ?? [0, 1];
      const kind = waterfallKind();
      map = waterfall.update(model.rows, {
        box: geometry.waterfall,
        view: { ...view, waterfall: kind },
        range: [axis.from, axis.to],
        edges,
        isPoisson: model.layout.noise === 'poisson',
        countRange: [Math.max(counts[0], view.scale === 'log' ? counts[1] / 1000 : 0), counts[1]],
        tokens,
        spanRows: view.spanRows,
        endRow: endRow(model.rows),
      });
      waterfall.show(offset);
      setAttribute(main, 'data-rows', String(model.rows.next));
      const { g } = fit(marks);
      const drawn = scene(g, tokens);
      if (drawn === null) return;
      drawSpectralAxis(drawn);
      drawRunStrip(drawn);
      drawTracks(drawn);
      drawWaterfallMarks(drawn);
      drawRegionLabels(drawn, (value) => spectrumPlot.y(value));
      legend(counts);
      if (performance.now() - describedMs > 5000) {
        describedMs = performance.now();
        setAttribute(plot, 'aria-label', describeScene(drawn));
      }
    },
  };

  function place(where: Geometry): void {
    position(spectrumHost, { ...where.spectrum, x: 0, width: where.spectrum.x + where.spectrum.width });
    position(residualHost, { ...where.residual, x: 0, width: where.residual.x + where.residual.width });
    position(waterfall.canvas, where.waterfall);
    const { x, width } = where.spectrum;
    position(byId('head-spectrum'), { x: x - 2, y: 0, width: width + 2, height: 28 });
    position(byId('head-residual'), { x: x - 2, y: where.residual.y - 26, width: width + 2, height: 28 });
    position(byId('head-waterfall'), { x: x - 2, y: where.axisY + 20, width: width + 2, height: 28 });
    const right = x + width;
    position(byId('regions'), { x: right, y: 0, width: where.width - right, height: where.axisY + 14 });
  }
  function insetRoom(where: Geometry): number {
    return where.axisY - insetHost.offsetTop;
  }
  function legend(counts: readonly [number, number]): void {
    const isResidual = waterfallKind() === 'residual';
    byTestId<HTMLButtonElement>('view-residual').disabled = model.hello?.hasReference === false;
    setAttribute(byTestId('view-residual'), 'aria-pressed', String(isResidual));
    setAttribute(byTestId('view-counts'), 'aria-pressed', String(!isResidual));
    write(byTestId('colour-low'), isResidual ? `−${FULL_SIGMA}` : quantity(counts[0]));
    write(byTestId('colour-high'), isResidual ? `+${FULL_SIGMA} σ` : quantity(counts[1]));
    const rows = model.rows;
    const isLearned = rows !== null && rows.next > rows.first && !rows.isReferenced(rows.first);
    const pooled = `each row with the ${POOLED_ROWS} before it; ${isLearned ? 'striped: no reference yet' : 'newest on top'}`;
    const note = isResidual ? pooled : 'per frame; newest on top';
    write(byTestId('pool-note'), note);
    const key = waterfallKind() + view.theme;
    if (key === coloursKey) return;
    coloursKey = key;
    paintLegend(byId<HTMLCanvasElement>('colours'), waterfall.colours);
  }
}

function position(element: HTMLElement, box: Box): void {
  const { style } = element;
  style.left = `${box.x}px`;
  style.top = `${box.y}px`;
  style.width = `${box.width}px`;
  style.height = `${box.height}px`;
}

function paintLegend(canvas: HTMLCanvasElement, colours: Uint8ClampedArray): void {
  const g = canvas.getContext('2d');
  if (g === null) return;
  for (let x = 0; x < canvas.width; x++) {
    const at = 3 * Math.round((x / (canvas.width - 1)) * 255);
    g.fillStyle = `rgb(${colours[at]}, ${colours[at + 1]}, ${colours[at + 2]})`;
    g.fillRect(x, 0, 1, canvas.height);
  }
}

/** The strongest region enlarged, or the surroundings of the largest residual. */
function insetOf(model: Model, edges: readonly number[]) {
  const strongest = model.regions.regions[0];
  const residual = model.regions.residual;
  const full = [edges[0] ?? 0, edges[edges.length - 1] ?? 1] as const;
  const channel = (full[1] - full[0]) / Math.max(1, edges.length - 1);
  const region =
    strongest ??
    (residual === null ? null : { from: residual.largestAt - 6 * channel, to: residual.largestAt + 6 * channel });
  if (region === null) return null;
  const room = Math.max(region.to - region.from, 12 * channel) * 0.9;
  return { region, range: [Math.max(full[0], region.from - room), Math.min(full[1], region.to + room)] as const };
}
