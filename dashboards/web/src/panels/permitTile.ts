import { byId, byTestId, setAttribute, setClass, write } from '../element.ts';
import type { Model } from '../model.ts';

/** Is the beam on, and when does it stop? No permit is armed here; without a link not even that is known. */
export function updatePermitTile(model: Model): void {
  const element = byId('permit');
  const mimic = element.querySelector('.mimic');
  const isLost = model.lostAtMs !== null || model.status === null;
  const isReplay = model.status?.mode === 'replay';
  const word = isLost ? 'BEAM UNKNOWN' : isReplay ? 'RECORDED: NOT ARMED' : 'NOT ARMED';
  setClass(element, isLost ? 'tile void' : 'tile plain');
  const head = byTestId('permit-word').parentElement;
  if (head !== null) setClass(head, word.length > 14 ? 'head long' : 'head');
  write(byTestId('permit-word'), word);
  if (mimic !== null)
    setAttribute(mimic, 'aria-label', isLost ? 'Shutter not known' : 'Shutter not controlled from here');
  write(
    byTestId('permit-sub'),
    isLost
      ? 'This page cannot see the permit. Trust the interlock panel.'
      : isReplay
        ? 'It does not show the beam today.'
        : 'This monitor watches; it gives no beam permit.',
  );
  write(
    byTestId('permit-why'),
    isLost ? 'No link to the monitor.' : 'Stop is off: no shutter is connected to this monitor.',
  );
}
