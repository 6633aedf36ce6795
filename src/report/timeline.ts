import { html, type Html } from './html.ts';
import { bottomAxis, leftAxis, seriesPath, type Box } from './plots.ts';
import { rangeOf, scaleOf, type Scale } from './scale.ts';
import type { Curve, RunContents, StreamContents } from './contents.ts';
import { numberText, plain, unitWords } from './words.ts';

const WIDTH = 960;
const LEFT = 70;
const GAP = 12;
const TRACK = 58;

/** The run of one stream from left to right: its spectra, and below them the curves; alerts by their numbers, stops in red. */
export function timelinePlot(run: RunContents, stream: StreamContents, curves: readonly Curve[]): Html | null {
  const { waterfall, fromUs, toUs } = stream;
  if (waterfall === null || toUs <= fromUs) return null;
  const x = scaleOf(fromUs, toUs, LEFT, WIDTH - 10);
  const picture: Box = { left: LEFT, top: 24, width: WIDTH - LEFT - 10, height: 230 };
  const axis = scaleOf(waterfall.axisFrom, waterfall.axisTo, picture.top + picture.height, picture.top);
  const title = [plain(waterfall.axisName), unitWords(waterfall.axisUnit)].filter(Boolean).join(', ');
  const tracks = curves.map((curve, i): { curve: Curve; box: Box } => ({
    curve,
    box: { ...picture, top: picture.top + picture.height + GAP + i * (TRACK + GAP), height: TRACK },
  }));
  const last = tracks.at(-1)?.box ?? picture;
  const bottom = last.top + last.height;
  const imageLeft = x.at(waterfall.fromUs);
  return html`<svg viewBox="0 0 ${WIDTH} ${bottom + 42}" role="img" aria-label="Timeline of ${stream.stream}">
    <image
      href="${waterfall.address}"
      x="${imageLeft}"
      y="${picture.top}"
      width="${x.at(waterfall.toUs) - imageLeft}"
      height="${picture.height}"
      preserveAspectRatio="none"
    />
    ${leftAxis(picture, axis, title)} ${tracks.map(({ curve, box }) => trackPart(curve, box, x))}
    ${marks(run, stream, x, picture.top, bottom)} ${bottomAxis(last, x, 'UTC', true)}
  </svg>`;
}

function trackPart({ stage, name, unit, series }: Curve, box: Box, x: Scale): Html {
  const range = rangeOf(series.bins.flatMap(({ low, high }) => [low, high])) ?? [0, 1];
  const y = scaleOf(range[0], range[1], box.top + box.height, box.top);
  const what = [stage === '' ? plain(name) : `${plain(stage)}: ${plain(name)}`, unitWords(unit)]
    .filter(Boolean)
    .join(', ');
  return html`${leftAxis(box, y, '')}${seriesPath(series.bins, x, y)}<text
      class="track"
      x="${box.left + 6}"
      y="${box.top + 13}"
      >${what}</text
    >`;
}

function marks(
  { alerts, permits }: RunContents,
  { stream }: StreamContents,
  x: Scale,
  top: number,
  bottom: number,
): Html[] {
  const at = (timeUs: number): number =>
    Math.round(10 * Math.min(x.at(x.to), Math.max(x.at(x.from), x.at(timeUs)))) / 10;
  const onsets = alerts.flatMap(({ raised }, i) =>
    raised.stream === stream
      ? [
          html`<path class="onset" d="M${at(raised.onsetUs)} ${top}V${bottom}" /><text
              class="mark"
              x="${at(raised.onsetUs)}"
              y="${top - 6 - 10 * (i % 2)}"
              text-anchor="middle"
              >${i + 1}</text
            >`,
        ]
      : [],
  );
  const stops = permits
    .filter(({ event, stream: of = stream }) => event === 'tripped' && of === stream)
    .map(({ frameUs }) => html`<path class="stop" d="M${at(frameUs)} ${top}V${bottom}" />`);
  // More numbers than that would hide the picture.
  return onsets.length > 60 ? stops : [...onsets, ...stops];
}

/** Curves that tell most in few lines: the detectors first, then dose and damage, drift, and slow signals. */
export function chosenCurves(curves: readonly Curve[], stream: string, most: number): Curve[] {
  const own = curves.filter((curve) => curve.stream === stream && curve.series.bins.length > 1);
  const named = (...names: readonly string[]) => own.filter(({ stage, name }) => stage !== '' && names.includes(name));
  const isFlat = ({ series }: Curve) => {
    const range = rangeOf(series.bins.flatMap(({ low, high }) => [low, high]));
    return range === null || numberText(range[0]) === numberText(range[1]);
  };
  const slow = own.filter((curve) => curve.stage === '' && !isFlat(curve));
  const groups = [
    named('statistic').slice(0, 3),
    named('dose').slice(0, 1),
    named('damage').slice(0, 1),
    slow.slice(0, 3),
  ];
  return [...groups.flat(), ...named('shift', 'gain'), ...slow.slice(3)].slice(0, most);
}
