import { addToLearning, learnLevel, steadyOrLater, type LearnedLevel } from '../../kernel/change/focusLearning.ts';
import { focusRunLength, focusThreshold, LONGEST_FOCUS_RUN } from '../../kernel/change/focusThreshold.ts';
import { CERTIFIED_SHARE, isCertified, layFocusCertificate } from './focusCertificate.ts';
import { memoryFor } from './focusSettings.ts';
import type { FocusState, FocusWork } from './focusWork.ts';

/**
 * Normal deviate beyond which a dispersion is not taken for 1. Applied by chance to one baseline in a hundred, it would
 * stop its alarms, and lengthen the mean over baselines by a tenth.
 */
const CLEARLY = 4;

/**
 * Takes the level that is given, or learns with the sample of this frame.
 *
 * @returns how the reference was found; null when it is not ready.
 */
export function findReference(state: FocusState, work: FocusWork): 'given' | 'learned' | null {
  const { config, sample, given, rates, scratch } = work;
  const { learning, noise } = state;
  const expected = state.anew ? undefined : config.expected;
  if (expected !== undefined && noise !== 'learned') {
    const known = { learned: Infinity, dispersion: 1, variance: 1, frames: Infinity };
    settle(state, work, { ...known, level: noise === 'counts' ? Math.max(expected, 1e-9) : expected });
    return 'given';
  }
  if (given !== null && !state.anew) {
    settle(state, work, fromBaseline(given, noise));
    return 'given';
  }
  addToLearning(learning, sample.value, sample.exposure, sample.variance);
  if (learning.count < learning.values.length) return null;
  const found = steadyOrLater(learning, rates, scratch);
  state.trend = found.trend;
  state.trendError = found.trendError;
  if (!found.steady) return null;
  const learned = learnLevel(learning, noise === '' ? 'learned' : noise, rates, scratch);
  settle(state, work, expected === undefined ? learned : { ...learned, level: expected, learned: Infinity });
  learning.count = 0;
  return 'learned';
}

function fromBaseline({ frames, sum, variance }: NonNullable<FocusWork['given']>, noise: string): LearnedLevel {
  if (noise === 'counts') {
    const counts = Math.max(0.5, sum);
    return { level: counts / frames, learned: counts, dispersion: (variance * frames) / counts, variance: 1, frames };
  }
  return { level: sum / frames, learned: frames / variance, dispersion: 1, variance, frames };
}

function settle(state: FocusState, { config, runLength }: FocusWork, learned: LearnedLevel): void {
  const { reference, noise } = state;
  const { level, frames } = learned;
  const measured = config.dispersion === 'learned' ? learned.dispersion : config.dispersion;
  const spread = 2 / Math.max(1, frames - 1) + (noise === 'counts' ? 1 / learned.learned : 0);
  const isOne = config.dispersion === 'learned' && Math.abs(varianceDeviate(measured, spread)) <= CLEARLY;
  reference.kind = noise === 'counts' ? 'counts' : 'values';
  reference.level = level;
  reference.dispersion = isOne ? 1 : Math.max(measured, 1e-3);
  reference.learned = learned.learned / (noise === 'given' ? reference.dispersion : 1);
  reference.degrees = noise === 'learned' ? frames - 1 : Infinity;
  // Values that never differ are given the error of their last digits.
  state.variance = noise === 'learned' ? Math.max(learned.variance, (1e-9 * level) ** 2, 1e-30) : 1;
  if (noise === 'given') state.variance = reference.dispersion;
  const learnedFrames = Number.isFinite(learned.learned) ? frames : Infinity;
  state.memory = memoryFor(config, learnedFrames);
  const rate = noise === 'counts' ? level / reference.dispersion : Infinity;
  const options = { rate, sides: config.sides, memory: state.memory, learnedFrames };
  const isShared =
    isCertified(config) && noise === 'counts' && learned.learned === Infinity && reference.dispersion === 1;
  const own = isShared ? Math.min(LONGEST_FOCUS_RUN, runLength! / (1 - CERTIFIED_SHARE)) : runLength!;
  state.threshold = config.threshold ?? focusThreshold(own, options);
  if (isShared) layFocusCertificate(state.certificate, level, runLength! / CERTIFIED_SHARE, config.sides);
  state.averageRunLength = runLength ?? focusRunLength(state.threshold, options);
}

/**
 * Normal deviate as rare as a sample variance, of a true one of 1.
 *
 * @param spread - its variance.
 * @see Wilson and Hilferty, Proc. Natl. Acad. Sci. USA 17 (1931) 684.
 */
const varianceDeviate = (measured: number, spread: number): number =>
  (Math.cbrt(measured) - 1 + spread / 9) / Math.sqrt(spread / 9);
