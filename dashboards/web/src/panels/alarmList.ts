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
import { isAccepted, type Model } from '../model.ts';
import { digitsFor, placeText } from '../units.ts';
import { createEvidence } from './evidence.ts';

/** To those who listen an alarm is told at most this often, ms. */
const SPOKEN_MS = 5000;
/** At most this many rows stand in the page. */
const MOST = 200;

/** Active first, then priority, then newest; the evidence opens under its row. */
export interface AlarmList {
  update(model: Model): void;
  /** What changes with the frames: the evidence of the open row. */
  updateEvidence(model: Model): void;
}

/** @param accepting - commands to accept what an alarm speaks of. */
export function createAlarmList(accepting: Accepting): AlarmList {
  const list = byTestId('alarms').querySelector('.list');
  if (list === null) throw new Error('the page has no list of alarms');
  const rows = new Map<string, HTMLButtonElement>();
  const evidence = createEvidence(accepting);
  const placeholder = create('p', {}, 'Alarms appear here with their evidence.');
  list.append(placeholder);
  let chosen: string | null = null;
  let latest: readonly AlertView[] = [];
  let lastModel: Model | null = null;
  let spokenMs = Number.NEGATIVE_INFINITY;

  function openId(): string | null {
    if (chosen !== null) return latest.some((view) => view.alert.id === chosen) ? chosen : null;
    return latest.find((view) => view.clearedUs === null && view.isChange)?.alert.id ?? null;
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
    write(byTestId('alarm-count'), countText(latest));
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
  return {
    update: render,
    updateEvidence(model) {
      const view = model.alerts.find((candidate) => candidate.alert.id === openId());
      if (view !== undefined) evidence.show(view, model);
    },
  };
}

const PRIORITY = { critical: 0, warning: 1, notice: 2 } as const;

function byUrgency(a: AlertView, b: AlertView): number {
  return (
    Number(a.clearedUs !== null) - Number(b.clearedUs !== null) ||
    PRIORITY[a.alert.severity] - PRIORITY[b.alert.severity] ||
    b.raisedUs - a.raisedUs
  );
}

function countText(views: readonly AlertView[]): string {
  if (views.length === 0) return 'none yet';
  const active = views.filter((view) => view.clearedUs === null).length;
  return `${views.filter((view) => !isAccepted(view)).length} unacknowledged, ${active} active`;
}

/** Amber for changed data, red for what stops, blue for notes; the shape says the same. */
function lookOf({ alert, isChange }: AlertView): { icon: IconName; look: string } {
  if (isChange || alert.severity === 'warning') return { icon: 'warn', look: 'p2' };
  return alert.severity === 'critical' ? { icon: 'stop', look: 'p1' } : { icon: 'note', look: 'p3' };
}

function fillRow(row: HTMLButtonElement, view: AlertView, model: Model, isOpen: boolean): void {
  const { icon, look } = lookOf(view);
  setClass(row, `al ${look}${isAccepted(view) ? '' : view.clearedUs === null ? ' blink' : ' blink slow'}`);
  setIcon(row, icon);
  setAttribute(row, 'aria-expanded', String(isOpen));
  const title = row.querySelector('.ti');
  const state = row.querySelector('.st');
  const at = row.querySelector('.ag');
  if (title === null || state === null || at === null) return;
  write(title, titleOf(view, model));
  write(state, ...statePieces(view));
  write(at, clock(view.raisedUs));
}

function statePieces(view: AlertView): Piece[] {
  if (view.clearedUs === null) return [strong('Unacknowledged'), ' active'];
  if (!isAccepted(view)) return [strong('Unacknowledged'), ` cleared ${clock(view.clearedUs)}`];
  const by = view.acceptedBy === null || view.acceptedBy === '' ? '' : ` by ${view.acceptedBy}`;
  return [`Accepted as new reference${by} ${clock(view.clearedUs)}`];
}

function titleOf(view: AlertView, model: Model): string {
  const { alert } = view;
  if (!view.isChange || alert.region === undefined || model.layout === null) return alert.message;
  const [from, to] = alert.region;
  return `Spectrum changed at ${placeText(0.5 * (from + to), digitsFor(to - from), model.layout)}`;
}
