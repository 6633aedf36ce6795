import 'uplot/dist/uPlot.min.css';
import './tokens.css';
import './page.css';
import { createAccepting } from './accepting.ts';
import { byId, byTestId, setAttribute, write } from './element.ts';
import { startLink } from './link.ts';
import { createModel, isOld, type Part } from './model.ts';
import { createOrdering } from './ordering.ts';
import { leaveFieldOnEscape } from './panels/acceptControl.ts';
import { createAlarmList } from './panels/alarmList.ts';
import { updateBanner } from './panels/banner.ts';
import { drawWhere, updateChangeTile } from './panels/changeTile.ts';
import { drawBeat, updateDataTile } from './panels/dataTile.ts';
import { updateDetectorsPanel } from './panels/detectorsPanel.ts';
import { updateDamagePanel } from './panels/damagePanel.ts';
import { updateDosePanel } from './panels/dosePanel.ts';
import { updateEmptyState } from './panels/emptyState.ts';
import { createPermitTile } from './panels/permitTile.ts';
import { createRearmDialog } from './panels/rearmDialog.ts';
import { updateRegionsTable } from './panels/regionsTable.ts';
import { updateTopBar } from './panels/topBar.ts';
import { updateTransport } from './panels/transport.ts';
import { drawDamagePlot } from './plot/damagePlot.ts';
import { drawDoseBar } from './plot/doseBar.ts';
import { createPlotPanel } from './plot/plotPanel.ts';
import { startPointer } from './pointer.ts';
import { nextScale, readView, writeView } from './view.ts';

/** Texts count on by themselves, ms. */
const TEXT_MS = 100;
const HEARTBEAT_DRAW_MS = 500;

const model = createModel();
const view = readView();
writeView(view);
const panel = createPlotPanel(model, view);
const accepting = createAccepting((message) => link.send(message));
const ordering = createOrdering((message) => link.send(message));
const rearming = createRearmDialog(ordering);
const permitTile = createPermitTile(ordering, () => rearming.open(model));
const alarms = createAlarmList(accepting);
const dirty = new Set<Part>(['all']);
let requested = 0;
let beatMs = Number.NEGATIVE_INFINITY;
let wasOld = false;

function change(part: Part): void {
  dirty.add(part);
  requested ||= requestAnimationFrame(draw);
}

/** One loop: only what is dirty, nothing while the tab is hidden. */
function draw(): void {
  requested = 0;
  const nowMs = performance.now();
  const isAll = dirty.delete('all');
  const isOldNow = isOld(model);
  const hasRows = dirty.delete('rows') || isAll || isOldNow || wasOld;
  const hasSpectrum = dirty.delete('spectrum') || isAll || (hasRows && view.cursorRow !== null);
  const hasAlerts = dirty.delete('alerts') || isAll;
  const hasDose = dirty.delete('dose') || isAll;
  dirty.clear();
  wasOld = isOldNow;
  holdCursor();
  document.body.classList.toggle('replay', model.status?.mode === 'replay' && model.lostAtMs === null);
  updateTopBar(model);
  updateBanner(model, nowMs);
  updateDataTile(model, view, nowMs);
  updateChangeTile(model, nowMs);
  permitTile.update(model, nowMs);
  rearming.update(model, nowMs);
  updateDosePanel(model);
  updateDamagePanel(model);
  updateDetectorsPanel(model);
  updateEmptyState(model, nowMs);
  updateTransport(model, view);
  if (hasAlerts) alarms.update(model);
  if (hasSpectrum || hasAlerts) {
    updateRegionsTable(model);
    panel.drawSpectrum();
    drawWhere(model);
  }
  if (hasDose) {
    drawDoseBar(model);
    drawDamagePlot(model);
  }
  if (hasRows || hasAlerts || hasSpectrum) panel.drawRows();
  if (isAll || nowMs - beatMs > HEARTBEAT_DRAW_MS) {
    beatMs = nowMs;
    drawBeat(model, nowMs);
    alarms.updateEvidence(model);
  }
}

/** A row that is no longer held cannot be looked at. */
function holdCursor(): void {
  if (view.cursorRow === null || model.rows === null) return;
  if (view.cursorRow < model.rows.first) view.cursorRow = model.rows.first;
  if (view.cursorRow >= model.rows.next) view.cursorRow = null;
}

function show(): void {
  writeView(view);
  for (const button of document.querySelectorAll<HTMLElement>('[data-scale]'))
    setAttribute(button, 'aria-pressed', String(button.dataset['scale'] === view.scale));
  write(byTestId('theme'), view.theme === 'dark' ? 'Light' : 'Dark');
  change('all');
}

const actions = {
  scale: () => (view.scale = nextScale(view.scale)),
  waterfall: () => (view.waterfall = view.waterfall === 'residual' ? 'counts' : 'residual'),
  theme: () => (view.theme = view.theme === 'dark' ? 'light' : 'dark'),
  fullRange: () => (view.zoom = null),
  live: () => (view.cursorRow = null),
  step(rows: number) {
    if (model.rows === null || model.rows.next === 0) return;
    const from = view.cursorRow ?? model.rows.next - 1;
    const to = Math.max(model.rows.first, from + rows);
    view.cursorRow = to >= model.rows.next - 1 && rows > 0 ? null : to;
  },
};
const dialog = byId<HTMLDialogElement>('keys');
const KEYS: Readonly<Record<string, () => unknown>> = {
  s: actions.scale,
  w: actions.waterfall,
  t: actions.theme,
  r: actions.fullRange,
  l: actions.live,
  ArrowLeft: () => actions.step(-1),
  ArrowRight: () => actions.step(1),
  '?': () => dialog.showModal(),
};

/** Also while a dialog is open: what stops the beam must not wait for one. */
const isStop = ({ key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  key.toLowerCase() === 'b' && shiftKey && !ctrlKey && !metaKey && !altKey;

addEventListener('keydown', (event) => {
  const isTyping = event.target instanceof Element && event.target.closest('input, textarea, select') !== null;
  if (!isTyping && isStop(event)) {
    event.preventDefault();
    if (!event.repeat) permitTile.stop(model);
    return;
  }
  if (isTyping || document.querySelector('dialog[open]') !== null || event.ctrlKey || event.metaKey || event.altKey)
    return;
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act === undefined || (event.shiftKey && event.key !== '?')) return;
  event.preventDefault();
  act();
  show();
});

function onClick(name: string, act: () => unknown): void {
  byTestId(name).addEventListener('click', () => {
    act();
    show();
  });
}
for (const scale of ['linear', 'sqrt', 'log'] as const) onClick(`scale-${scale}`, () => (view.scale = scale));
for (const kind of ['residual', 'counts'] as const) onClick(`view-${kind}`, () => (view.waterfall = kind));
onClick('theme', actions.theme);
onClick('full-range', actions.fullRange);
onClick('live', actions.live);
onClick('help', () => dialog.showModal());
onClick('keys-close', () => dialog.close());

startPointer(model, panel, {
  zoom(range) {
    view.zoom = range;
    show();
  },
  lookBack(row) {
    view.cursorRow = row;
    show();
  },
});
new ResizeObserver(() => change('all')).observe(byId('main'));
// Plots are drawn with the page's own letters once these have come.
void document.fonts.ready.then(() => change('all'));
setInterval(() => change('text'), TEXT_MS);
show();
leaveFieldOnEscape();
const link = startLink(model, change, (answer) => {
  accepting.hear(answer);
  ordering.hear(answer);
  change('alerts');
});
