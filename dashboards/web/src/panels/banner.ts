import { byTestId, setHidden, strong, write, type Piece } from '../element.ts';
import { clock, duration } from '../format.ts';
import { ageSeconds, type Model } from '../model.ts';

/** One banner at a time, the worst first: what happened, what it means, what to do. */
export function updateBanner(model: Model, nowMs: number): void {
  const trouble = troubleOf(model, nowMs);
  setHidden(byTestId('banner'), trouble === null);
  write(byTestId('spoken-banner'), trouble?.spoken ?? '');
  if (trouble !== null) write(byTestId('banner-text'), ...trouble.pieces);
}

interface Trouble {
  readonly pieces: readonly Piece[];
  /** For those who listen: without the ages, which change all the time. */
  readonly spoken: string;
}

function troubleOf(model: Model, nowMs: number): Trouble | null {
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
  return {
    spoken: `${sink.id} is unreachable.`,
    pieces: [
      strong(`${sink.id} unreachable for ${duration(forSeconds)}.`),
      ` ${model.permit === null ? 'Monitoring is' : 'Monitoring and the beam permit are'} not affected.${sink.detail === '' ? '' : ` ${sentence(sink.detail)}`}`,
    ],
  };
}

function sentence(text: string): string {
  const trimmed = text.trim().replace(/^[a-z]+ /, (word) => word.charAt(0).toUpperCase() + word.slice(1));
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
