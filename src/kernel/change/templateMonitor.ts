import { bridgeMasked } from '../array/bridgeMasked.ts';
import { createDriftFit, driftError, driftReach, fitDrift, followDrift, toleratedDrift, trackingGain } from './driftTrack.ts';
import type { DriftFit } from './driftTrack.ts';
import { neighbourMean } from './neighbourMean.ts';
import { createTemplateBank, layTemplates, type TemplateBank, type TemplateOptions } from './templateBank.ts';
import { createTemplateDirections, layTemplateDirections, type TemplateDirections } from './templateDirections.ts';
import { createLearningBlocks, type LearningBlocks } from './templateLearning.ts';
import {
  createTemplateReference,
  layDrift,
  noDrift,
  setTemplateReference,
  type Drift,
  type DriftState,
  type TemplateReference,
} from './templateReference.ts';
import { createTemplateSums, type ScanEvidence, type ScanTemplates, type TemplateSums } from './templateScan.ts';

/** 'counts': Poisson; 'given': variances come with the frames; 'learned': channel by channel while learning. */
export type TemplateNoiseModel = 'counts' | 'given' | 'learned';

export interface TemplateMonitorOptions extends TemplateOptions {
  readonly noise: TemplateNoiseModel;
  /** Beside the gain, which is always free. */
  readonly drifts: readonly Drift[];
  /** Frames the reference is learned from. */
  readonly learn: number;
  /** Longest window, frames. */
  readonly memory: number;
  readonly up: boolean;
  readonly down: boolean;
}

/** Plain data, bounded. */
export type TemplateState = {
  learning: LearningBlocks;
  /** Frames behind the reference; 0 while learning. */
  frames: number;
  /** [n] reference spectrum of one frame and, if not counts, its variances. */
  reference: Float64Array;
  variances: Float64Array;
  /** Counts of a reference frame. */
  total: number;
  /** Drift as tracked, and as the directions are laid for. */
  drift: DriftState;
  used: DriftState;
  sums: TemplateSums;
  /** The baseline of a change that persists; clock 0 when there is none. */
  held: { clock: number; sums: Float64Array; longest: number };
  /** Sums of squared residuals, of what the model expects of them, and of the free channels behind them. */
  dispersion: { squares: number; expected: number; free: number };
};

/** What can be derived again from options and state. */
export interface TemplateWork {
  readonly options: TemplateMonitorOptions;
  readonly bank: TemplateBank;
  readonly reference: TemplateReference;
  readonly directions: TemplateDirections;
  readonly fit: DriftFit;
  readonly scan: ScanTemplates & { dispersion: number };
  readonly evidence: ScanEvidence;
  /** [drifts] share of a new frame in each tracked drift. */
  readonly gains: Float64Array;
  /** [n] the frame without gaps; variances as estimated; weights. */
  readonly clean: Float64Array;
  readonly variances: Float64Array;
  readonly weights: Float64Array;
  /** Channels of the narrowest and of the widest peak, axis units. */
  readonly narrow: number;
  readonly wide: number;
  /** Whether everything above belongs to the state. */
  ready: boolean;
}

export function createTemplateWork(options: TemplateMonitorOptions): TemplateWork {
  const { x, drifts, fwhm, sets, up, down } = options;
  const n = x.length;
  const bank = createTemplateBank(options);
  const directions = createTemplateDirections(bank, 1 + drifts.length, n);
  const pitch = n < 2 ? 1 : (x[n - 1]! - x[0]!) / (n - 1);
  const widths = [...fwhm, ...sets.map((set) => set.fwhm)];
  const narrow = widths.length === 0 ? 4 * pitch : Math.min(...widths);
  return {
    options,
    bank,
    reference: createTemplateReference(x, drifts),
    directions,
    fit: createDriftFit(1 + drifts.length),
    scan: {
      skewness: directions.skewness,
      doubt: directions.doubt,
      blocks: blocksOf(bank, 1.5 * narrow),
      dispersion: 1,
      up,
      down,
      excess: new Float64Array(bank.count),
    },
    evidence: { single: 0, several: 0, row: -1 },
    gains: new Float64Array(drifts.length),
    clean: new Float64Array(n),
    variances: new Float64Array(n),
    weights: new Float64Array(n),
    narrow,
    wide: widths.length === 0 ? 8 * pitch : Math.max(...widths),
    ready: false,
  };
}

