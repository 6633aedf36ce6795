import { z } from 'zod';
import { bridgeMasked } from '../../kernel/array/bridgeMasked.ts';
import { warp } from '../../kernel/alignment/warp.ts';
import {
  blankFrame,
  copyHeader,
  FrameFlag,
  hasUsableChannel,
  type Frame,
  type MutableFrame,
} from '../../model/frame.ts';
import { channelCentres, fastAxis, type Layout } from '../../model/layout.ts';
import { addScaleError, ownVariances } from '../../model/scaleError.ts';
import { makeReading } from '../../model/makeReading.ts';
import type { Emit } from '../../model/signal.ts';
import { addToReference, frozenReference, type ReferenceState } from './frozenReference.ts';

/** Settings of every stage that warps. */
export const warpSettings = {
  keep: z
    .enum(['height', 'area'])
    .default('height')
    .describe("What a peak keeps when its part of the axis is stretched. 'area' for what is to be quantified."),
};

/** Finds where each channel of the reference lies on a spectrum. */
export interface Aligner {
  /**
   * @param values - [n] without gaps.
   * @param positions - [n] receives fractional channels, not falling.
   * @returns how well they match.
   */
  align(values: Float64Array, positions: Float64Array): number;
}

/** What an alignment stage derives from its settings. */
export interface WarpWork {
  readonly id: string;
  readonly learn: number;
  readonly keep: 'height' | 'area';
  readonly given: Float64Array | null;
  /** Name of the reading that says how well they match. */
  readonly match: string;
  readonly createAligner: (reference: Float64Array) => Aligner;
  /** The path bends with the noise of the channels it leads over, which no variance tells. */
  readonly followsNoise: boolean;
  aligner: Aligner | null;
  readonly x: Float64Array;
  readonly unit: string;
  readonly bridged: Float64Array;
  readonly counted: Float64Array;
  readonly shares: Float64Array;
  readonly positions: Float64Array;
  readonly output: MutableFrame;
  readonly outVariances: Float64Array;
  readonly outMask: Uint8Array;
}

export function createWarpWork(
  parts: Pick<WarpWork, 'id' | 'learn' | 'keep' | 'given' | 'match' | 'createAligner' | 'followsNoise'>,
  layout: Layout,
): WarpWork {
  const output = blankFrame({ ...layout, noise: 'gaussian' }, true);
  const room = (): Float64Array => new Float64Array(layout.size);
  return {
    ...parts,
    aligner: null,
    x: channelCentres(fastAxis(layout)),
    unit: fastAxis(layout).unit,
    bridged: room(),
    counted: room(),
    shares: room(),
    positions: room(),
    output,
    outVariances: output.variances!,
    outMask: new Uint8Array(layout.size),
  };
}

/** One frame: learned from, or brought onto the axis of the reference. */
export function stepWarp(state: ReferenceState, frame: Frame, emit: Emit<'frame' | 'reading'>, work: WarpWork): void {
  const { id, given, x, unit, keep, bridged, counted, shares, positions, output, outVariances, outMask } = work;
  const isLearning = given === null && state.learnedCount < work.learn;
  const { mask } = frame;
  for (let i = 0; i < positions.length; i++) positions[i] = i;
  copyHeader(output, frame);
  if (isLearning) addToReference(state, frame, work.learn);
  else {
    bridgeMasked(frame.values, mask, bridged);
    // Where nothing stands out, nothing can be matched: any path would do.
    const isMatched = hasUsableChannel(frame) && bridged.some((value) => value !== bridged[0]);
    const quality = isMatched ? 'valid' : 'invalid';
    if (isMatched) work.aligner ??= work.createAligner(frozenReference(given, state));
    const match = isMatched ? work.aligner!.align(bridged, positions) : 0;
    emit(makeReading(frame, id, { name: work.match, value: match, unit: '1', quality }));
    emit(makeReading(frame, id, { name: 'largestShift', value: largestMove(x, positions), unit, quality }));
    output.axisShift = given === null ? state.axisShift : 0;
    if (work.followsNoise) output.flags |= FrameFlag.correlated;
  }
  const variances = ownVariances(frame, counted);
  const errors = variances === undefined ? undefined : { variances, shares, out: outVariances };
  output.variances = errors?.out;
  output.mask = mask === undefined ? undefined : outMask;
  warp(frame.values, { positions, keep, errors, mask, outMask }, output.values);
  addScaleError(output);
  emit(output);
}

/** Farthest a channel was moved, in the unit of the axis; positive where features lie too high. */
function largestMove(x: Float64Array, positions: Float64Array): number {
  const last = x.length - 1;
  let largest = 0;
  for (let j = 0; j <= last; j++) {
    const low = Math.min(Math.floor(positions[j]!), Math.max(0, last - 1));
    const high = Math.min(low + 1, last);
    const move = x[low]! + (positions[j]! - low) * (x[high]! - x[low]!) - x[j]!;
    if (Math.abs(move) > Math.abs(largest)) largest = move;
  }
  return largest;
}
