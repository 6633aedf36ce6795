import type { EvidenceBundle, EvidenceSpectrum } from '../evidence/bundle.ts';
import { html, type Html } from './html.ts';
import { rangeOf, scaleOf, ticksOf, timeTicksOf, type Scale } from './scale.ts';
import type { SeriesBin } from './series.ts';
import { clockOf, numberText, plain, unitWords } from './words.ts';

/** Where a plot lies in its drawing, pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const round = (value: number): number => Math.round(10 * value) / 10;

/** The points that are finite, as lines; gaps stay open. */
export function pathOf(points: Iterable<readonly [x: number, y: number]>): string {
  let text = '';
  let isOpen = false;
  for (const [x, y] of points) {
    if (Number.isFinite(x) && Number.isFinite(y)) text += `${isOpen ? 'L' : 'M'}${round(x)} ${round(y)}`;
    isOpen = Number.isFinite(x) && Number.isFinite(y);
  }
  return text;
}

/** Frame, ticks and their numbers at the left. */
export function leftAxis({ left, top, width, height }: Box, y: Scale, title: string): Html {
  const ticks = ticksOf(Math.min(y.from, y.to), Math.max(y.from, y.to), Math.max(3, height / 34));
  return html`<rect class="frame" x="${left}" y="${top}" width="${width}" height="${height}" />${ticks.map(
      (tick) =>
        html`<path class="tick" d="M${left - 4} ${round(y.at(tick))}h4" /><text
            class="num"
            x="${left - 7}"
            y="${round(y.at(tick)) + 3.5}"
            text-anchor="end"
            >${numberText(tick)}</text
          >`,
    )}<text class="title" transform="translate(${left - 50} ${top + height / 2}) rotate(-90)" text-anchor="middle"
      >${title}</text
    >`;
}

/** Ticks and numbers below. */
export function bottomAxis({ left, top, width, height }: Box, x: Scale, title: string, isTime: boolean): Html {
  const ticks = isTime ? timeTicksOf(x.from, x.to, 8) : ticksOf(x.from, x.to, 8);
  const base = top + height;
  return html`${ticks.map(
      (tick) =>
        html`<path class="tick" d="M${round(x.at(tick))} ${base}v4" /><text
            class="num"
            x="${round(x.at(tick))}"
            y="${base + 16}"
            text-anchor="middle"
            >${isTime ? clockOf(tick) : numberText(tick)}</text
          >`,
    )}<text class="title" x="${left + width / 2}" y="${base + 32}" text-anchor="middle">${title}</text>`;
}

/** A curve of the run: a band from the lowest to the highest of each stretch, and its end. */
export function seriesPath(bins: readonly SeriesBin[], x: Scale, y: Scale): Html {
  const upper = bins.map((bin) => [x.at(0.5 * (bin.fromUs + bin.toUs)), y.at(bin.high)] as const);
  const lower = bins.map((bin) => [x.at(0.5 * (bin.fromUs + bin.toUs)), y.at(bin.low)] as const);
  const isBand = bins.some(({ low, high }) => low !== high);
  return isBand
    ? html`<path class="band" d="${pathOf([...upper, ...lower.toReversed()])}Z" />`
    : html`<path class="line" d="${pathOf(upper)}" />`;
}

const WIDTH = 960;
const LEFT = 70;