export function createTemplateState({ options, bank }: TemplateWork): TemplateState {
  const n = options.x.length;
  return {
    learning: createLearningBlocks(n, options.learn),
    frames: 0,
    reference: new Float64Array(n),
    variances: new Float64Array(options.noise === 'counts' ? 0 : n),
    total: 0,
    drift: noDrift(),
    used: noDrift(),
    sums: createTemplateSums(bank.count, options.memory),
    held: { clock: 0, sums: new Float64Array(bank.count), longest: 0 },
    dispersion: { squares: 0, expected: 0, free: 0 },
  };
}

/** Lays everything that follows from reference and drift. */
export function layAll(state: TemplateState, work: TemplateWork): void {
  const { options, bank, reference, directions, variances, weights } = work;
  const { x, noise, drifts } = options;
  const counts = noise === 'counts';
  const pitch = reference.pitch;
  setTemplateReference(reference, state.reference, { frames: state.frames, widest: work.wide / pitch, counts });
  layDrift(reference, state.used);
  layTemplates(bank, x, state.used.shift, reference.peaks);
  const expected = reference.directions[0]!;
  let mean = 0;
  for (let i = 0; i < x.length; i++) {
    variances[i] = counts ? Math.max(expected[i]!, 0) : state.variances[i]!;
    mean += variances[i]! / x.length;
  }
  neighbourMean(variances, counts || noise === 'learned' ? 0 : 1, weights);
  const least = counts ? Math.max(1e-3 * mean, 0.2 / state.frames) : 1e-6 * mean;
  for (let i = 0; i < x.length; i++) weights[i] = Math.max(weights[i]!, least, 1e-300);
  const frames = noise === 'counts' ? state.frames : noise === 'learned' ? state.frames : Infinity;
  layTemplateDirections(directions, bank, reference.directions, { variances, weights, counts, frames });
  drifts.forEach((name, k) => {
    const error = driftError(directions, k + 1, 1);
    work.gains[k] = trackingGain(error, toleratedDrift(name, pitch, work.narrow));
  });
  work.ready = true;
}

/** Lays anew where the tracked drift has left the one that was laid for. */
export function refresh(state: TemplateState, work: TemplateWork): void {
  const { drift, used } = state;
  const { options, reference, narrow } = work;
  if (options.drifts.every((name) => Math.abs(drift[name] - used[name]) <= driftReach(name, reference.pitch, narrow))) return;
  for (const name of options.drifts) used[name] = drift[name];
  work.ready = false;
}

/** Fits gain and drift of a frame; fills its masked channels with what is expected of them, so that they say nothing. */
export function fitFrame(work: TemplateWork, values: Float64Array, mask: Uint8Array | undefined): void {
  const { clean, directions, fit, reference } = work;
  clean.set(values);
  if (mask !== undefined) {
    const expected = reference.directions[0]!;
    let seen = 0;
    let known = 0;
    for (let i = 0; i < clean.length; i++)
      if (mask[i] === 0) {
        seen += clean[i]!;
        known += expected[i]!;
      }
    const gain = known > 0 ? seen / known : 0;
    for (let i = 0; i < clean.length; i++) if (mask[i] !== 0) clean[i] = gain * expected[i]!;
  }
  fitDrift(fit, directions, clean);
}

/** Moves the tracked drift on. */
export function followFrame(state: TemplateState, work: TemplateWork): void {
  followDrift(state.drift, state.used, work.fit, work.options.drifts, work.gains);
}

/** Adds the scores of a frame to the sums. */
export function addScores(sums: TemplateSums, clock: number, { bank, directions, fit }: TemplateWork, values: Float64Array): void {
  const { count, first, length, offsets } = bank;
  const { local, mixture, nuisances: K } = directions;
  const { scores } = fit;
  for (let j = 0; j < count; j++) {
    const at = offsets[j]!;
    const from = first[j]!;
    const m = length[j]!;
    let score = 0;
    for (let i = 0; i < m; i++) score += local[at + i]! * values[from + i]!;
    const c = j * K;
    for (let k = 0; k < K; k++) score -= mixture[c + k]! * scores[k]!;
    sums.sums[j]! += score;
  }
  sums.clock += clock;
  sums.anchors.frame++;
}

/** A frame with its masked channels bridged: what is learned from. */
export function bridged(values: Float64Array, mask: Uint8Array | undefined, out: Float64Array): Float64Array {
  if (mask === undefined) out.set(values);
  else bridgeMasked(values, mask, out);
  return out;
}

/** [blocks + 1] first template of each block of single peaks, blocks of about `width`. */
function blocksOf({ peaks, centres }: TemplateBank, width: number): Int32Array {
  const starts: number[] = [];
  let from = -Infinity;
  for (let j = 0; j < peaks; j++)
    if (centres[j]! >= from + width) {
      starts.push(j);
      from = centres[j]!;
    }
  return Int32Array.from([...starts, peaks]);
}
