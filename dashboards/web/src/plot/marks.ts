import { age, clock, duration, fixed } from '../format.ts';
import { axisText, digitsFor, unitText } from '../units.ts';
import { niceSteps } from './geometry.ts';
import { drawOnsets } from './onset.ts';
import { timeToY, type Scene } from './scene.ts';
import { drawStop } from './stopLine.ts';
import { chip, DARK_CHIP, font, hatch } from './tokens.ts';

/** Time steps of the axis, s. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400] as const;

/** The spectral axis, drawn twice: under the residual and under the waterfall. */
export function drawSpectralAxis({ g, geometry, axis, tokens, model }: Scene): void {
  const { residual, waterfall, axisY } = geometry;
  g.font = font(12.5);
  g.fillStyle = tokens.t2;
  g.strokeStyle = tokens.edge;
  g.lineWidth = 1;
  g.textAlign = 'center';
  g.textBaseline = 'top';
  const bottom = waterfall.y + waterfall.height;
  for (const value of niceSteps(axis.from, axis.to, waterfall.width > 700 ? 9 : 6)) {
    const x = axis.x(value);
    if (x < residual.x - 1 || x > residual.x + residual.width + 1) continue;
    g.beginPath();
    g.moveTo(x, axisY);
    g.lineTo(x, axisY + 4);
    g.moveTo(x, bottom);
    g.lineTo(x, bottom + 4);
    g.stroke();
    const text = String(value).replace('-', '−');
    g.fillText(text, x, axisY + 5);
    g.fillText(text, x, bottom + 5);
  }
  if (model.layout === null) return;
  g.textAlign = 'right';
  const unit = unitText(model.layout.axisUnit);
  const name = axisText(model.layout.axisName);
  const full = unit === '' ? name : `${name} / ${unit}`;
  g.fillText(g.measureText(full).width < residual.x - 22 ? full : unit, residual.x - 18, axisY + 5);
}

/** Frame, time labels, gaps, regions and onsets of the waterfall. */
export function drawWaterfallMarks(scene: Scene): void {
  const { g, geometry, tokens, changes } = scene;
  const box = geometry.waterfall;
  drawSilence(scene);
  g.strokeStyle = tokens.edge;
  g.lineWidth = 1;
  g.strokeRect(box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1);
  drawRegions(scene);
  const onsets = changes.slice(0, 4).map((view) => timeToY(scene, view.alert.onsetUs));
  drawTimes(scene, onsets);
  drawOnsets(scene, changes.slice(0, 4));
  drawStop(scene);
  drawCursor(scene);
}

function drawSilence(scene: Scene): void {
  const { g, geometry, tokens, offset, silentSeconds, model, rows, map } = scene;
  const box = geometry.waterfall;
  const periodUs = model.status?.framePeriodUs ?? 0;
  for (let row = rows.first + 1; row < rows.next; row++) {
    const gapUs = rows.startUs(row) - rows.endUs(row - 1);
    if (gapUs <= Math.max(1e6, 3 * periodUs)) continue;
    const y = map.y(row) + offset;
    if (y > box.y && y < box.y + box.height)
      hatch(g, { x: box.x, y: y - 2, width: box.width, height: 4 }, tokens.void, 0.9);
  }
  if (offset === 0) return;
  hatch(g, { x: box.x, y: box.y, width: box.width, height: offset }, tokens.void, 0.9);
  const text =
    model.lostAtMs === null ? `no data for ${age(silentSeconds)}` : `page disconnected for ${age(silentSeconds)}`;
  g.font = font(13, 600);
  g.fillStyle = tokens.panel;
  g.fillRect(box.x + 10, box.y, g.measureText(text).width + 12, offset);
  g.fillStyle = tokens.void;
  g.textAlign = 'left';
  g.textBaseline = 'middle';
  g.fillText(text, box.x + 16, box.y + offset / 2 + 1);
}

/** Brackets over the changed regions with the sign of the change, and dashed columns down to their onset. */
function drawRegions(scene: Scene): void {
  const { g, geometry, axis, tokens, model } = scene;
  const box = geometry.waterfall;
  const top = box.y + scene.offset;
  for (const region of model.regions.regions) {
    const from = Math.max(box.x, axis.x(region.from));
    const to = Math.min(box.x + box.width, axis.x(region.to));
    if (to <= from) continue;
    const onset = Math.max(top + 9, Math.min(box.y + box.height, timeToY(scene, region.sinceUs)));
    g.strokeStyle = tokens['amber-fill'];
    g.lineWidth = 3;
    g.beginPath();
    g.moveTo(from, top + 9);
    g.lineTo(from, top + 1.5);
    g.lineTo(to, top + 1.5);
    g.lineTo(to, top + 9);
    g.stroke();
    g.lineWidth = 1;
    g.setLineDash([3, 4]);
    g.beginPath();
    g.moveTo(from, top + 9);
    g.lineTo(from, onset);
    g.moveTo(to, top + 9);
    g.lineTo(to, onset);
    g.stroke();
    g.setLineDash([]);
    const middle = (from + to) / 2;
    g.fillStyle = DARK_CHIP.fill;
    g.fillRect(middle - 8, top + 4, 16, 15);
    g.fillStyle = DARK_CHIP.text;
    g.font = font(15, 700);
    g.textAlign = 'center';
    g.textBaseline = 'middle';
    g.fillText(region.sign > 0 ? '+' : region.sign < 0 ? '−' : '±', middle, top + 12);
  }
}

