import { addChannelRates, createChannelRates, regionRate } from '../../kernel/change/channelRates.ts';
import { detectableFloor, floorDeviation } from '../../kernel/dose/detectableFloor.ts';
import { defineStage } from '../../model/defineStage.ts';
import { runLengthOf } from '../../model/duration.ts';
import { hasUsableChannel, type Frame } from '../../model/frame.ts';
import { fastAxis } from '../../model/layout.ts';
import { makeReading } from '../../model/makeReading.ts';
import { acceptedAnew, acceptedReading, learningReading } from '../../model/operatorAct.ts';
import type { Emit } from '../../model/signal.ts';
import { levelsOf, placeOf, type FloorPlace } from './floorPlace.ts';
import { floorSettings } from './floorSettings.ts';

export default defineStage({
  kind: 'dose.floor',
  version: 1,
  summary: 'Says how small a change could be seen now, per region and window, at the stated false-alarm rate.',
  input: 'frame',
  outputs: ['reading'],
  noise: { accepts: ['poisson'], gives: 'same', advice: 'It counts: place it before background and normalisation.' },
  config: floorSettings,
  example: { regions: [{ region: [20, 28], background: [[4, 12]] }], learn: 50 },
  prepare({ id, config, layout, framePeriodUs }) {
    const { learn, regions, falseAlarms } = config;
    const deviation = floorDeviation(Math.max(2, runLengthOf(falseAlarms, framePeriodUs)), regions.length);
    const axis = fastAxis(layout);
    return { id, size: layout.size, learn, deviation, places: regions.map((each) => placeOf(each, axis, config)) };
  },
  init: ({ size, places }) => ({
    accepted: -1,
    exposureUs: 0,
    frameCount: 0,
    /** Exposure learned from, in that of the first frame. */
    learned: 0,
    rates: createChannelRates(size),
    /** By region, per exposure of the first frame. */
    levels: places.map(() => ({ counts: 0, signal: 0, signalError: 0 })),
  }),
  step(state, frame, emit, work) {
    const { id, learn, places, deviation } = work;
    const { rates, levels } = state;
    if (acceptedAnew(state, frame)) {
      Object.assign(state, { exposureUs: 0, frameCount: 0, learned: 0 });
      rates.counts.fill(0);
      rates.exposures.fill(0);
      emit(acceptedReading(frame, id, state));
    }
    if (!(frame.exposureUs > 0) || !hasUsableChannel(frame)) return;
    if (state.exposureUs === 0) state.exposureUs = frame.exposureUs;
    const exposure = frame.exposureUs / state.exposureUs;
    if (state.frameCount < learn) {
      addChannelRates(rates, frame.values, exposure, frame.mask);
      state.learned += exposure;
      state.frameCount++;
      if (state.frameCount < learn) return emit(learningReading(frame, id, state.frameCount / learn));
      places.forEach((place, k) => levelsOf(rates, place, state.learned, levels[k]!));
    }
    for (let k = 0; k < places.length; k++) {
      const place = places[k]!;
      const { counts, signal, signalError } = levels[k]!;
      const seen = frame.mask === undefined ? counts : regionRate(rates, place.on, frame.mask);
      // What a mask hides of a region is taken to hide as much of its signal.
      const share = counts > 0 ? (exposure * seen) / counts : 0;
      const means = { counts: share * counts, signal: share * signal, learnedFrames: state.learned / exposure };
      emitFloors(frame, emit, id, place, means, deviation, signal > LEAST_SIGNAL * signalError);
    }
  },
});

/** Standard errors by which a signal must stand out of its background for a share of it to mean anything. */
const LEAST_SIGNAL = 3;

function emitFloors(
  frame: Frame,
  emit: Emit<'reading'>,
  id: string,
  place: FloorPlace,
  means: Parameters<typeof detectableFloor>[0],
  deviation: number,
  hasSignal: boolean,
): void {
  const { region, regionUnit } = place;
  for (const { name, window, sign } of place.readings) {
    const floor = detectableFloor(means, window, deviation, sign);
    const isKnown = hasSignal && Number.isFinite(floor);
    const parts = { name, value: isKnown ? floor : 0, unit: '1', quality: isKnown ? 'valid' : 'invalid' } as const;
    emit({ ...makeReading(frame, id, parts), region, regionUnit, sign });
  }
}
