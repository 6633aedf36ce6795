import { adviseExposure } from '../../kernel/dose/exposurePolicy.ts';
import { defineStage } from '../../model/defineStage.ts';
import type { FrameHeader } from '../../model/makeReading.ts';
import { makeReading } from '../../model/makeReading.ts';
import type { Frame } from '../../model/frame.ts';
import { budgetedExposure, createHeardLimits, hearLimit } from './exposureLimits.ts';
import { exposureSettings } from './exposureSettings.ts';

export default defineStage({
  kind: 'dose.exposure',
  version: 1,
  summary:
    'Advises on exposure: dim while nothing happens, bright when evidence rises, within what the stop rule leaves.',
  reference: 'Banerjee and Veeravalli, Sequential Analysis 31 (2012) 40',
  input: ['frame', 'reading'],
  outputs: ['reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'same' },
  keepsStateOverLayouts: true,
  config: exposureSettings,
  example: {},
  prepare: ({ id, config }) => ({ id, config }),
  init: ({ config: { detector = '', nominalExposureMs = 0 } }) => ({
    nominalUs: 1000 * nominalExposureMs,
    detector,
    /** Of the newest frame: its number, and that of the newest statistic. */
    frameSeq: -1,
    evidenceSeq: -1,
    advisedSeq: -1,
    evidence: 0,
    /** Exposure of the newest frame, relative to nominal. */
    present: 0,
    heard: createHeardLimits(),
    /** Delivered, and what constant nominal exposure would have been, microseconds. */
    deliveredUs: 0,
    constantUs: 0,
  }),
  step(state, signal, emit, { id, config }) {
    if (signal.type === 'frame') takeFrame(state, signal);
    else if (signal.name !== config.statistic) return hearLimit(state.heard, signal, config);
    else {
      if (state.detector === '') state.detector = signal.stage;
      if (signal.stage !== state.detector || !Number.isFinite(signal.value)) return;
      state.evidence = signal.value;
      state.evidenceSeq = signal.seq;
    }
    const { heard, present, nominalUs, frameSeq, evidenceSeq, evidence } = state;
    if (frameSeq !== evidenceSeq || frameSeq === state.advisedSeq || !(nominalUs > 0)) return;
    state.advisedSeq = frameSeq;
    const budget = heard.isDoseKnown ? budgetedExposure(heard, present, frameSeq) : config.lo;
    const limits = { present, budget, over: heard.over, risk: config.risk };
    const advice = adviseExposure(config, evidence, limits);
    const say = (name: string, value: number, unit = '1'): void =>
      emit(makeReading(signal as FrameHeader, id, { name, value, unit, quality: 'valid' }));
    say('exposureAdvice', advice.exposure);
    if (config.nominalExposureMs !== undefined) say('exposureSeconds', (advice.exposure * nominalUs) / 1e6, 's');
    say('exposureState', advice.state);
    if (state.constantUs > 0) say('doseSaving', 1 - state.deliveredUs / state.constantUs);
  },
});

/** What of the exposure is kept account of. */
interface ExposureAccount {
  nominalUs: number;
  frameSeq: number;
  present: number;
  deliveredUs: number;
  constantUs: number;
}

function takeFrame(state: ExposureAccount, { seq, exposureUs, unseenExposureUs }: Frame): void {
  if (!(exposureUs >= 0)) return;
  if (state.nominalUs === 0) state.nominalUs = exposureUs;
  // Frames that nobody saw would have been exposed, too.
  const frames = state.frameSeq < 0 || seq <= state.frameSeq ? 1 : seq - state.frameSeq;
  state.frameSeq = seq;
  state.present = state.nominalUs > 0 ? exposureUs / state.nominalUs : 0;
  state.deliveredUs += exposureUs + unseenExposureUs;
  state.constantUs += frames * state.nominalUs;
}