/** Labels over the peaks: gained, lost or changed. */
export function drawRegionLabels(scene: Scene, yOf: (value: number) => number): void {
  const { g, geometry, axis, tokens, model } = scene;
  const box = geometry.spectrum;
  const { spectrum, layout } = model;
  if (spectrum === null || layout === null) return;
  g.font = font(13, 600);
  g.textAlign = 'center';
  g.textBaseline = 'bottom';
  for (const region of model.regions.regions) {
    const middle = axis.x(0.5 * (region.from + region.to));
    if (middle < box.x || middle > box.x + box.width) continue;
    let high = Number.NEGATIVE_INFINITY;
    spectrum.now.forEach((value, j) => {
      const centre = 0.5 * ((layout.edges[j] ?? 0) + (layout.edges[j + 1] ?? 0));
      if (centre >= region.from && centre <= region.to) high = Math.max(high, value, spectrum.expected?.[j] ?? value);
    });
    const arrow = region.sign > 0 ? '▲' : region.sign < 0 ? '▼' : '◆';
    const text = `${arrow} ${fixed(0.5 * (region.from + region.to), digitsFor(region.to - region.from))}`;
    const width = g.measureText(text).width;
    const x = Math.max(box.x + width / 2 + 3, Math.min(box.x + box.width - width / 2 - 3, middle));
    const y = Math.max(box.y + 15, box.y + yOf(high) - 6);
    g.fillStyle = tokens.panel;
    g.fillRect(x - width / 2 - 3, y - 16, width + 6, 17);
    g.fillStyle = tokens.amber;
    g.fillText(text, x, y);
  }
}

function drawTimes(scene: Scene, onsets: readonly number[]): void {
  const { g, geometry, tokens, rows, map, offset, view, endRow } = scene;
  const box = geometry.waterfall;
  if (rows.next === rows.first) return;
  const bottomRow = Math.max(rows.first, map.rowAt(box.y + box.height - offset));
  const newestUs = rows.endUs(endRow - 1);
  const shownSeconds = (newestUs - rows.startUs(bottomRow)) / 1e6;
  const wanted = (shownSeconds / Math.max(20, box.height)) * 48;
  const step = TIME_STEPS.find((s) => s >= wanted) ?? 86_400;
  const isMinutes = step >= 60;
  const zoneUs = new Date(newestUs / 1000).getTimezoneOffset() * 60e6;
  const newestY = view.cursorRow === null ? box.y + offset : map.y(view.cursorRow + 1) + offset;
  g.font = font(12.5);
  g.textAlign = 'right';
  g.textBaseline = 'middle';
  g.lineWidth = 1;
  const first = Math.ceil((rows.startUs(bottomRow) - zoneUs) / (step * 1e6)) * step * 1e6 + zoneUs;
  let lastY = Number.POSITIVE_INFINITY;
  for (let timeUs = first; timeUs <= newestUs; timeUs += step * 1e6) {
    const y = timeToY(scene, timeUs);
    if (y > box.y + box.height || lastY - y < 15) continue;
    if (onsets.some((onset) => Math.abs(onset - y) < 17) || Math.abs(y - newestY - 7) < 19) continue;
    lastY = y;
    g.strokeStyle = tokens.edge;
    g.beginPath();
    g.moveTo(box.x - 4, y);
    g.lineTo(box.x, y);
    g.stroke();
    g.fillStyle = tokens.t2;
    g.fillText(isMinutes ? clock(timeUs).slice(0, 5) : clock(timeUs), box.x - 7, y);
  }
  if (view.cursorRow === null && scene.silentSeconds === 0)
    chip(g, clock(newestUs), { x: box.x - 6, y: box.y + 9, align: 'right' }, { fill: tokens.raised, text: tokens.t1 });
}

function drawCursor({ g, geometry, tokens, rows, map, offset, view }: Scene): void {
  if (view.cursorRow === null) return;
  const box = geometry.waterfall;
  const y = map.y(view.cursorRow + 0.5) + offset;
  g.strokeStyle = tokens.blue;
  g.lineWidth = 2;
  g.beginPath();
  g.moveTo(geometry.run.x, y);
  g.lineTo(geometry.trackX + geometry.trackCount * geometry.trackStep - 2, y);
  g.stroke();
  const colours = { fill: tokens['blue-fill'], text: '#ffffff' };
  chip(g, clock(rows.endUs(view.cursorRow)), { x: box.x - 6, y, align: 'right' }, colours);
}

/** A sentence for those who do not see the plot. */
export function describeScene({ model, changes }: Scene): string {
  const at = model.spectrum === null ? 'no data yet' : `at ${clock(model.spectrum.timeUs)}`;
  const standing = changes.find((view) => view.clearedUs === null);
  if (standing === undefined) return `Spectrum, residual and waterfall ${at}. No change.`;
  const regions = model.regions.regions.length;
  const seconds = ((model.status?.lastTimeUs ?? standing.alert.onsetUs) - standing.alert.onsetUs) / 1e6;
  return `Spectrum, residual and waterfall ${at}. Changed for ${duration(seconds)} in ${regions} regions.`;
}
