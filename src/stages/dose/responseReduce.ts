import { giveReference } from '../../kernel/dose/damage/damageAccount.ts';
import { reduceSpectrum } from '../../kernel/dose/damage/spectralReduction.ts';
import {
  reduceMeasuredWindows,
  reduceWindows,
  windowInformation,
  type Reduction,
} from '../../kernel/dose/damage/windowReduction.ts';
import { hasUsableChannel, type Frame } from '../../model/frame.ts';
import { keepShare, learnShare } from './responseLesson.ts';
import { knowsReferences } from './responseReference.ts';
import type { ResponseState, Spectrum } from './responseState.ts';
import type { ResponseWork } from './responseWork.ts';

/**
 * What the spectrum says of the damage fraction, into `work.reduction`: of infinite variance while the reference is being
 * learned, and when it says nothing.
 */
export function reduceFrame(state: ResponseState, work: ResponseWork, frame: Frame): void {
  const { reduction, config } = work;
  reduction.fraction = 0;
  reduction.variance = Infinity;
  state.pending.hasLesson = false;
  if (!hasUsableChannel(frame)) return;
  if (work.windows !== null) reduceTwo(state, work, frame, reduction);
  else if (knowsReferences(state, work, frame)) {
    const start = config.shift === 'free' ? state.shift : frame.axisShift / pitchOf(frame);
    const { values, mask } = frame;
    const variances = work.isCounts ? undefined : frame.variances;
    reduceSpectrum(work.spectral!, { values, variances, mask }, state.expected, start, config.dispersion, reduction);
    if (config.shift === 'free' && reduction.variance < Infinity) state.shift = reduction.shift;
  }
  if (!Number.isFinite(reduction.fraction) || !(reduction.variance > 0)) {
    reduction.fraction = 0;
    reduction.variance = Infinity;
  }
}

function reduceTwo(state: ResponseState, work: ResponseWork, frame: Spectrum, out: Reduction): void {
  const { config, windows } = work;
  const [a, varianceA] = sumOf(frame, windows![0]);
  const [b, varianceB] = sumOf(frame, windows![1]);
  const { intactShare, damagedShare } = config.windows!;
  const { reference } = state;
  const gain = work.isCounts ? 1 : varianceA + varianceB > 0 && a + b > 0 ? (varianceA + varianceB) / (a + b) : 0;
  if (intactShare === undefined && a + b > 0 && gain > 0) keepShare(state, a / gain, (a + b) / gain);
  if (intactShare === undefined && !reference.isKnown) {
    if (!state.pending.hasLesson) return;
    learnShare(state);
    if (reference.frames < config.learn) return;
    reference.isKnown = true;
    const learned = { intact: reference.a / reference.total, damaged: damagedShare };
    state.referenceInformation = (reference.total * windowInformation(learned, 0)) / config.dispersion;
    giveReference(state.damage, work.damage, 1 / state.referenceInformation + config.referenceError ** 2, 0.5);
    return;
  }
  const shares = { intact: intactShare ?? reference.a / reference.total, damaged: damagedShare };
  if (!reference.isKnown && config.referenceError > 0) {
    reference.isKnown = true;
    giveReference(state.damage, work.damage, config.referenceError ** 2, 0);
  }
  if (work.isCounts || work.isScaled) {
    if (gain > 0) reduceWindows(a / gain, (a + b) / gain, shares, state.expected, config.dispersion, out);
  } else reduceMeasuredWindows(a, b, varianceA * config.dispersion, varianceB * config.dispersion, shares, out);
}

/** Sum of a window and its variance; both 0 when a channel of it is masked: its share would not be the one of the references. */
function sumOf(
  { values, variances, mask }: Spectrum,
  [first, end]: readonly [number, number],
): readonly [number, number] {
  let sum = 0;
  let variance = 0;
  for (let i = first; i < end; i++) {
    if (mask?.[i] === 1) return [0, 0];
    sum += values[i]!;
    variance += variances?.[i] ?? values[i]!;
  }
  return [sum, variance];
}

/** Mean distance of channels, axis units. */
function pitchOf({ layout }: Frame): number {
  const x = layout.axes[layout.axes.length - 1]!.coordinates;
  return x.length < 2 ? 1 : (x[x.length - 1]! - x[0]!) / (x.length - 1);
}
