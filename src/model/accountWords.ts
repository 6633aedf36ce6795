import type { StreamStatus } from './status.ts';

/** What was dropped, by reason: '3 duplicate'. */
export const droppedWords = ({ droppedCount }: Pick<StreamStatus, 'droppedCount'>): string[] =>
  Object.entries(droppedCount).map(([reason, count]) => `${count} ${reason}`);

type Noted = Pick<
  StreamStatus,
  'lostCount' | 'maskedCount' | 'restartCount' | 'suspiciousClockCount' | 'layoutChangeCount'
>;

/** What else was unusual about a stream, one phrase each; empty when nothing was. */
export function unusualWords(stream: Noted): string[] {
  const phrases: readonly (readonly [number, string])[] = [
    [stream.lostCount, 'lost before they came'],
    [stream.maskedCount, 'with masked channels'],
    [stream.restartCount, `restart${stream.restartCount === 1 ? '' : 's'} of the counter`],
    [stream.suspiciousClockCount, 'with a doubtful clock'],
    [stream.layoutChangeCount, 'changes of axis (stages restarted)'],
  ];
  return phrases.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
}
