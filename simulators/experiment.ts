import { makeFrame, FrameFlag } from '../src/model/frame.ts';
import type { Layout } from '../src/model/layout.ts';
import { createAreas } from './parts/areas.ts';
import { createBeamControl } from './parts/beamControl.ts';
import { brokenChannels, HEALTHY } from './parts/brokenChannels.ts';
import { createDetector } from './parts/detector.ts';
import { createDrift } from './parts/drift.ts';
import { faultNames } from './parts/faultNames.ts';
import { chemicalProgress, damageProgress, faultyBeam, shiftAfterTrip } from './parts/progress.ts';
import { Purpose, seedPurpose } from './parts/randomStreams.ts';
import { createSlowClock } from './parts/slowClock.ts';
import { transferOf } from './parts/transfer.ts';
import { createTransmission } from './parts/transmission.ts';
import type { Circumstances, Instrument } from './instruments/instrument.ts';
import type { Scenario } from './scenarios/scenario.ts';
import type { Simulator, SimulatorOptions } from './simulator.ts';
import { USUAL_CHANNELS, usualOptions } from './usualOptions.ts';

/** Where a moving scenario goes, um. */
const FRESH_AREA = { command: 'move', x: 100, y: 0 } as const;
/** How far a wrong time stamp is ahead, frames. */
const LATE_FRAMES = 5;

/** Plays a scenario on an instrument: state, mean spectrum, detector, slow signals, truth, frame after frame. */
export function createExperiment(
  instrument: Instrument,
  scenario: Scenario,
  name: string,
  options: SimulatorOptions,
): Simulator {
  const { stream, seed, startUs, eventAtFrame, channels, slowPeriodUs, latencyUs } = usualOptions(
    options,
    instrument.stream,
  );
  const framePeriodUs = Math.round(1e6 / (options.framesPerSecond ?? 1 / instrument.nominalPeriodS));
  const periodS = instrument.nominalPeriodS;
  const timeLapse = (periodS * 1e6) / framePeriodUs;
  const onsetS = eventAtFrame * periodS;
  const event = scenario.event ?? null;
  const faults = scenario.faults ?? {};
  const { dose } = instrument;

  const ownSeed = (seed ^ instrument.branch) >>> 0;
  const setting = { ...instrument.detector, ...scenario.detector };
  // A coarser channel is several channels added up.
  const scaled = { ...setting, ceiling: Math.round(((setting.ceiling ?? Infinity) * USUAL_CHANNELS) / channels) };
  const readVariance = (setting.readNoise ?? 0) ** 2;
  const layout: Layout =
    readVariance > 0 ? { ...instrument.layout(channels), noise: 'gaussian' } : instrument.layout(channels);
  const sample = instrument.createSample(channels, { ...scenario.start, ...options.start });
  const doseRate = dose.perSecond * (sample.doseFactor ?? 1);
  const incubation = event?.cause === 'beam' ? onsetS * doseRate : Infinity;
  const detector = createDetector(scaled, ownSeed, channels);
  const control = createBeamControl(framePeriodUs, latencyUs);
  const slowClock = createSlowClock(instrument.slowChannels, ownSeed, startUs, slowPeriodUs);
  const areaAt = createAreas(seed);
  const drifts = Object.entries(instrument.drifts).map(([quantity, usual]) => {
    const own = scenario.drifts?.[quantity];
    return { quantity, drift: createDrift(own ?? usual, own === undefined ? scenario.nuisance : 1) };
  });

  const means = new Float64Array(channels);
  const values = new Float64Array(channels);
  const before = new Float64Array(channels);
  const variances = layout.noise === 'gaussian' ? new Float64Array(channels) : undefined;
  const transmission =
    instrument.electronicNoise === undefined ? null : createTransmission(instrument.electronicNoise, ownSeed);
  const random = new Uint32Array(4);
  const broken = brokenChannels(faults, instrument, layout.axes[0].coordinates);
  let seq = 0;
  let area = areaAt(0, 0);
  let eventStartUs: number | null = null;

  return {
    name,
    stream,
    layout,
    framePeriodUs,
    get isStopped() {
      return control.isStopped;
    },
    command: (command) => control.order(command, startUs + seq * framePeriodUs),
    next() {
      const timeUs = startUs + seq * framePeriodUs;
      const isAfterOnset = seq >= eventAtFrame;
      if (scenario.isMoving === true && seq === eventAtFrame) control.order(FRESH_AREA, timeUs - latencyUs);
      const openUs = control.expose(timeUs);
      const timeS = (seq + 0.5) * periodS;
      seedPurpose(seed, Purpose.drift, seq, random);
      const nuisances: Record<string, number> = {};
      for (const { quantity, drift } of drifts) {
        drift.advance(timeS, periodS, random);
        nuisances[quantity] = drift.value;
      }
      const place = areaAt(control.x, control.y);
      const isMoved = place !== area;
      area = place;

      const faultFactor = faultyBeam(faults, timeS, onsetS);
      const beam = control.relative * Math.max(0, 1 + nuisances.intensity) * faultFactor;
      const liveS = (openUs / 1e6) * timeLapse;
      const received = doseRate * beam * liveS;
      const middleDose = area.dose + received / 2;
      area.dose += received;
      const asked = event === null ? 0 : chemicalProgress(event, seq - eventAtFrame);
      const circumstances: Circumstances = {
        timeS,
        periodS,
        liveS,
        openFraction: openUs / control.exposureUs,
        beam,
        timeLapse,
        change: incubation < Infinity ? damageProgress(middleDose, incubation, dose.critical) : asked,
        dose: middleDose,
        isDamaging: event?.cause === 'beam',
        drift: nuisances,
        axisShift:
          faults.tripS === undefined ? 0 : instrument.faults.tripShift * shiftAfterTrip(timeS - onsetS, faults.tripS),
        x: control.x,
        y: control.y,
        area: area.contrast,
      };
      const change = sample.advance(circumstances);
      if (change > 0) eventStartUs ??= timeUs;
      sample.mean(circumstances, means);

      const transfer = transferOf(isAfterOnset ? faults : {}, ownSeed, seq);
      before.set(values);
      const isSaturated = detector.read(seq, means, isAfterOnset ? broken : HEALTHY, values);
      if (transmission !== null && variances !== undefined) {
        sample.incident?.(circumstances, means);
        transmission.absorb(seq, means, values, variances);
      }
      if (transfer.isTorn) values.set(before.subarray(channels >> 1), channels >> 1);
      if (variances !== undefined && readVariance > 0)
        for (let i = 0; i < channels; i++) variances[i] = Math.max(0, values[i]) + readVariance;

      const frame = makeFrame({
        stream,
        seq,
        timeUs: transfer.isLate ? timeUs + LATE_FRAMES * framePeriodUs : timeUs,
        exposureUs: control.exposureUs,
        layout,
        values,
        variances,
        flags: isSaturated ? FrameFlag.saturated : 0,
      });
      const slow = slowClock.sample(timeUs, framePeriodUs, sample.slow(circumstances));
      seq++;
      return {
        frame,
        slow,
        deliveryCount: transfer.deliveryCount,
        truth: {
          seq: frame.seq,
          timeUs,
          change,
          eventStartUs,
          cause: event?.cause ?? null,
          dose: area.dose,
          doseUnit: dose.unit,
          faults: faultNames(faults, isAfterOnset, faults.tripS !== undefined && faultFactor < 1, isMoved, transfer),
          state: { ...sample.state(), beam },
          nuisances,
        },
      };
    },
  };
}
