import { byTestId, setAttribute, write } from '../element.ts';
import { clock, contextNumber, counts } from '../format.ts';
import { isOld, leadingChange, type Model } from '../model.ts';
import type { Playback } from '../playback.ts';
import { withUnit } from '../units.ts';
import type { View } from '../view.ts';

/** What moment the plots show, how they go on from there, and the way back to now. */
export function updateTransport(model: Model, view: View, playback: Playback): void {
  const { status, rows } = model;
  const isReview = view.cursorRow !== null && rows !== null;
  const timeUs = isReview ? rows.endUs(view.cursorRow ?? 0) : (status?.lastTimeUs ?? Number.NaN);
  const seq = isReview ? rows.lastSeq(view.cursorRow ?? 0) : (status?.lastSeq ?? null);
  write(byTestId('time-cursor'), clock(timeUs));
  const context = status?.context[0];
  const circumstances =
    context === undefined || isReview ? '' : `, ${withUnit(contextNumber(context.value), context.unit)}`;
  write(byTestId('time-note'), seq === null ? '' : `frame ${counts(seq)}${circumstances}`);
  const live = byTestId('live');
  const isBehind = isReview || isOld(model);
  setAttribute(live, 'aria-pressed', String(!isBehind));
  const label = live.querySelector('span');
  if (label !== null) write(label, isReview ? 'Go live' : edgeText(model));
  write(byTestId('transport-note'), noteOf(model, isReview));
  showPlayback(model, playback);
}

function showPlayback(model: Model, playback: Playback): void {
  const isEmpty = model.rows === null || model.rows.next === 0;
  for (const name of ['step-back', 'play', 'step-forward']) byTestId<HTMLButtonElement>(name).disabled = isEmpty;
  byTestId<HTMLButtonElement>('onset').disabled = isEmpty || leadingChange(model) === null;
  setAttribute(byTestId('play'), 'aria-pressed', String(playback.isPlaying));
  write(byTestId('play'), playback.isPlaying ? '❚❚ Pause' : '▸ Play');
  for (const button of document.querySelectorAll<HTMLElement>('[data-speed]'))
    setAttribute(button, 'aria-pressed', String(Number(button.dataset['speed']) === playback.speed));
}

function noteOf({ status }: Model, isReview: boolean): string {
  if (isReview) return 'Looking back: plots and table follow the cursor, alarms and dose stay live';
  if (status?.mode === 'replay')
    return status.state === 'ended'
      ? 'Replay: the recording has ended'
      : 'Replay of a recording; sinks and beam are as they were then';
  return '';
}

function edgeText(model: Model): string {
  if (model.lostAtMs !== null) return 'No link';
  return model.status?.state === 'live' ? 'At live edge' : 'At the newest frame';
}
