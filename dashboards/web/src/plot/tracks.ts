import type { TrackInfo } from '../../../../src/server/protocol.ts';
import { contextNumber, fixed, signed } from '../format.ts';
import { plainWords, unitText, withUnit } from '../units.ts';
import { niceSteps } from './geometry.ts';
import type { Scene } from './scene.ts';
import { font } from './tokens.ts';

/** Statistic over threshold is drawn up to here. */
const STATISTIC_END = 2.6;

interface Track {
  readonly info: TrackInfo;
  readonly column: number;
}

/** Beside the waterfall, on its time axis: detectors, gain, shift, slow signals; minimum and maximum per pixel row. */
export function drawTracks(scene: Scene): void {
  const { geometry } = scene;
  chooseTracks(scene.model.tracks, geometry.trackCount).forEach((track, i, all) => {
    const isAfterStatistics = track.info.kind !== 'statistic' && all.some((t) => t.info.kind === 'statistic');
    const x = geometry.trackX + i * geometry.trackStep + (isAfterStatistics ? 6 : 0);
    drawTrack(scene, track, x, geometry.trackStep - 8);
  });
}

/** Detectors first and never crowded out: three of them, then gain and shift, then slow signals. */
export function chooseTracks(infos: readonly TrackInfo[], count: number): Track[] {
  const all = infos.map((info, column) => ({ info, column }));
  const of = (kind: TrackInfo['kind'], most: number) => all.filter((t) => t.info.kind === kind).slice(0, most);
  const context = of('context', count);
  const statistics = of('statistic', count >= 6 ? 3 : 2);
  const drift = [...of('gain', 1), ...of('shift', 1)];
  const free = count - statistics.length;
  const shownContext = context.slice(0, Math.max(1, free - drift.length));
  const shownDrift = drift.slice(-Math.max(0, free - shownContext.length) || drift.length);
  return [...statistics, ...shownDrift, ...shownContext].slice(0, count);
}

function drawTrack(scene: Scene, { info, column }: Track, left: number, width: number): void {
  const { g, geometry, tokens, rows, map, offset } = scene;
  const { y: top, height } = geometry.waterfall;
  const range = rangeOf(scene, info, column);
  const x = (v: number) =>
    left + ((Math.max(range[0], Math.min(range[1], v)) - range[0]) / (range[1] - range[0])) * width;
  const isStatistic = info.kind === 'statistic';

  g.fillStyle = tokens.bg;
  g.fillRect(left, top, width, height);
  g.strokeStyle = tokens.line;
  g.lineWidth = 1;
  g.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
  const rest = info.kind === 'gain' ? 1 : info.kind === 'shift' ? 0 : null;
  if (isStatistic) dashed(g, x(1), top, height, tokens.t1, [6, 4], 1.6);
  else if (rest !== null && rest >= range[0] && rest <= range[1])
    dashed(g, x(rest), top, height, tokens.edge, [2, 3], 1);

  g.save();
  g.beginPath();
  g.rect(left, top, width, height);
  g.clip();
  const staleFrom = staleSince(scene, info);
  const step = Math.max(1, Math.floor(map.spanRows / height));
  const draw = (from: number, to: number) => {
    g.beginPath();
    // Filled once, as a union: overlapping boxes would show as stripes.
    const beyond = new Path2D();
    let isDown = false;
    for (let row = to - 1; row >= from; row -= step) {
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (let r = Math.max(from, row - step + 1); r <= row; r++) {
        const min = rows.trackMin(r, column);
        if (min < low) low = min;
        const max = rows.trackMax(r, column);
        if (max > high) high = max;
      }
      if (!(high >= low)) {
        isDown = false;
        continue;
      }
      const y = map.y(row + 0.5) + offset;
      if (isStatistic && high > 1)
        beyond.rect(x(1), map.y(row + 1) + offset, x(high) - x(1), map.y(row - step + 1) - map.y(row + 1) + 0.6);
      if (isDown) g.lineTo(x(low), y);
      else g.moveTo(x(low), y);
      g.lineTo(x(high), y);
      isDown = true;
    }
    g.globalAlpha = 0.55;
    g.fill(beyond);
    g.globalAlpha = 1;
    g.stroke();
  };
  g.fillStyle = tokens['amber-fill'];
  g.lineWidth = 1.5;
  g.strokeStyle = isStatistic ? tokens.now : tokens.ref;
  draw(rows.first, Math.max(rows.first, staleFrom));
  if (staleFrom < rows.next) {
    g.strokeStyle = tokens.void;
    g.setLineDash([3, 3]);
    draw(staleFrom, rows.next);
  }
  g.restore();
  drawHead(scene, info, column, left, width);
  drawFoot(scene, info, range, left, width, x(1));
}

function dashed(
  g: CanvasRenderingContext2D,
  x: number,
  top: number,
  height: number,
  colour: string,
  dash: number[],
  width: number,
): void {
  g.setLineDash(dash);
  g.strokeStyle = colour;
  g.lineWidth = width;
  g.beginPath();
  g.moveTo(x, top);
  g.lineTo(x, top + height);
  g.stroke();
  g.setLineDash([]);
}

