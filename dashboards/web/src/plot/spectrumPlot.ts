import uPlot from 'uplot';
import { counts } from '../format.ts';
import type { Spectrum } from '../model.ts';
import type { Scale } from '../view.ts';
import type { Box } from './geometry.ts';
import { axisValues, backward, forward } from './scales.ts';
import { font, type Tokens } from './tokens.ts';

export interface SpectrumSetting {
  /** Plot area; the axis stands left of it, inside the host. */
  readonly box: Box;
  readonly scale: Scale;
  readonly tokens: Tokens;
  readonly range: readonly [number, number];
  readonly centres: Float64Array;
  /** Changed regions, drawn as columns. */
  readonly regions: readonly { readonly from: number; readonly to: number }[];
  /** Steps instead of lines, for a plot of few channels. */
  readonly isStepped: boolean;
}

/** The spectrum now, its drift-corrected reference (dashed), and three sigma around it. */
export interface SpectrumPlot {
  update(spectrum: Spectrum, setting: SpectrumSetting): void;
  /** y of a value in CSS pixels from the top of the host. */
  y(value: number): number;
}

export function createSpectrumPlot(host: HTMLElement): SpectrumPlot {
  let plot: uPlot | null = null;
  let key = '';
  let setting: SpectrumSetting | null = null;
  let limits: [number, number] = [0, 1];

  function build(wanted: SpectrumSetting): uPlot {
    const { box, scale, tokens } = wanted;
    const paths = wanted.isStepped && uPlot.paths.stepped ? uPlot.paths.stepped({ align: 0 as 1 }) : undefined;
    const line = (stroke: string, width: number, dash?: number[]): uPlot.Series => ({
      stroke,
      width,
      points: { show: false },
      ...(dash === undefined ? {} : { dash }),
    });
    return new uPlot(
      {
        width: box.x + box.width,
        height: box.height,
        padding: [0, 0, 0, 0],
        cursor: { show: false },
        legend: { show: false },
        scales: {
          x: { time: false, range: () => [setting?.range[0] ?? 0, setting?.range[1] ?? 1] },
          y: {
            range: () => limits,
            ...(scale === 'linear'
              ? {}
              : { distr: 100, fwd: (v: number) => forward(scale, v), bwd: (v: number) => backward(scale, v) }),
          },
        },
        axes: [
          { show: false },
          {
            size: box.x,
            gap: 3,
            stroke: tokens.t2,
            font: font(12.5),
            grid: { stroke: tokens.line, width: 1 },
            ticks: { show: false },
            // The default would keep only powers of ten on a scale that is not linear.
            filter: (_, splits) => splits,
            splits: () => axisValues(scale, limits, box.height, 16),
            values: (_, splits) => splits.map((v) => (Math.abs(v) < 10 ? String(v).replace('-', '−') : counts(v))),
          },
        ],
        series: [
          {},
          line('transparent', 0),
          line('transparent', 0),
          line(tokens.ref, 1.8, [7, 4]),
          paths === undefined ? line(tokens.now, 1.4) : { ...line(tokens.now, 2), paths },
        ],
        bands: [{ series: [1, 2], fill: tokens.band }],
        hooks: { drawAxes: [drawColumns] },
      },
      [[], [], [], [], []],
      host,
    );
  }
  function drawColumns(u: uPlot): void {
    if (setting === null) return;
    const g = u.ctx;
    g.save();
    g.globalAlpha = 0.14;
    g.fillStyle = setting.tokens['amber-fill'];
    for (const region of setting.regions) {
      const from = Math.max(u.bbox.left, u.valToPos(region.from, 'x', true));
      const to = Math.min(u.bbox.left + u.bbox.width, u.valToPos(region.to, 'x', true));
      if (to > from) g.fillRect(from, u.bbox.top, to - from, u.bbox.height);
    }
    g.restore();
  }

  return {
    update(spectrum, wanted) {
      setting = wanted;
      const { box, scale, tokens } = wanted;
      const next = [box.x, box.width, box.height, scale, tokens.panel, wanted.isStepped].join();
      if (next !== key || plot === null) {
        plot?.destroy();
        plot = build(wanted);
        key = next;
      }
      limits = limitsOf(spectrum, wanted);
      const floor = scale === 'log' ? limits[0] : Number.NEGATIVE_INFINITY;
      const { now, expected, sigma } = spectrum;
      const bound = (sign: number) =>
        Array.from(now, (_, j) =>
          expected === null || sigma === null ? null : Math.max(floor, expected[j]! + sign * 3 * sigma[j]!),
        );
      const shown = Array.from(now, (v) => Math.max(floor, v));
      const reference = Array.from(now, (_, j) => (expected === null ? null : Math.max(floor, expected[j]!)));
      plot.setData([wanted.centres, bound(1), bound(-1), reference, shown]);
    },
    y: (value) => (plot === null ? 0 : plot.valToPos(value, 'y')),
  };
}

function limitsOf(spectrum: Spectrum, { range, centres, scale, isStepped }: SpectrumSetting): [number, number] {
  const { now, expected, sigma } = spectrum;
  let high = Number.NEGATIVE_INFINITY;
  let low = Number.POSITIVE_INFINITY;
  let smallest = Number.POSITIVE_INFINITY;
  for (let j = 0; j < now.length; j++) {
    const x = centres[j]!;
    if (x < range[0] || x > range[1]) continue;
    const mean = expected?.[j] ?? now[j]!;
    const spread = 3 * (sigma?.[j] ?? 0);
    high = Math.max(high, now[j]!, mean + (isStepped ? spread : 0));
    low = Math.min(low, isStepped ? Math.min(now[j]!, mean - spread) : Math.min(mean, now[j]!));
    if (mean > 0) smallest = Math.min(smallest, mean);
  }
  if (!Number.isFinite(high)) return [0, 1];
  if (isStepped) {
    const room = 0.05 * (high - low) || 0.5;
    return [low - room, high + room];
  }
  const top = high > 0 ? high * (scale === 'log' ? 1.35 : 1.07) : 1;
  if (scale === 'log') return [Math.max(1e-6, (Number.isFinite(smallest) ? smallest : top / 1e3) * 0.6), top];
  if (low < 0) return [low * 1.07, top];
  return [scale === 'linear' ? 0 : low * 0.6, top];
}
