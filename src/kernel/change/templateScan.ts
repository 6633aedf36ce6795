import { cumulantLikelihood } from './cumulantLikelihood.ts';
import { anchorSpacing, createWindowAnchors, startWindow, type WindowAnchors } from './windowAnchors.ts';

/**
 * Cumulated scores and the windows over them. The clock counts reference frames: a frame of twice the counts is two.
 * Plain data, bounded.
 */
export type TemplateSums = {
  anchors: WindowAnchors;
  /** Reference frames' worth of counts so far, learning included. */
  clock: number;
  /** [T] scores summed since learning began. */
  sums: Float64Array;
  /** [capacity] clock and time in us at each window's start, by row. */
  clocks: Float64Array;
  times: Float64Array;
  /** [capacity * T] `sums` at each window's start, by row. */
  starts: Float64Array;
  /** [capacity] what each window last gave, by row: the most of any template, and of several together. */
  single: Float64Array;
  several: Float64Array;
  /** [capacity] the template that gave the most, counted from 1, with the sign of the change. */
  winners: Float64Array;
};

export function createTemplateSums(templates: number, memory: number): TemplateSums {
  const anchors = createWindowAnchors(memory);
  const capacity = anchors.starts.length;
  return {
    anchors,
    clock: 0,
    sums: new Float64Array(templates),
    clocks: new Float64Array(capacity),
    times: new Float64Array(capacity),
    starts: new Float64Array(capacity * templates),
    single: new Float64Array(capacity),
    several: new Float64Array(capacity),
    winners: new Float64Array(capacity),
  };
}

/** Starts a window before the frame at `timeUs`. */
export function openWindow(state: TemplateSums, timeUs: number, memory: number): void {
  const row = startWindow(state.anchors, memory);
  state.clocks[row] = state.clock;
  state.times[row] = timeUs;
  state.starts.set(state.sums, row * state.sums.length);
  state.single[row] = 0;
  state.several[row] = 0;
  state.winners[row] = 0;
}

/** What a window is judged by, template by template. */
export interface ScanTemplates {
  /** [T] see TemplateDirections. */
  readonly skewness: Float64Array;
  readonly doubt: Float64Array;
  /** [blocks + 1] first template of each block of neighbouring single peaks; the last entry is their number. */
  readonly blocks: Int32Array;
  /** Variance over that of the model, >= 1. */
  readonly dispersion: number;
  /** Whether more, and whether less of a template is looked for. */
  readonly up: boolean;
  readonly down: boolean;
  /** [T] scratch. */
  readonly excess: Float64Array;
}

/** The score sums a window is compared with, and what they weigh. */
export interface ScanBaseline {
  readonly clock: number;
  readonly sums: Float64Array;
}

/**
 * Looks again at the windows whose turn it is: those up to 64 frames at every frame, longer ones every 1/64 of their
 * length.
 *
 * @param held - the baseline to compare with; null: all that was before each window.
 * @param longest - windows longer than this many frames are passed over.
 */
export function scanWindows(
  state: TemplateSums,
  templates: ScanTemplates,
  held: ScanBaseline | null,
  longest: number,
): void {
  const { anchors, clocks, starts, sums } = state;
  const T = sums.length;
  for (let a = 0; a < anchors.count; a++) {
    const age = anchors.frame - anchors.starts[a]!;
    const row = anchors.rows[a]!;
    if (age > longest) {
      state.single[row] = 0;
      state.several[row] = 0;
      continue;
    }
    const spacing = anchorSpacing(age);
    if (spacing > 8 && anchors.frame % (spacing >> 3) !== 0) continue;
    const h = state.clock - clocks[row]!;
    const before = held === null ? clocks[row]! : held.clock;
    if (!(h > 0 && before > 0)) continue;
    const r = h / before;
    const { excess } = templates;
    const at = row * T;
    if (held === null) for (let j = 0; j < T; j++) excess[j] = sums[j]! - (1 + r) * starts[at + j]!;
    else for (let j = 0; j < T; j++) excess[j] = sums[j]! - starts[at + j]! - r * held.sums[j]!;
    judgeSingle(state, templates, row, h * (1 + r), 1 - r);
    if ((a + anchors.frame) % SEVERAL_EVERY === 0) judgeSeveral(state, templates, row, h * (1 + r), 1 - r);
  }
}

