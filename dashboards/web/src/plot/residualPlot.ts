import uPlot from 'uplot';
import { signed } from '../format.ts';
import type { Spectrum } from '../model.ts';
import type { Box } from './geometry.ts';
import { niceSteps } from './geometry.ts';
import { font, hatch, type Tokens } from './tokens.ts';

export interface ResidualSetting {
  readonly box: Box;
  readonly tokens: Tokens;
  readonly range: readonly [number, number];
  readonly centres: Float64Array;
  readonly regions: readonly { readonly from: number; readonly to: number }[];
}

/** (now − reference)/σ as bars from zero, with the band of three sigma; changed regions hatched. */
export interface ResidualPlot {
  update(spectrum: Spectrum, setting: ResidualSetting): void;
}

/** The axis is symmetric and never narrower than this, σ. */
const LEAST_RANGE = 6;

export function createResidualPlot(host: HTMLElement): ResidualPlot {
  let plot: uPlot | null = null;
  let key = '';
  let setting: ResidualSetting | null = null;
  let limit = LEAST_RANGE;

  function build({ box, tokens }: ResidualSetting): uPlot {
    const paths = uPlot.paths.bars?.({ size: [1, Infinity], gap: 0 });
    const bars = (fill: string): uPlot.Series => ({
      stroke: fill,
      fill,
      width: 0.5,
      points: { show: false },
      ...(paths === undefined ? {} : { paths }),
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
          y: { range: () => [-limit, limit] },
        },
        axes: [
          { show: false },
          {
            size: box.x,
            gap: 3,
            stroke: tokens.t2,
            font: font(12.5),
            grid: { show: false },
            ticks: { show: false },
            splits: () => labelled(limit, box.height),
            values: (_, splits) => splits.map((v) => signed(v, 0)),
          },
        ],
        series: [{}, bars(tokens.t2), bars(tokens.amber)],
        hooks: { drawAxes: [drawGround] },
      },
      [[], [], []],
      host,
    );
  }
  function drawGround(u: uPlot): void {
    if (setting === null) return;
    const { tokens, regions } = setting;
    const g = u.ctx;
    const { left, top, width, height } = u.bbox;
    g.save();
    g.fillStyle = tokens.band;
    const upper = u.valToPos(3, 'y', true);
    g.fillRect(left, upper, width, u.valToPos(-3, 'y', true) - upper);
    g.fillStyle = tokens.edge;
    g.fillRect(left, Math.round(u.valToPos(0, 'y', true)), width, 1);
    for (const region of regions) {
      const from = Math.max(left, u.valToPos(region.from, 'x', true));
      const to = Math.min(left + width, u.valToPos(region.to, 'x', true));
      if (to <= from) continue;
      g.globalAlpha = 0.14;
      g.fillStyle = tokens['amber-fill'];
      g.fillRect(from, top, to - from, height);
      hatch(g, { x: from, y: top, width: to - from, height }, tokens.amber, 0.45);
    }
    g.restore();
  }

  return {
    update(spectrum, wanted) {
      setting = wanted;
      const { box, tokens, centres, range, regions } = wanted;
      const next = [box.x, box.width, box.height, tokens.panel].join();
      if (next !== key || plot === null) {
        plot?.destroy();
        plot = build(wanted);
        key = next;
      }
      const { now, expected, sigma } = spectrum;
      const quiet: (number | null)[] = [];
      const changed: (number | null)[] = [];
      limit = LEAST_RANGE;
      for (let j = 0; j < now.length; j++) {
        const x = centres[j]!;
        const s = sigma?.[j] ?? 0;
        const z = expected === null || !(s > 0) ? null : (now[j]! - expected[j]!) / s;
        const isInside = regions.some((region) => x >= region.from && x <= region.to);
        quiet.push(isInside ? null : z);
        changed.push(isInside ? z : null);
        if (z !== null && x >= range[0] && x <= range[1]) limit = Math.max(limit, 1.06 * Math.abs(z));
      }
      plot.setData([centres, quiet, changed]);
    },
  };
}

/** Zero and at least one value on either side, none so near the edge that its label would be cut. */
function labelled(limit: number, height: number): number[] {
  for (const count of [3, 5, 7]) {
    const steps = niceSteps(-limit, limit, count).filter((v) => (1 - Math.abs(v) / limit) * height > 16);
    if (steps.length >= 3) return steps;
  }
  return [0];
}
