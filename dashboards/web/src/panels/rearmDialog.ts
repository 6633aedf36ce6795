import { byId, byTestId, create, createIcon, setAttribute, setClass, setIcon, write } from '../element.ts';
import { makeHoldButton } from '../holdButton.ts';
import { keepInitials, readInitials } from '../initials.ts';
import type { Model } from '../model.ts';
import type { Ordering } from '../ordering.ts';
import { hindrances, isCommandable } from './permitWords.ts';

/** Who grants the beam permit, and why: every condition as it stands, a name, a reason, and a hold. */
export interface RearmDialog {
  open(model: Model): void;
  /** Follows the monitor while it is open. */
  update(model: Model, nowMs: number): void;
}

export function createRearmDialog(ordering: Ordering): RearmDialog {
  const dialog = byId<HTMLDialogElement>('rearm');
  const initials = byTestId<HTMLInputElement>('rearm-by');
  const reason = byTestId<HTMLInputElement>('rearm-reason');
  const button = byTestId<HTMLButtonElement>('rearm-hold');
  const note = byTestId('rearm-note');
  const list = byTestId('rearm-conditions');
  let latest: Model | null = null;
  const hold = makeHoldButton(button, () => {
    ordering.rearm(reason.value.trim(), performance.now());
    refresh();
  });
  const refresh = (): void => {
    if (latest !== null) update(latest, performance.now());
  };

  function update(model: Model, nowMs: number): void {
    latest = model;
    if (!dialog.open) return;
    const { permit, hello } = model;
    const asked = ordering.state('rearm', nowMs);
    // Granted, by this page or another: there is nothing left to ask.
    if (permit?.state === 'permitted' || asked?.state === 'done') return dialog.close();
    const act = permit?.state === 'notArmed' ? 'arm' : 're-arm';
    write(byTestId('rearm-title'), `${act === 'arm' ? 'Arm' : 'Re-arm'} the beam permit?`);
    write(
      byTestId('rearm-about'),
      `The beam may come on at once. ${hello?.instrument ?? ''}, run ${hello?.run ?? ''}.`,
    );
    write(byTestId('rearm-hold-text'), asked?.state === 'asking' ? 'Asking the monitor…' : `Hold 2 s to ${act}`);
    write(byTestId('rearm-keep-text'), act === 'arm' ? 'Do not arm' : 'Keep stopped');
    showConditions(list, permit?.conditions ?? []);
    const why = whyNot(model, nowMs);
    button.disabled = why !== '' || asked?.state === 'asking';
    if (button.disabled) hold.release();
    const trouble = why === '' ? answerText(asked) : '';
    setClass(note, trouble === '' ? '' : 'trouble');
    write(note, why !== '' ? why : trouble);
  }
  function whyNot(model: Model, nowMs: number): string {
    if (model.permit === null || !isCommandable(model, nowMs)) return 'No link to the monitor.';
    const missing = hindrances(model.permit);
    if (missing.length > 0) return `Not yet: ${missing.map(({ name }) => name).join(', ')}.`;
    return initials.value.trim() === '' || reason.value.trim() === '' ? 'Initials and a reason are needed.' : '';
  }
  initials.addEventListener('input', () => {
    keepInitials(initials.value.trim());
    refresh();
  });
  reason.addEventListener('input', refresh);
  byTestId('rearm-keep').addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', hold.release);
  return {
    open(model) {
      if (dialog.open) return;
      ordering.forget('rearm');
      initials.value = readInitials();
      reason.value = '';
      dialog.showModal();
      byTestId('rearm-keep').focus();
      update(model, performance.now());
    },
    update,
  };
}

function answerText(asked: ReturnType<Ordering['state']>): string {
  if (asked?.state === 'late') return 'Not confirmed, try again. A repeat does it only once.';
  return asked?.state === 'refused' ? `Refused: ${asked.detail}` : '';
}

function showConditions(list: HTMLElement, conditions: NonNullable<Model['permit']>['conditions']): void {
  while (list.children.length > conditions.length) list.lastElementChild?.remove();
  conditions.forEach(({ name, detail, isHeld }, k) => {
    const row =
      list.children[k] ??
      list.appendChild(
        create(
          'li',
          { 'data-testid': 'condition' },
          createIcon('ok'),
          create('span', { class: 'sr' }),
          create('span', { class: 'name' }),
          create('span', { class: 'detail' }),
        ),
      );
    const [, mark, label, value] = row.children;
    setAttribute(row, 'data-held', String(isHeld));
    setIcon(row, isHeld ? 'ok' : 'cross');
    if (mark !== undefined) write(mark, isHeld ? 'holds: ' : 'does not hold: ');
    if (label !== undefined) write(label, name);
    if (value !== undefined) write(value, detail);
  });
}
