import type { SpoolStatus } from '../../../../src/model/status.ts';
import { byTestId, setAttribute, setHidden, strong, write, type Piece } from '../element.ts';
import { clock, counts, duration, percent } from '../format.ts';
import type { LinkView } from '../../../../src/server/protocol.ts';
import { ageSeconds, type Model } from '../model.ts';

/** How fast the disk fills is told once it has filled for so long, s. */
const FILLING_SECONDS = 10;

/** One banner at a time, the worst first: what happened, what it means, what to do. */
export function updateBanner(model: Model, nowMs: number): void {
  const trouble = troubleOf(model, nowMs);
  setHidden(byTestId('banner'), trouble === null);
  write(byTestId('spoken-banner'), trouble?.spoken ?? '');
  if (trouble !== null) write(byTestId('banner-text'), ...trouble.pieces);
  showSpool(trouble?.spool ?? null);
}

/** How full the disk is of what waits. */
function showSpool(spool: SpoolStatus | null): void {
  const bar = byTestId('banner-spool');
  setHidden(bar, spool === null);
  if (spool === null) return;
  const share = Math.min(1, spool.bytes / spool.capBytes);
  (bar.firstElementChild as HTMLElement).style.width = `${100 * share}%`;
  setAttribute(bar, 'aria-label', `Disk spool ${percent(Math.ceil(100 * share))} full`);
}

interface Trouble {
  readonly pieces: readonly Piece[];
  /** For those who listen: without the ages, which change all the time. */
  readonly spoken: string;
  readonly spool?: SpoolStatus | null;
}

function troubleOf(model: Model, nowMs: number): Trouble | null {
  if (model.isRefused)
    return {
      spoken: 'The token of this page was refused.',
      pieces: [
        strong('The token of this page was refused.'),
        ' It was revoked or has changed. The monitor goes on without this page; all values here are old. Open the page anew with a token that holds.',
      ],
    };
  if (model.lostAtMs !== null) {
    const lost = duration((nowMs - model.lostAtMs) / 1000);
    const wait = model.nextAttemptMs === null ? 0 : Math.ceil((model.nextAttemptMs - nowMs) / 1000);
    const next = wait > 0 ? `Next attempt in ${duration(wait)}.` : 'Trying to reach it.';
    return {
      spoken: 'This page lost the monitor.',
      pieces: [
        strong(`This page lost the monitor ${lost} ago.`),
        model.permit === null
          ? ` All values here are old. Look at the instrument itself. ${next}`
          : ` It decides on the beam without this page. All values here are old. Look at the interlock panel for the beam. ${next}`,
      ],
    };
  }
  const status = model.status;
  if (status === null) return null;
  const sources = status.links.filter((link) => link.role === 'source' && link.state === 'down');
  const detail = sources[0]?.detail ? ` ${sentence(sources[0].detail)}` : '';
  if (status.state === 'stale')
    return {
      spoken: `No frames from ${status.stream}.`,
      pieces: [
        strong(`No frame for ${duration(ageSeconds(model, nowMs))}.`),
        ` The monitor runs; the stream `,
        strong(status.stream),
        ` is silent since ${clock(status.lastTimeUs ?? Number.NaN)}.${detail} Check that acquisition is running.`,
      ],
    };
  if (sources[0] !== undefined && status.state === 'waiting') {
    const spoken = `Source ${sources[0].id} cannot be reached.`;
    return { spoken, pieces: [strong(spoken), `${detail} The monitor keeps trying.`] };
  }
  const sink = status.links.find((link) => link.role === 'sink' && link.state === 'down');
  if (sink === undefined) return null;
  const forSeconds = (sink.forMs + nowMs - model.statusAtMs) / 1000;
  const subject = model.permit === null ? 'Monitoring is' : 'Monitoring and the beam permit are';
  return {
    spoken: `${sink.id} is unreachable.`,
    pieces: [
      strong(`${sink.id} unreachable for ${duration(forSeconds)}.`),
      ` ${subject} not affected.${sink.detail === '' ? '' : ` ${sentence(sink.detail)}`}`,
      ...spoolPieces(sink),
    ],
    spool: sink.spool ?? null,
  };
}

/** `18 340 points wait on disk; none lost. Full in about 1 h 40 min.` */
function spoolPieces({ spool, droppedCount = {} }: LinkView): Piece[] {
  if (spool === undefined) return [];
  const lost = Object.values(droppedCount).reduce((sum, count) => sum + count, 0);
  const pieces: Piece[] = [
    ' ',
    strong(counts(spool.waitingCount)),
    ` results wait on disk; ${lost === 0 ? 'none' : counts(lost)} lost.`,
  ];
  if (spool.trouble !== '') return [...pieces, ` ${sentence(spool.trouble)}`];
  const seconds = spool.oldestMs === null ? 0 : (Date.now() - spool.oldestMs) / 1000;
  if (seconds < FILLING_SECONDS || spool.bytes <= 0) return pieces;
  const left = (spool.capBytes - spool.bytes) / (spool.bytes / seconds);
  return [...pieces, left > 0 ? ` Full in about ${duration(left)}.` : ' The disk share is full.'];
}

function sentence(text: string): string {
  const trimmed = text.trim().replace(/^[a-z]+ /, (word) => word.charAt(0).toUpperCase() + word.slice(1));
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
