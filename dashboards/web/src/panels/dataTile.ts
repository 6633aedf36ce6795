import { byId, byTestId, setClass, setIcon, strong, write, type IconName, type Piece } from '../element.ts';
import { age, clock, counts, day, duration } from '../format.ts';
import { ageSeconds, type Model } from '../model.ts';
import { fit, readTokens } from '../plot/tokens.ts';
import type { View } from '../view.ts';
import { rateText } from './topBar.ts';

/** Bars of the heartbeat: one per frame, or per second when frames come faster. */
const BARS = 90;

interface Words {
  readonly word: string;
  readonly icon: IconName;
  readonly tile: 'plain' | 'blue' | 'void';
  readonly right: string;
  readonly sub: readonly Piece[];
}

/** Is it alive, are the data fresh? */
export function updateDataTile(model: Model, view: View, nowMs: number): void {
  const { word, icon, tile, right, sub } = wordsOf(model, view, nowMs);
  const element = byId('data');
  setClass(element, `tile ${tile}`);
  setIcon(element, icon);
  const head = byTestId('data-word').parentElement;
  if (head !== null) setClass(head, word.length > 10 || word.length + right.length > 15 ? 'head long' : 'head');
  write(byTestId('data-word'), word);
  write(byTestId('data-age'), right);
  write(byTestId('data-sub'), ...sub);
}

function wordsOf(model: Model, view: View, nowMs: number): Words {
  const { status, rows } = model;
  const seconds = ageSeconds(model, nowMs);
  if (model.lostAtMs !== null)
    return {
      word: 'DISCONNECTED',
      icon: 'cut',
      tile: 'void',
      right: '',
      sub: ['no link for ', strong(duration((nowMs - model.lostAtMs) / 1000)), '; all values here are old'],
    };
  if (status === null || status.state === 'waiting') {
    const listening = status === null ? '' : duration((status.listeningMs + nowMs - model.statusAtMs) / 1000);
    return {
      word: 'WAITING',
      icon: 'wait',
      tile: 'plain',
      right: '',
      sub: ['no frame received yet, listening for ', strong(listening)],
    };
  }
  const last = [
    'last frame ',
    strong(counts(status.lastSeq ?? Number.NaN)),
    ' at ',
    strong(clock(status.lastTimeUs ?? Number.NaN)),
  ];
  if (status.state === 'stale') return { word: 'STALE', icon: 'stale', tile: 'void', right: age(seconds), sub: last };
  if (status.state === 'ended') {
    const isReplay = status.mode === 'replay';
    const sub = [isReplay ? 'the recording has ended; ' : 'the source has ended; ', ...last];
    return { word: isReplay ? 'REPLAY ENDED' : 'ENDED', icon: 'end', tile: isReplay ? 'blue' : 'void', right: '', sub };
  }
  if (view.cursorRow !== null && rows !== null) {
    const shownUs = rows.endUs(view.cursorRow);
    return {
      word: 'REVIEW',
      icon: 'back',
      tile: 'blue',
      right: `−${duration(((status.lastTimeUs ?? shownUs) - shownUs) / 1e6)}`,
      sub: ['data still arrive; plots show ', strong(clock(shownUs))],
    };
  }
  if (status.state === 'replay')
    return {
      word: `REPLAY ${speedText(status.speed)}`,
      icon: 'play',
      tile: 'blue',
      right: clock(status.lastTimeUs ?? Number.NaN),
      sub: ['recorded ', strong(day(status.lastTimeUs ?? Number.NaN))],
    };
  return {
    word: 'LIVE',
    icon: 'live',
    tile: 'plain',
    right: age(seconds),
    sub: [
      'last frame ',
      strong(counts(status.lastSeq ?? Number.NaN)),
      ', ',
      strong(rateText(status.framesPerSecond)),
      '\u00a0frames/s',
    ],
  };
}

function speedText(speed: number | null): string {
  return speed === null ? 'MAX' : `${Number(speed.toPrecision(3))}×`;
}

interface Slot {
  total: number;
  frames: number;
  lost: number;
}

/** Total counts against their median; a lost frame is a hole, dead time is violet. */
export function drawBeat(model: Model, nowMs: number): void {
  const { g, width, height } = fit(byId<HTMLCanvasElement>('beat'));
  const step = width / BARS;
  const colour = getComputedStyle(byId('beat')).color;
  const slotUs = Math.max(1e6, model.status?.framePeriodUs ?? 1e6);
  const silence = model.lostAtMs === null ? ageSeconds(model, nowMs) : (nowMs - model.lostAtMs) / 1000;
  const isSilent = model.lostAtMs !== null || model.status?.state === 'stale';
  const dead = model.rows === null || model.rows.next === 0 ? BARS : isSilent ? Math.ceil((silence * 1e6) / slotUs) : 0;
  g.fillStyle = colour;
  g.globalAlpha = 0.5;
  g.fillRect(0, height - 1, width, 1);
  g.globalAlpha = 1;
  const slots = slotsOf(model, slotUs);
  const means = slots.filter((s) => s.frames > 0).map((s) => s.total / s.frames);
  const median = [...means].sort((a, b) => a - b)[Math.floor(means.length / 2)] ?? 1;
  for (let k = 0; k < BARS - Math.min(BARS, dead); k++) {
    const slot = slots[slots.length - 1 - k];
    if (slot === undefined || slot.frames === 0 || slot.lost > slot.frames) continue;
    const bar = Math.min(1, (0.7 * slot.total) / slot.frames / (median || 1)) * height;
    g.fillRect(width - (k + 1 + dead) * step, height - bar, Math.max(1, step * 0.6), bar);
  }
  if (dead === 0) return;
  g.fillStyle = model.status === null || model.status.state === 'waiting' ? readTokens().t3 : readTokens().void;
  g.globalAlpha = 0.45;
  for (let x = width - Math.min(BARS, dead) * step; x < width; x += 6) g.fillRect(x, 0, 1.5, height);
  g.globalAlpha = 1;
}

function slotsOf({ rows }: Model, slotUs: number): Slot[] {
  if (rows === null || rows.next === rows.first) return [];
  const newest = Math.floor(rows.endUs(rows.next - 1) / slotUs);
  const slots = Array.from({ length: BARS }, (): Slot => ({ total: 0, frames: 0, lost: 0 }));
  for (let row = rows.next - 1; row >= rows.first; row--) {
    const slot = slots[BARS - 1 - (newest - Math.floor(rows.endUs(row) / slotUs))];
    if (slot === undefined) break;
    slot.total += rows.total(row);
    slot.frames += rows.frames(row);
    slot.lost += rows.lost(row);
  }
  return slots;
}