/** First row from which a slow signal is only repeated, not new. */
function staleSince(scene: Scene, info: TrackInfo): number {
  if (info.kind !== 'context') return scene.rows.next;
  const context = scene.model.status?.context.find((c) => c.name === info.name);
  const lastUs = scene.model.status?.lastTimeUs;
  if (context?.isStale !== true || lastUs === null || lastUs === undefined) return scene.rows.next;
  return Math.max(scene.rows.first, Math.ceil(scene.rows.positionOf(lastUs - context.ageUs)));
}

function rangeOf({ rows }: Scene, info: TrackInfo, column: number): [number, number] {
  if (info.kind === 'statistic') return [0, STATISTIC_END];
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let row = rows.first; row < rows.next; row++) {
    const min = rows.trackMin(row, column);
    const max = rows.trackMax(row, column);
    if (min < low) low = min;
    if (max > high) high = max;
  }
  if (!(high >= low)) return [0, 1];
  if (info.kind === 'gain') return padded(Math.min(low, 0.98), Math.max(high, 1.02));
  if (info.kind === 'shift') return padded(Math.min(low, 0), Math.max(high, 0));
  return padded(low, high);
}

function padded(low: number, high: number): [number, number] {
  const room = 0.04 * (high - low) || 0.05 * Math.abs(high) || 1;
  const steps = niceSteps(low - room, high + room, 6);
  const step = (steps[1] ?? 1) - (steps[0] ?? 0);
  return [Math.floor((low - room) / step) * step, Math.ceil((high + room) / step) * step];
}

function drawHead(
  { g, geometry, tokens, rows, view }: Scene,
  info: TrackInfo,
  column: number,
  left: number,
  width: number,
): void {
  const row = view.cursorRow ?? rows.next - 1;
  const top = geometry.waterfall.y;
  g.textAlign = 'left';
  g.textBaseline = 'bottom';
  g.fillStyle = tokens.t1;
  g.font = font(width < 52 ? 11.5 : 13, 550);
  g.fillText(shortened(g, trackName(info), width), left, top - 16);
  g.font = font(12.5);
  g.fillStyle = tokens.t2;
  const value = trackValue(info, rows.trackMax(row, column));
  const isRoomy = g.measureText(value).width <= width + 6;
  g.fillText(isRoomy ? value : (value.split('\u00a0')[0] ?? value), left, top - 2);
}

export function trackName(info: TrackInfo): string {
  if (info.kind === 'gain') return 'Gain';
  if (info.kind === 'shift') return 'Shift';
  return plainWords(info.name);
}

export function trackValue(info: TrackInfo, value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (info.kind === 'statistic') return value > STATISTIC_END ? `> ${STATISTIC_END} ×` : `${fixed(value, 2)} ×`;
  if (info.kind === 'gain') return `${signed(100 * (value - 1), 1)}\u00a0%`;
  if (info.kind === 'shift') {
    const isMilli = Math.abs(value) < 0.1;
    const unit = unitText(info.unit);
    return `${signed(isMilli ? 1000 * value : value, isMilli ? 0 : 2)}\u00a0${isMilli ? 'm' : ''}${unit}`;
  }
  return withUnit(contextNumber(value), info.unit);
}

function drawFoot(
  { g, geometry, tokens }: Scene,
  info: TrackInfo,
  range: readonly [number, number],
  left: number,
  width: number,
  oneX: number,
): void {
  const y = geometry.waterfall.y + geometry.waterfall.height + 4;
  g.font = font(12.5);
  g.fillStyle = tokens.t2;
  g.textBaseline = 'top';
  if (info.kind === 'statistic') {
    g.textAlign = 'center';
    g.fillText(width < 62 ? '1' : 'threshold', oneX, y);
    return;
  }
  const low = footText(info, range[0], range[1] - range[0]);
  const high = footText(info, range[1], range[1] - range[0]);
  const isRoomy = g.measureText(low + high).width < width - 6;
  g.textAlign = 'left';
  if (isRoomy) g.fillText(low, left, y);
  g.textAlign = 'right';
  g.fillText(high, left + width, y);
}

function footText(info: TrackInfo, value: number, span: number): string {
  const shown = info.kind === 'gain' ? 100 * (value - 1) : info.kind === 'shift' && span < 0.3 ? 1000 * value : value;
  if (info.kind === 'context' && (span < 0.02 || Math.abs(value) >= 1e4)) return contextNumber(value);
  const step = (info.kind === 'gain' ? 100 : info.kind === 'shift' && span < 0.3 ? 1000 : 1) * span;
  return fixed(shown, step >= 8 || shown === 0 ? 0 : step >= 0.8 ? 1 : 2);
}

/** The whole text, else with its long first word cut, else that word, else its beginning. */
function shortened(g: CanvasRenderingContext2D, text: string, width: number): string {
  const [word = text, ...rest] = text.split(' ');
  const cut = `${word.slice(0, 4)}.`;
  const tries = [
    text,
    ...(word.length > 8 && rest.length > 0 ? [[cut, ...rest].join(' ')] : []),
    rest.length > 1 ? `${word} ${rest[0]}` : word,
    word,
  ];
  return tries.find((candidate) => g.measureText(candidate).width <= width) ?? cut;
}
