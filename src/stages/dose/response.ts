import { defineStage } from '../../model/defineStage.ts';
import { DOSE } from '../../model/doseReading.ts';
import { freshen, isComplete, openPending, takePending } from './responseJoin.ts';
import { emitDamage, emitNext } from './responseReadings.ts';
import { relearn } from './responseLesson.ts';
import { reduceFrame } from './responseReduce.ts';
import { responseSettings } from './responseSettings.ts';
import { initialResponse } from './responseState.ts';
import { prepareResponse } from './responseWork.ts';

export default defineStage({
  kind: 'dose.response',
  version: 1,
  summary:
    'Says how damaged the sample is, at what dose the tolerance will be reached, and when to stop before it, at a stated risk.',
  reference:
    'Herbster and Warmuth, Machine Learning 32 (1998) 151 (fixed share); Robbins, Ann. Math. Statist. 41 (1970) 1397 (guaranteed rule)',
  input: ['frame', 'reading'],
  outputs: ['reading', 'detection'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian'], gives: 'same' },
  keepsStateOverLayouts: true,
  config: responseSettings,
  assets: ['intact', 'damaged'],
  example: {
    tolerance: 0.05,
    budget: 100,
    windows: { a: { from: 10, to: 20 }, b: { from: 25, to: 40 }, intactShare: 0.6, damagedShare: 0.35 },
  },
  prepare: prepareResponse,
  init: initialResponse,
  step(state, signal, emit, work) {
    const { pending } = state;
    const { stream, seq, timeUs } = signal;
    if (signal.type === 'reading') {
      if (!isDose(signal.name)) return;
      if (state.stage === '') state.stage = work.config.dose ?? signal.stage;
      if (signal.stage !== state.stage) return;
    }
    const close = (): void => {
      if (pending.isDone || (pending.dose < 0 && pending.next < 0)) return;
      pending.isDone = true;
      // The frame was judged by what was known of the area before; it is the first that is known of this one.
      if (freshen(state, work) && pending.hasFrame) relearn(state, work);
      if (takePending(state, work)) emitDamage(state, work, pending, emit);
      if (pending.next >= 0) emitNext(state, work, pending, pending.next, emit);
    };
    if (pending.seq !== seq || pending.stream !== stream) {
      // A dose stage that says nothing of the next frame leaves the last one open until now.
      if (pending.hasFrame) close();
      openPending(state, stream, seq, timeUs);
    }
    if (pending.isDone) return;
    if (signal.type === 'frame') {
      if (pending.dose >= 0) freshen(state, work);
      reduceFrame(state, work, signal);
      pending.hasFrame = true;
      pending.exposureUs = signal.exposureUs;
      pending.fraction = work.reduction.fraction;
      pending.variance = work.reduction.variance;
    } else if (Number.isFinite(signal.value) && signal.value >= 0) {
      if (signal.name === DOSE.spent) {
        pending.dose = signal.value;
        state.unit = signal.unit;
      } else if (signal.name === DOSE.ofFrame) pending.ofFrame = signal.value;
      else if (signal.name === DOSE.generation) pending.generation = signal.value;
      else pending.next = signal.value;
    }
    if (isComplete(state)) close();
  },
});

function isDose(name: string): boolean {
  return name === DOSE.spent || name === DOSE.ofFrame || name === DOSE.next || name === DOSE.generation;
}
