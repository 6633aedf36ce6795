import { byId, byTestId, setAttribute, setClass, setHidden, setIcon, write } from '../element.ts';
import type { Model } from '../model.ts';
import type { Ordering } from '../ordering.ts';
import { isCommandable, permitWords, type PermitWords } from './permitWords.ts';

const DRAWINGS: Readonly<Record<PermitWords['shutter'], string>> = {
  open: 'Shutter open, the beam reaches the sample',
  closed: 'Shutter closed',
  unknown: 'Shutter not known',
  unsure: 'Shutter told to close, not confirmed',
};

/** Is the beam on, and when does it stop? */
export interface PermitTile {
  update(model: Model, nowMs: number): void;
  /** Stops at once, from the button or the key. */
  stop(model: Model): void;
}

/** @param openRearm - asks who grants the permit, and why. */
export function createPermitTile(ordering: Ordering, openRearm: () => void): PermitTile {
  const tile = byId('permit');
  const drawing = byTestId<SVGElement>('permit-drawing');
  const lease = byTestId('permit-lease');
  const stopButton = byTestId<HTMLButtonElement>('stop');
  const rearmButton = byTestId<HTMLButtonElement>('rearm');
  let latest: Model | null = null;

  function stop(model: Model): void {
    const nowMs = performance.now();
    if (!isCommandable(model, nowMs)) return;
    ordering.stop(nowMs);
    update(model, nowMs);
  }
  function update(model: Model, nowMs: number): void {
    latest = model;
    const asked = ordering.state('stop', nowMs);
    const words = permitWords(model, asked, nowMs);
    setClass(tile, `tile ${words.tile === 'unsure' ? 'red unsure' : words.tile}`);
    setAttribute(drawing, 'data-shutter', words.shutter);
    setAttribute(drawing, 'aria-label', DRAWINGS[words.shutter]);
    const icon = tile.querySelector<SVGElement>('.head svg');
    icon?.toggleAttribute('hidden', words.icon === null);
    if (icon !== null && words.icon !== null && icon.parentElement !== null) setIcon(icon.parentElement, words.icon);
    const head = byTestId('permit-word').parentElement;
    if (head !== null) setClass(head, words.word.length > 14 ? 'head long' : 'head');
    write(byTestId('permit-word'), words.word);
    write(byTestId('permit-sub'), ...words.sub);
    write(byTestId('permit-since'), ...words.since);
    setHidden(byTestId('permit-since'), words.since.length === 0);
    setHidden(lease, words.lease === null);
    if (words.lease !== null) showLease(words.lease, model.permit?.leaseMs ?? 0);
    show(stopButton, words.stop);
    show(rearmButton, words.rearm);
    const isStopping = asked?.state === 'asking' && words.stop === 'on';
    write(byTestId('stop-text'), isStopping ? 'Stopping…' : words.tile === 'unsure' ? 'Stop again' : 'Stop beam');
    write(rearmButton, model.permit?.state === 'notArmed' ? 'Arm permit…' : 'Re-arm…');
    write(byTestId('permit-why'), words.why);
    write(byTestId('spoken-permit'), spoken(words));
  }
  function showLease(share: number, leaseMs: number): void {
    (lease.firstElementChild as HTMLElement).style.width = `${100 * share}%`;
    setAttribute(lease, 'aria-label', `Lease of ${leaseMs} ms, renewed while all is well`);
  }
  stopButton.addEventListener('click', () => {
    if (latest !== null) stop(latest);
  });
  rearmButton.addEventListener('click', openRearm);
  return { update, stop };
}

function show(button: HTMLButtonElement, state: 'on' | 'off' | null): void {
  setHidden(button, state === null);
  button.disabled = state !== 'on';
}

/** For those who listen: the word and its cause, without times that count on. */
function spoken({ word, tile, sub }: PermitWords): string {
  const cause = sub.map((piece) => (typeof piece === 'string' ? piece : piece.strong)).join('');
  return tile === 'red' || tile === 'unsure' ? `${word}. ${cause}` : word;
}
