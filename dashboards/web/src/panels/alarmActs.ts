import type { AlertView } from '../../../../src/server/protocol.ts';
import type { AlarmOrders, AlarmVerb } from '../alarmOrders.ts';
import { create, setHidden, write } from '../element.ts';
import { keepInitials, readInitials } from '../initials.ts';
import { commandHindrance, isSeen, type Model } from '../model.ts';

/** How long an alarm can be shelved from here, minutes. */
const SPANS = [15, 60, 240, 480] as const;

/** What an operator can do about an alarm; nothing shows as done before the monitor says so. */
export interface AlarmActs {
  readonly element: HTMLElement;
  show(view: AlertView, model: Model): void;
  /** As the button does: asks for initials where there are none. */
  acknowledge(): void;
}

/** @param goToOnset - shows the moment it began. */
export function createAlarmActs(orders: AlarmOrders, goToOnset: (view: AlertView) => void): AlarmActs {
  const initials = create('input', {
    'data-testid': 'accept-by',
    type: 'text',
    maxlength: '40',
    size: '5',
    placeholder: 'Initials',
    'aria-label': 'Your initials',
    autocomplete: 'off',
  });
  initials.value = readInitials();
  initials.addEventListener('input', () => keepInitials(initials.value.trim()));
  const button = (name: string, text: string) => create('button', { type: 'button', 'data-testid': name }, text);
  const seen = button('ack', 'Acknowledge');
  const onset = button('goto-onset', 'Go to onset');
  const shelve = button('shelve', 'Shelve…');
  const reset = button('reset', 'Reset');
  const reason = create('input', {
    'data-testid': 'shelve-reason',
    type: 'text',
    maxlength: '300',
    placeholder: 'Reason',
    'aria-label': 'Why it is put aside',
    autocomplete: 'off',
  });
  const span = create('select', { 'data-testid': 'shelve-for', 'aria-label': 'For how long' });
  for (const minutes of SPANS)
    span.append(
      create('option', { value: String(minutes * 60) }, minutes < 60 ? `${minutes} min` : `${minutes / 60} h`),
    );
  const put = button('shelve-now', 'Shelve');
  const form = create('div', { class: 'acts' }, reason, span, put);
  const note = create('p', { 'data-testid': 'alarm-note', role: 'status' });
  const element = create(
    'div',
    { class: 'accept seeto' },
    create('div', { class: 'acts' }, initials, seen, reset, shelve, onset),
    form,
    note,
  );
  let shown: { view: AlertView; model: Model } | null = null;
  let isShelving = false;
  let plea = '';

  function order(verb: AlarmVerb, how?: { reason: string; forSeconds: number }): void {
    if (shown === null || commandHindrance(shown.model) !== '') return;
    plea =
      readInitials() === ''
        ? 'Your initials first.'
        : verb === 'shelve' && how?.reason === ''
          ? 'Why? A reason first.'
          : '';
    if (plea === '') orders.give(verb, shown.view.alert.id, performance.now(), how);
    else (readInitials() === '' ? initials : reason).focus();
    render(shown.view, shown.model);
  }
  seen.addEventListener('click', () => order('acknowledge'));
  reset.addEventListener('click', () => order('reset'));
  onset.addEventListener('click', () => shown !== null && goToOnset(shown.view));
  shelve.addEventListener('click', () => {
    if (shown?.view.life.state === 'shelved') return order('unshelve');
    isShelving = !isShelving;
    if (shown !== null) render(shown.view, shown.model);
    if (isShelving) reason.focus();
  });
  put.addEventListener('click', () => {
    order('shelve', { reason: reason.value.trim(), forSeconds: Number(span.value) });
    if (plea === '') isShelving = false;
  });

  function render(view: AlertView, model: Model): void {
    if (shown?.view.alert.id !== view.alert.id) [isShelving, plea] = [false, ''];
    shown = { view, model };
    const { state } = view.life;
    const why = commandHindrance(model);
    const asked = orders.state(view.alert.id, performance.now());
    const isAsking = asked?.state === 'asking';
    for (const each of [seen, reset, shelve, put, initials]) each.disabled = why !== '' || isAsking;
    setHidden(seen, isSeen(view));
    setHidden(reset, state !== 'latched');
    setHidden(shelve, state === 'normal' || state === 'latched');
    setHidden(form, !isShelving);
    write(seen, isAsking && asked.verb === 'acknowledge' ? 'Acknowledging…' : 'Acknowledge');
    write(shelve, state === 'shelved' ? 'Unshelve' : isShelving ? 'Do not shelve' : 'Shelve…');
    const isTrouble = plea !== '' || asked?.state === 'late' || asked?.state === 'refused';
    note.className = isTrouble ? 'trouble' : '';
    write(note, why !== '' ? why : plea !== '' ? plea : noteOf(asked));
  }
  return { element, show: render, acknowledge: () => order('acknowledge') };
}

function noteOf(asked: ReturnType<AlarmOrders['state']>): string {
  if (asked === null) return '';
  if (asked.state === 'asking') return 'Waiting for the monitor to confirm.';
  return asked.state === 'late' ? 'not confirmed, try again. A repeat does it only once.' : asked.detail;
}
