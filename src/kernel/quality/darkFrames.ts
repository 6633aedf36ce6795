import type { SignalTotal } from './signalTotal.ts';
import { createUsualTotal, learnTotal, usualRate, type UsualTotal } from './usualTotal.ts';

/** Fewer channels of the same value say nothing. */
const FEWEST = 8;
/** Counts beyond which the older half is forgotten. */
const MOST_COUNTS = 1000;

/** What is remembered of the totals; plain data. */
export type DarkState = {
  usual: UsualTotal;
  /** Counts so far, fading, and the exposure they took. */
  counts: number;
  exposure: number;
  /** Exposure of the frames without a single count in a row up to now. */
  emptyExposure: number;
  /** Frames far below the usual in a row up to now. */
  lowFrames: number;
  /** Share of the usual total that the last of them lacked. */
  lost: number;
};

export function createDarkState(): DarkState {
  return { usual: createUsualTotal(), counts: 0, exposure: 0, emptyExposure: 0, lowFrames: 0, lost: 0 };
}

export interface DarkOptions {
  /** Live time of the frame, any unit. */
  readonly exposure: number;
  /** Chance per frame that an empty frame of a quiet stream may be called a fault. */
  readonly chance: number;
  /** The same in standard deviations: how far a low total must be from the usual. */
  readonly sigma: number;
  /** Share of the usual total below which the beam is called off; 0 never. */
  readonly tripBelow: number;
  /** Frames in a row after which that is no trip any more, but how things are. */
  readonly tripFrames: number;
}

/**
 * Whether a frame has a signal: 'none' (dead detector, closed shutter, ended series), 'low' (beam off for a while),
 * 'signal'. Counts may be none by chance: then it takes as many empty frames in a row as that chance asks for. Before
 * the first count there is no signal. Other data have none when all of at least eight channels show the same value.
 *
 * @param state - taken further by the frame.
 * @param work - of `createUsualWork`.
 */
export function judgeDark(
  state: DarkState,
  signal: SignalTotal,
  options: DarkOptions,
  work: readonly Float64Array[],
): 'signal' | 'none' | 'low' {
  if (signal.usable === 0) return 'none';
  const exposure = options.exposure * signal.share;
  if (
    signal.counts === null
      ? signal.isConstant && signal.usable >= FEWEST
      : isEmpty(state, signal.counts, exposure, options)
  )
    return 'none';
  if (!(exposure > 0)) return 'signal';
  const rate = signal.total / exposure;
  const usual = usualRate(state.usual, work);
  if (usual !== null && isLow(usual, signal, exposure, options)) {
    state.lost = 1 - rate / usual.rate;
    if (++state.lowFrames <= options.tripFrames) return 'low';
  } else state.lowFrames = 0;
  learnTotal(state.usual, rate);
  return 'signal';
}

/** Of all the counts so far and the empty frames, none in the empty ones: (exposure / all exposure) to the number of counts. */
function isEmpty(state: DarkState, counts: number, exposure: number, { chance }: DarkOptions): boolean {
  if (counts === 0) {
    state.emptyExposure += exposure;
    if (state.counts === 0) return true;
    return state.counts * Math.log1p(state.emptyExposure / state.exposure) >= -Math.log(chance);
  }
  if (state.counts * Math.log1p(state.emptyExposure / state.exposure) < -Math.log(chance))
    state.exposure += state.emptyExposure;
  state.emptyExposure = 0;
  state.counts += counts;
  state.exposure += exposure;
  if (state.counts > MOST_COUNTS) {
    state.exposure *= MOST_COUNTS / state.counts;
    state.counts = MOST_COUNTS;
  }
  return false;
}

function isLow(
  { rate, scatter }: { rate: number; scatter: number },
  { total, counts }: SignalTotal,
  exposure: number,
  { sigma, tripBelow }: DarkOptions,
): boolean {
  if (!(rate > 0) || total >= tripBelow * rate * exposure) return false;
  const gain = counts === null ? 0 : total / counts;
  return rate - total / exposure > sigma * Math.max(scatter, Math.sqrt((gain * rate) / exposure));
}