/** Several peaks together are looked at in every window at each of so many frames: it takes longer than the rest. */
const SEVERAL_EVERY = 4;

function judgeSingle(
  state: TemplateSums,
  { excess, skewness, doubt, dispersion, up, down }: ScanTemplates,
  row: number,
  variance: number,
  lean: number,
): void {
  const T = excess.length;
  let most = 0;
  let first = -1;
  for (let j = 0; j < T; j++) {
    const square = excess[j]! * excess[j]!;
    if (square > most && (excess[j]! > 0 ? up : down)) {
      most = square;
      first = j;
    }
  }
  state.single[row] = 0;
  state.winners[row] = 0;
  if (first < 0) return;
  let best = cumulantLikelihood(excess[first]!, variance, skewness[first]! * lean, doubt[first]!);
  let winner = first;
  // A fall of a skewed score counts more than its square, a rise less: who could still win is computed exactly.
  for (let j = 0; j < T; j++) {
    const d = excess[j]!;
    const u = (skewness[j]! * lean * d) / variance;
    const bound = ((d * d) / (2 * variance)) * (u < 0 ? 1 - Math.max(u, -1) : 1);
    if (bound <= best || !(d > 0 ? up : down)) continue;
    const likelihood = cumulantLikelihood(d, variance, skewness[j]! * lean, doubt[j]!);
    if (likelihood <= best) continue;
    best = likelihood;
    winner = j;
  }
  state.single[row] = best / dispersion;
  state.winners[row] = excess[winner]! > 0 ? winner + 1 : -winner - 1;
}

/** Likelihood of a sparse mixture: each block holds a change with probability 1 / blocks (Xie and Siegmund 2013). */
function judgeSeveral(
  state: TemplateSums,
  { excess, skewness, doubt, blocks, dispersion, up, down }: ScanTemplates,
  row: number,
  variance: number,
  lean: number,
): void {
  const count = blocks.length - 1;
  let sum = 0;
  for (let b = 0; b < count; b++) {
    let most = 0;
    let winner = -1;
    for (let j = blocks[b]!; j < blocks[b + 1]!; j++) {
      const square = excess[j]! * excess[j]!;
      if (square > most && (excess[j]! > 0 ? up : down)) {
        most = square;
        winner = j;
      }
    }
    // Below 1 nat a block adds next to nothing.
    if (winner < 0 || most < 2 * variance) continue;
    const likelihood = cumulantLikelihood(excess[winner]!, variance, skewness[winner]! * lean, doubt[winner]!);
    sum += Math.log1p(Math.expm1(likelihood / dispersion) / (SPARSE * count));
  }
  state.several[row] = sum;
}

/** Prior odds against a change in a block, per block. */
const SPARSE = 2;

/** The evidence of the present, in nats. */
export interface ScanEvidence {
  /** ln of the weighed sum of all windows' likelihoods. */
  single: number;
  /** The most of any window, several peaks together. */
  several: number;
  /** Row of the window that says most; -1 for none. */
  row: number;
}

/**
 * Sums the windows up. The weight 1 + h / 10 keeps short windows, of which there are many independent ones, from
 * spending the false-alarm budget; the sum over windows finds a change a few per cent earlier than their maximum.
 */
export function weighEvidence(state: TemplateSums, evidence: ScanEvidence): void {
  const { anchors, clocks, single, several } = state;
  let most = -Infinity;
  evidence.row = -1;
  evidence.several = 0;
  for (let a = 0; a < anchors.count; a++) {
    const row = anchors.rows[a]!;
    const h = state.clock - clocks[row]!;
    if (!(h > 0)) continue;
    const weight = Math.log1p(h / 10);
    if (single[row]! + weight > most) {
      most = single[row]! + weight;
      evidence.row = row;
    }
    evidence.several = Math.max(evidence.several, several[row]! + weight);
  }
  evidence.single = 0;
  if (evidence.row < 0) return;
  let sum = 0;
  for (let a = 0; a < anchors.count; a++) {
    const row = anchors.rows[a]!;
    const h = state.clock - clocks[row]!;
    if (!(h > 0)) continue;
    const share = anchors.frame - anchors.starts[a]! < 8 ? 0.125 : 1;
    sum += share * (1 + h / 10) * Math.exp(single[row]! - most);
  }
  evidence.single = most + Math.log(sum);
}
