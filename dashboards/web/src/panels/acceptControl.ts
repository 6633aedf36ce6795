import type { AlertView } from '../../../../src/server/protocol.ts';
import type { Accepting } from '../accepting.ts';
import type { Asked } from '../asking.ts';
import { byTestId, create, setHidden, write } from '../element.ts';
import { commandHindrance, type Model } from '../model.ts';

/** The part of the evidence by which the operator takes the new state for the reference. */
export interface AcceptControl {
  readonly element: HTMLElement;
  show(view: AlertView, model: Model): void;
}

export function createAcceptControl(accepting: Accepting): AcceptControl {
  const button = create('button', { type: 'button', 'data-testid': 'accept', 'aria-describedby': 'accept-note' });
  const note = create('p', { 'data-testid': 'accept-note', id: 'accept-note', role: 'status' });
  const element = create('div', { class: 'accept' }, create('div', { class: 'acts' }, button), note);
  let shown: { view: AlertView; model: Model } | null = null;
  button.addEventListener('click', () => {
    if (shown === null) return;
    accepting.ask(shown.view.alert.id, performance.now());
    render(shown.view, shown.model);
  });

  function render(view: AlertView, model: Model): void {
    shown = { view, model };
    setHidden(element, !view.isChange || view.clearedUs !== null);
    const asked = accepting.state(view.alert.id, performance.now());
    const why = commandHindrance(model);
    button.disabled = why !== '' || asked?.state === 'asking' || asked?.state === 'done';
    write(
      button,
      asked?.state === 'asking' ? 'Accepting…' : asked?.state === 'late' ? 'Try again' : 'Accept as new reference',
    );
    note.className = asked?.state === 'late' || asked?.state === 'refused' ? 'trouble' : '';
    write(note, why !== '' ? why : noteOf(asked));
  }
  return { element, show: render };
}

function noteOf(asked: Asked | null): string {
  switch (asked?.state) {
    case undefined:
      return 'The detectors then learn this state.';
    case 'asking':
      return 'Waiting for the monitor to confirm.';
    case 'late':
      return 'Not confirmed, try again. A repeat does it only once.';
    default:
      return asked?.detail ?? '';
  }
}

/** Keys belong to the field while it has the focus; Escape gives them back. */
export function leaveFieldOnEscape(): void {
  byTestId('alarms').addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && event.target instanceof HTMLInputElement) event.target.blur();
  });
}
