import type { AlertView } from '../../../../src/server/protocol.ts';
import {
  byTestId,
  create,
  createIcon,
  setAttribute,
  setClass,
  setIcon,
  strong,
  write,
  type IconName,
  type Piece,
} from '../element.ts';
import { clock } from '../format.ts';
import type { Accepting } from '../accepting.ts';
import type { AlarmOrders } from '../alarmOrders.ts';
import { isDone, isSeen, type Model } from '../model.ts';
import { digitsFor, placeText } from '../units.ts';
import { createAlarmActs } from './alarmActs.ts';
import { createEvidence } from './evidence.ts';

/** To those who listen an alarm is told at most this often, ms. */
const SPOKEN_MS = 5000;
/** At most this many rows stand in the page. */
const MOST = 200;

/** Unacknowledged first, then priority, then newest, and last what is over; the evidence opens under its row. */
export interface AlarmList {
  /** Acknowledges the alarm that is open. */
  acknowledge(): void;
  /** Shows the moment that the open alarm speaks of. */
  goToOnset(): void;
  /** Opens the next alarm, or with -1 the one before. */
  select(step: 1 | -1): void;
  update(model: Model): void;
  /** What changes with the frames: the evidence of the open row. */
  updateEvidence(model: Model): void;
}

/**
 * @param accepting - commands to accept what an alarm speaks of.
 * @param orders - commands about alarms.
 * @param showTime - shows a moment, microseconds since 1970.
 */
export function createAlarmList(
  accepting: Accepting,
  orders: AlarmOrders,
  showTime: (timeUs: number) => void,
): AlarmList {
  const list = byTestId('alarms').querySelector('.list');
  if (list === null) throw new Error('the page has no list of alarms');
  const rows = new Map<string, HTMLButtonElement>();
  const acts = createAlarmActs(orders, (view) => showTime(view.alert.onsetUs));
  const evidence = createEvidence(accepting, acts);
  const placeholder = create('p', {}, 'Alarms appear here with their evidence.');
  list.append(placeholder);
  let chosen: string | null = null;
  let latest: readonly AlertView[] = [];
  let lastModel: Model | null = null;
  let spokenMs = Number.NEGATIVE_INFINITY;

  function openId(): string | null {
    if (chosen !== null) return latest.some((view) => view.alert.id === chosen) ? chosen : null;
    const waiting = latest.find((view) => !isSeen(view) && view.clearedUs === null);
    return (waiting ?? latest.find((view) => view.clearedUs === null && view.isChange))?.alert.id ?? null;
  }
  function createRow(id: string): HTMLButtonElement {
    const row = create(
      'button',
      { type: 'button', 'data-testid': 'alarm', class: 'al' },
      createIcon('note'),
      create('span', {}, create('span', { class: 'ti' }), create('span', { class: 'st' })),
      create('span', { class: 'ag' }),
    );
    row.addEventListener('click', () => {
      chosen = openId() === id ? '' : id;
      if (lastModel !== null) render(lastModel);
    });
    rows.set(id, row);
    const view = latest.find((candidate) => candidate.alert.id === id);
    if (view !== undefined && performance.now() - spokenMs > SPOKEN_MS) {
      spokenMs = performance.now();
      write(byTestId('spoken-alarm'), view.alert.message);
    }
    return row;
  }
  function render(model: Model): void {
    lastModel = model;
    latest = [...model.alerts].sort(byUrgency).slice(0, MOST);
    write(byTestId('alarm-count'), countText(latest, model.suppressedCount));
    placeholder.hidden = latest.length > 0;
    const open = openId();
    const wanted: Element[] = [placeholder];
    for (const view of latest) {
      const row = rows.get(view.alert.id) ?? createRow(view.alert.id);
      fillRow(row, view, model, view.alert.id === open);
      wanted.push(row);
      if (view.alert.id === open) {
        evidence.show(view, model);
        wanted.push(evidence.element);
      }
    }
    for (const [id, row] of rows)
      if (!latest.some((view) => view.alert.id === id)) {
        row.remove();
        rows.delete(id);
      }
    if (open === null) evidence.element.remove();
    wanted.forEach((element, k) => {
      if (list!.children[k] !== element) list!.insertBefore(element, list!.children[k] ?? null);
    });
  }
  const openView = (): AlertView | undefined => latest.find(({ alert }) => alert.id === openId());
  return {
    update: render,
    acknowledge: () => openView() !== undefined && acts.acknowledge(),
    goToOnset() {
      const view = openView();
      if (view !== undefined) showTime(view.alert.onsetUs);
    },
    select(step) {
      const at = latest.findIndex(({ alert }) => alert.id === openId());
      const next = latest[Math.min(latest.length - 1, Math.max(0, at + step))];
      if (next === undefined) return;
      chosen = next.alert.id;
      if (lastModel !== null) render(lastModel);
      rows.get(next.alert.id)?.scrollIntoView({ block: 'nearest' });
    },
    updateEvidence(model) {
      const view = model.alerts.find((candidate) => candidate.alert.id === openId());
      if (view !== undefined) evidence.show(view, model);
    },
  };
}

