import type { Certificate } from './templateCertificate.ts';

/** What the bets of the certificate have won. Plain data, bounded. */
export type CertificateState = {
  /** [J] sum over the starts. */
  wealth: Float64Array;
  /** [bins] counts not yet judged, and the frames they are of. */
  pending: Float64Array;
  frames: number;
};

/** Frames judged at once: a product of factors of expectation 1 stays one. */
const TOGETHER = 8;

export function createCertificateState({ bets, bins }: Certificate): CertificateState {
  return { wealth: new Float64Array(bets), pending: new Float64Array(bins), frames: 0 };
}

/** Nats that one turn can win, so that no single frame wins all; a bet that pays less stays fair. */
const MOST = 4;

/** Takes a frame in. @returns ln of the mean wealth; -Infinity before there is any. */
export function updateCertificate(state: CertificateState, certificate: Certificate, counts: Float64Array): number {
  const { bins, edges, bets, logs } = certificate;
  const { wealth, pending } = state;
  if (bins === 0) return -Infinity;
  for (let b = 0; b < bins; b++) for (let i = edges[b]!; i < edges[b + 1]!; i++) pending[b]! += counts[i]!;
  state.frames++;
  if (state.frames === TOGETHER) {
    for (let j = 0; j < bets; j++) {
      let log = 0;
      for (let b = 0; b < bins; b++) log += pending[b]! * logs[j * bins + b]!;
      wealth[j] = Math.min((TOGETHER + wealth[j]!) * Math.exp(Math.min(log, MOST)), 1e200);
    }
    pending.fill(0);
    state.frames = 0;
  }
  let sum = 0;
  for (let j = 0; j < bets; j++) sum += wealth[j]!;
  return sum > 0 ? Math.log(sum / bets) : -Infinity;
}

/** Begins anew. */
export function resetCertificate(state: CertificateState): void {
  state.wealth.fill(0);
  state.pending.fill(0);
  state.frames = 0;
}
