import type { LinkView } from '../../../../src/server/protocol.ts';
import { byTestId, strong, write, type Piece } from '../element.ts';
import { clock, counts, fixed, utcOffset } from '../format.ts';
import type { Model } from '../model.ts';

/** Run, instrument, health of the sinks in words, rate, losses, wall clock. */
export function updateTopBar(model: Model): void {
  const { hello, layout, status } = model;
  const noun = status?.mode === 'replay' ? 'Recording ' : 'Run ';
  write(byTestId('run'), ...(hello === null ? ['No run yet'] : [noun, strong(hello.run)]));
  const channels = layout === null ? '' : `, ${counts(layout.sourceChannels)} channels`;
  write(byTestId('instrument'), ...(hello === null ? [] : [strong(hello.instrument), ` ${hello.modality}${channels}`]));
  write(byTestId('sinks'), ...(model.lostAtMs === null ? sinkPieces(status?.links ?? []) : ['sinks not known']));
  if (model.lostAtMs !== null) write(byTestId('rate'), 'rate and losses not known');
  else if (status === null) write(byTestId('rate'));
  else
    write(
      byTestId('rate'),
      strong(rateText(status.framesPerSecond)),
      '\u00a0frames/s, lost ',
      strong(counts(status.lostCount)),
      ', shed ',
      strong(counts(status.shedCount)),
    );
  byTestId('rate').title = status?.arrivals.join(', ') ?? '';
  const now = new Date();
  write(byTestId('clock'), strong(clock(now.getTime() * 1000)), ` ${utcOffset(now.getTimezoneOffset())}`);
}

export function rateText(framesPerSecond: number): string {
  return framesPerSecond >= 9999.5 ? counts(framesPerSecond) : fixed(framesPerSecond, framesPerSecond < 100 ? 2 : 0);
}

function sinkPieces(links: readonly LinkView[]): Piece[] {
  const words = { ok: 'ok', connecting: 'connecting', down: 'down', ended: 'closed' } as const;
  return links
    .filter((link) => link.role === 'sink')
    .flatMap((link, k): Piece[] => {
      const text = `${link.id} ${words[link.state]}`;
      const piece = link.state === 'down' ? strong(text, 'bad') : text;
      return k === 0 ? [piece] : [', ', piece];
    });
}
