import { byTestId, create, createIcon, setHidden, setIcon, write, type IconName } from '../element.ts';
import { duration } from '../format.ts';
import type { Model } from '../model.ts';

interface Line {
  readonly icon: IconName;
  readonly text: string;
  readonly note: string;
}

/** Before the first frame: what is ready and what is missing. */
export function updateEmptyState(model: Model, nowMs: number): void {
  const panel = byTestId('empty');
  const isEmpty = model.rows === null || model.rows.next === 0;
  setHidden(panel, !isEmpty);
  if (!isEmpty) return;
  const { status } = model;
  write(byTestId('empty-title'), status === null ? 'Waiting for the monitor' : 'Waiting for the first frame');
  const stream = status?.stream ? ` on ${status.stream}` : '';
  write(
    byTestId('empty-text'),
    status === null
      ? 'This page has not heard from the monitor yet.'
      : `The monitor is running and listening. Nothing has arrived${stream}.`,
  );
  const list = panel.querySelector('ol');
  if (list === null) return;
  const lines = status === null ? [] : linesOf(model, nowMs);
  while (list.children.length > lines.length) list.lastElementChild?.remove();
  lines.forEach(({ icon, text, note }, k) => {
    const item =
      list.children[k] ?? list.appendChild(create('li', {}, createIcon(icon), create('span'), create('span')));
    setIcon(item, icon);
    write(item.children[1] as Element, text);
    write(item.children[2] as Element, note);
  });
}

function linesOf(model: Model, nowMs: number): Line[] {
  const { status, hello } = model;
  if (status === null) return [];
  const icons = { ok: 'ok', connecting: 'wait', down: 'cut', ended: 'end' } as const;
  const links = status.links.map((link): Line => {
    const noun = link.role === 'source' ? 'Source' : link.role === 'sink' ? 'Sink' : 'Monitor';
    return { icon: icons[link.state], text: `${noun} ${link.id}`, note: link.detail || link.state };
  });
  const listening = duration((status.listeningMs + nowMs - model.statusAtMs) / 1000);
  const reference =
    hello?.hasReference === true ? 'Reference: learned from the first quiet frames' : 'Reference: none configured';
  return [
    { icon: 'ok', text: 'Pipeline file read and checked', note: hello?.run ?? '' },
    ...links,
    { icon: 'wait', text: `Stream ${status.stream || 'of the spectrum'}: no frame yet`, note: listening },
    { icon: 'none', text: reference, note: '' },
  ];
}