const PRIORITY = { critical: 0, warning: 1, notice: 2 } as const;

function byUrgency(a: AlertView, b: AlertView): number {
  return (
    Number(isDone(a)) - Number(isDone(b)) ||
    Number(isSeen(a)) - Number(isSeen(b)) ||
    Number(a.clearedUs !== null) - Number(b.clearedUs !== null) ||
    PRIORITY[a.alert.severity] - PRIORITY[b.alert.severity] ||
    b.raisedUs - a.raisedUs
  );
}

function countText(views: readonly AlertView[], suppressedCount: number): string {
  if (views.length === 0 && suppressedCount === 0) return 'none yet';
  const active = views.filter((view) => view.clearedUs === null).length;
  const shelved = views.filter((view) => view.life.state === 'shelved').length;
  return [
    `${views.filter((view) => !isSeen(view)).length} unacknowledged, ${active} active`,
    ...(shelved > 0 ? [`${shelved} shelved`] : []),
    ...(suppressedCount > 0 ? [`${suppressedCount} suppressed`] : []),
  ].join(', ');
}

/** Amber for changed data, red for what stops, blue for notes; the shape says the same. */
function lookOf({ alert, isChange }: AlertView): { icon: IconName; look: string } {
  if (isChange || alert.severity === 'warning') return { icon: 'warn', look: 'p2' };
  return alert.severity === 'critical' ? { icon: 'stop', look: 'p1' } : { icon: 'note', look: 'p3' };
}

function fillRow(row: HTMLButtonElement, view: AlertView, model: Model, isOpen: boolean): void {
  const { icon, look } = lookOf(view);
  const isShelved = view.life.state === 'shelved';
  const blinking = isSeen(view) ? '' : view.clearedUs === null ? ' blink' : ' blink slow';
  setClass(row, `al ${isShelved ? 'shelved' : look}${blinking}`);
  setIcon(row, isShelved ? 'shelf' : icon);
  setAttribute(row, 'aria-expanded', String(isOpen));
  const title = row.querySelector('.ti');
  const state = row.querySelector('.st');
  const at = row.querySelector('.ag');
  if (title === null || state === null || at === null) return;
  write(title, titleOf(view, model) + (view.life.count > 1 ? `, ${view.life.count} times` : ''));
  write(state, ...statePieces(view));
  write(at, clock(view.raisedUs));
}

function statePieces(view: AlertView): Piece[] {
  const { clearedUs, acceptedBy, alert } = view;
  const { state, acknowledged, shelf } = view.life;
  const by = acknowledged === null ? '' : ` by ${acknowledged.by} ${clock(acknowledged.atUs).slice(0, 5)}`;
  if (alert.clearedBy === 'operator') {
    const who = acceptedBy === null || acceptedBy === '' ? '' : ` by ${acceptedBy}`;
    return [`Accepted as new reference${who} ${clearedUs === null ? '' : clock(clearedUs)}`];
  }
  if (shelf !== null) return [`Shelved by ${shelf.by} until ${clock(shelf.untilUs).slice(0, 5)}: ${shelf.reason}`];
  if (state === 'latched') return [`Latched, stays until reset; acknowledged${by}`];
  if (!isSeen(view)) return [strong('Unacknowledged'), clearedUs === null ? ' active' : ` cleared ${clock(clearedUs)}`];
  if (clearedUs === null) return [`Active, acknowledged${by}`];
  return [`Cleared ${clock(clearedUs)}, acknowledged${by}`];
}

function titleOf(view: AlertView, model: Model): string {
  const { alert } = view;
  if (!view.isChange || alert.region === undefined || model.layout === null) return alert.message;
  const [from, to] = alert.region;
  return `Spectrum changed at ${placeText(0.5 * (from + to), digitsFor(to - from), model.layout)}`;
}
