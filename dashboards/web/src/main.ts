import 'uplot/dist/uPlot.min.css';
import './tokens.css';
import './page.css';
import { createAccepting } from './accepting.ts';
import { createAlarmOrders } from './alarmOrders.ts';
import { byId, byTestId, setAttribute, write } from './element.ts';
import { startKeyboard, type Keys } from './keyboard.ts';
import { startLink } from './link.ts';
import { createModel, isOld, leadingChange, type Part } from './model.ts';
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
import { createExportDialog } from './panels/exportDialog.ts';
import { createPermitTile } from './panels/permitTile.ts';
import { createRearmDialog } from './panels/rearmDialog.ts';
import { updateRegionsTable } from './panels/regionsTable.ts';
import { updateTopBar } from './panels/topBar.ts';
import { updateTransport } from './panels/transport.ts';
import { drawDamagePlot } from './plot/damagePlot.ts';
import { drawDoseBar } from './plot/doseBar.ts';
import { createPlotPanel } from './plot/plotPanel.ts';
import { createPlayback, SPEEDS } from './playback.ts';
import { startPointer } from './pointer.ts';
import { nextScale, nextSpan, readView, writeView } from './view.ts';

/** Texts count on by themselves, ms. */
const TEXT_MS = 100;
const HEARTBEAT_DRAW_MS = 500;

const model = createModel();
const view = readView();
writeView(view);
const panel = createPlotPanel(model, view, () => change('all'));
const accepting = createAccepting((message) => link.send(message));
const ordering = createOrdering((message) => link.send(message));
const rearming = createRearmDialog(ordering);
const permitTile = createPermitTile(ordering, () => rearming.open(model));
const playback = createPlayback(model, view);
const exporting = createExportDialog(model, panel);
const alarmOrders = createAlarmOrders((message) => link.send(message));
const alarms = createAlarmList(accepting, alarmOrders, (timeUs) => {
  playback.goTo(timeUs);
  show();
});
const dirty = new Set<Part>(['all']);
let requested = 0;
let beatMs = Number.NEGATIVE_INFINITY;
let wasOld = false;
let wasMoving = false;

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
  const isMoving = playback.tick(nowMs);
  const hasRows = dirty.delete('rows') || isAll || isOldNow || wasOld || isMoving || wasMoving;
  const hasSpectrum = dirty.delete('spectrum') || isAll || (hasRows && view.cursorRow !== null);
  const hasAlerts = dirty.delete('alerts') || isAll;
  const hasDose = dirty.delete('dose') || isAll;
  dirty.clear();
  wasOld = isOldNow;
  wasMoving = isMoving;
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
  updateTransport(model, view, playback);
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
  if (isMoving) change('text');
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
  fullRange: () => (view.zoom = view.spanRows = null),
  live: () => playback.goLive(),
  onset() {
    const leading = leadingChange(model);
    if (leading !== null) playback.goTo(leading.alert.onsetUs);
  },
  play: () => playback.toggle(performance.now()),
  speed: (k: number) => playback.setSpeed(SPEEDS[k] ?? 1, performance.now()),
};
const dialog = byId<HTMLDialogElement>('keys');
const KEYS: Keys = {
  s: actions.scale,
  w: actions.waterfall,
  t: actions.theme,
  r: actions.fullRange,
  l: actions.live,
  g: () => alarms.goToOnset(),
  a: () => alarms.acknowledge(),
  e: () => exporting.open(),
  ArrowLeft: () => playback.step(-1),
  ArrowRight: () => playback.step(1),
  'Shift+ArrowLeft': () => playback.stepSeconds(-60),
  'Shift+ArrowRight': () => playback.stepSeconds(60),
  ' ': actions.play,
  '1': () => actions.speed(0),
  '2': () => actions.speed(1),
  '3': () => actions.speed(2),
  '4': () => actions.speed(3),
  '[': () => alarms.select(-1),
  ']': () => alarms.select(1),
  '?': () => dialog.showModal(),
};
startKeyboard({ keys: KEYS, stop: () => permitTile.stop(model), acted: show });

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
onClick('onset', actions.onset);
onClick('play', actions.play);
onClick('step-back', () => playback.step(-1));
onClick('step-forward', () => playback.step(1));
['1', '4', '16', 'max'].forEach((name, k) => onClick(`speed-${name}`, () => actions.speed(k)));
onClick('export', () => exporting.open());
onClick('help', () => dialog.showModal());
onClick('keys-close', () => dialog.close());

startPointer(model, panel, {
  zoom(range) {
    view.zoom = range;
    show();
  },
  zoomTime(isCloser) {
    view.spanRows = nextSpan(view.spanRows, isCloser);
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
  alarmOrders.hear(answer);
  ordering.hear(answer);
  change('alerts');
});