/** Spectra before and after an event, the residual below, and the region in which it was found. */
export function evidencePlot(bundle: EvidenceBundle): Html | null {
  const { axis, before, at, after, residual, alert } = bundle;
  const later = after ?? at;
  const { centres } = axis;
  if (later === null || centres.length < 2) return null;
  const box = { left: LEFT, top: 8, width: WIDTH - LEFT - 10, height: 190 };
  const below = { ...box, top: box.top + box.height + 10, height: residual === null ? 0 : 90 };
  const x = scaleOf(centres[0] ?? 0, centres.at(-1) ?? 1, box.left, box.left + box.width);
  const means = [before, later].flatMap((spectrum) => spectrum?.mean ?? []).filter((value) => value !== null);
  const range = rangeOf(means.map(root)) ?? [0, 1];
  const y = scaleOf(range[0], range[1], box.top + box.height, box.top);
  const height = below.top + below.height + 42;
  const curve = (spectrum: EvidenceSpectrum | null, name: string): Html =>
    spectrum === null
      ? html``
      : html`<path
          class="${name}"
          d="${pathOf(spectrum.mean.map((value, i) => [x.at(centres[i] ?? NaN), y.at(value === null ? NaN : root(value))]))}"
        />`;
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Spectra before and after, with the residual">
    ${regionMark(alert.region, x, box.top, below.top + below.height - box.top)}
    ${leftAxis(box, y, `√ ${plain(bundle.quantity)} per frame`)} ${curve(before, 'before')} ${curve(later, 'after')}
    ${residual === null ? html`` : residualPart(residual, centres, below, x)}
    ${bottomAxis(below, x, [plain(axis.name), unitWords(axis.unit)].filter(Boolean).join(', '), false)}
  </svg>`;
}

/** Equal noise at every height. */
const root = (value: number): number => Math.sign(value) * Math.sqrt(Math.abs(value));

function residualPart(residual: readonly (number | null)[], centres: readonly number[], box: Box, x: Scale): Html {
  const most = Math.max(6, ...residual.map((value) => Math.abs(value ?? 0))) * 1.06;
  const y = scaleOf(-most, most, box.top + box.height, box.top);
  const band = round(y.at(-3) - y.at(3));
  return html`<rect
      class="chance"
      x="${box.left}"
      y="${round(y.at(3))}"
      width="${box.width}"
      height="${band}"
    />${leftAxis(box, y, 'residual, σ')}<path
      class="after"
      d="${pathOf(residual.map((value, i) => [x.at(centres[i] ?? NaN), y.at(value ?? NaN)]))}"
    />`;
}

function regionMark(region: readonly [number, number] | undefined, x: Scale, top: number, height: number): Html {
  if (region === undefined) return html``;
  const left = Math.max(x.at(x.from), x.at(region[0]) - 1);
  const right = Math.min(x.at(x.to), x.at(region[1]) + 1);
  return right <= left
    ? html``
    : html`<rect class="region" x="${round(left)}" y="${top}" width="${round(right - left)}" height="${height}" />`;
}

/** The statistics that decided, over their thresholds, with the onset and its interval. */
export function statisticPlot({ alert, statistics }: EvidenceBundle): Html | null {
  const all = statistics.flatMap(({ points }) =>
    points.map(([timeUs, value, threshold]) => ({ timeUs, value, threshold })),
  );
  const from = Math.min(...all.map(({ timeUs }) => timeUs));
  const to = Math.max(...all.map(({ timeUs }) => timeUs));
  if (all.length < 2 || from >= to) return null;
  const box = { left: LEFT, top: 8, width: WIDTH - LEFT - 10, height: 90 };
  const x = scaleOf(from, to, box.left, box.left + box.width);
  const ratio = (value: number, threshold: number | null): number => value / (threshold ?? alert.threshold);
  const most = Math.min(20, 1.1 * Math.max(1.2, ...all.map(({ value, threshold }) => ratio(value, threshold))));
  const y = scaleOf(0, most, box.top + box.height, box.top);
  const within = (timeUs: number): number => Math.min(x.at(to), Math.max(x.at(from), x.at(timeUs)));
  const [early, late] = alert.onsetIntervalUs ?? [alert.onsetUs, alert.onsetUs];
  return html`<svg viewBox="0 0 ${WIDTH} ${box.height + 50}" role="img" aria-label="Statistic over threshold">
    <rect
      class="region"
      x="${round(within(early))}"
      y="${box.top}"
      width="${round(Math.max(1.5, within(late) - within(early)))}"
      height="${box.height}"
    />
    ${leftAxis(box, y, 'over threshold')}
    <path class="threshold" d="M${box.left} ${round(y.at(1))}h${box.width}" />
    ${statistics.map(({ points }) => html`<path class="line" d="${pathOf(points.map(([t, value, threshold]) => [x.at(t), y.at(Math.min(most, ratio(value, threshold)))]))}" />`)}
    <path class="raised" d="M${round(within(alert.timeUs))} ${box.top}v${box.height}" />
    ${bottomAxis(box, x, 'UTC', true)}
  </svg>`;
}
