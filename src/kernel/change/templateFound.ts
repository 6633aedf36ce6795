import { cumulantLikelihood } from './cumulantLikelihood.ts';
import type { TemplateBank } from './templateBank.ts';
import { UNKNOWN } from './templateHold.ts';
import type { TemplateVerdict } from './templateJudge.ts';
import type { TemplateState, TemplateWork } from './templateMonitor.ts';
import type { HeldBaseline } from './templateSums.ts';

/** What changed, where and since when. */
export interface FoundTemplate {
  /** 'peak', the name of a line set, 'peaks against background', 'several peaks'. */
  readonly template: string;
  readonly sign: -1 | 0 | 1;
  /** Axis units: of several peaks, of a set of lines, the strongest; absent for a template that is spread over the axis. */
  readonly region: readonly [number, number] | undefined;
  readonly onsetUs: number;
  /** About 95 %. */
  readonly onsetIntervalUs: readonly [number, number];
}

type Onset = Pick<HeldBaseline, 'onsetUs' | 'fromUs' | 'toUs'>;

/** Nats under the best onset within which others are as likely as not to be excluded: about 95 % by simulation. */
const INTERVAL = 3;

/**
 * Reads from the windows what won. Of a change that persists the onset is remembered while windows still reach back to it.
 *
 * @param timeUs - of the frame just judged.
 */
export function foundTemplate(
  state: TemplateState,
  work: TemplateWork,
  { by }: Pick<TemplateVerdict, 'by'>,
  timeUs: number,
): FoundTemplate {
  const { sums, held } = state;
  const { bank, evidence, certificate, narrow } = work;
  const row = by === 'several' ? evidence.severalRow : evidence.row;
  const winner = row < 0 ? 0 : sums.winners[row]!;
  const j = Math.abs(winner) - 1;
  if (held.grows || held.clock === 0 || held.onsetUs === UNKNOWN)
    Object.assign(held, row < 0 ? unknownOnset(timeUs) : onsetOf(state, work, row, Math.max(j, 0)));
  const { onsetUs } = held;
  const onsetIntervalUs = [held.fromUs, held.toUs] as const;
  if (by === 'certificate') {
    const bet = richest(state.certificate.wealth);
    const at = certificate.x[certificate.edges[certificate.places[bet]!]!]!;
    const sign = certificate.signs[bet]! > 0 ? 1 : -1;
    return { template: 'peak', sign, region: [at - narrow, at + narrow], onsetUs, onsetIntervalUs };
  }
  const region = j < 0 ? undefined : regionOf(bank, j);
  if (by === 'several') return { template: 'several peaks', sign: 0, region, onsetUs, onsetIntervalUs };
  const sign = winner > 0 ? 1 : winner < 0 ? -1 : 0;
  const set = j < bank.peaks ? undefined : bank.sets[j - bank.peaks];
  const template = j < bank.peaks ? 'peak' : (set?.name ?? 'peaks against background');
  return { template, sign, region, onsetUs, onsetIntervalUs };
}

/** Where a template is strongest. */
function regionOf({ peaks, centres, widths, sets }: TemplateBank, j: number): readonly [number, number] | undefined {
  if (j < peaks) return [centres[j]! - widths[j]!, centres[j]! + widths[j]!];
  const set = sets[j - peaks];
  if (set === undefined) return undefined;
  const [strongest] = set.positions
    .map((at, l) => ({ at, intensity: set.intensities?.[l] ?? 1 }))
    .sort((a, b) => b.intensity - a.intensity);
  return [strongest!.at - set.fwhm, strongest!.at + set.fwhm];
}

const unknownOnset = (timeUs: number): Onset => ({ onsetUs: timeUs, fromUs: timeUs, toUs: timeUs });

/** The window's start, and the starts that are nearly as likely for the same template. */
function onsetOf({ sums, held }: TemplateState, { scan, likelihoods }: TemplateWork, row: number, j: number): Onset {
  const { anchors, clocks, times, starts, clock } = sums;
  const T = sums.sums.length;
  let best = 0;
  let at = 0;
  for (let a = 0; a < anchors.count; a++) {
    const r0 = anchors.rows[a]!;
    const h = clock - clocks[r0]!;
    const before = held.clock > 0 ? held.clock : clocks[r0]!;
    likelihoods[a] = 0;
    if (!(h > 0 && before > 0)) continue;
    const r = h / before;
    const base = held.clock > 0 ? held.sums[j]! : starts[r0 * T + j]!;
    const excess = sums.sums[j]! - starts[r0 * T + j]! - r * base;
    likelihoods[a] =
      cumulantLikelihood(excess, h * (1 + r), scan.skewness[j]! * (1 - r), scan.doubt[j]!) / scan.dispersion;
    if (r0 === row) {
      at = a;
      best = likelihoods[a]!;
    }
  }
  let from = at;
  let to = at;
  while (from > 0 && likelihoods[from - 1]! >= best - INTERVAL) from--;
  while (to < anchors.count - 1 && likelihoods[to + 1]! >= best - INTERVAL) to++;
  const timeOf = (a: number) => times[anchors.rows[a]!]!;
  // Between two starts that are looked at the change may have begun at any frame.
  return {
    onsetUs: timeOf(at),
    fromUs: timeOf(Math.max(from - 1, 0)),
    toUs: timeOf(Math.min(to + 1, anchors.count - 1)),
  };
}

function richest(wealth: Float64Array): number {
  let most = 0;
  for (let j = 1; j < wealth.length; j++) if (wealth[j]! > wealth[most]!) most = j;
  return most;
}
