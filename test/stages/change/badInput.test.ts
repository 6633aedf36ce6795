import { describe, expect, it } from 'vitest';
import type { AnyStage } from '../../../src/config/definitions.ts';
import { fillPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { cloneFrame, type Frame } from '../../../src/model/frame.ts';
import type { Layout } from '../../../src/model/layout.ts';
import type { Signal } from '../../../src/model/signal.ts';
import { inputsOf, type Stage } from '../../../src/model/stage.ts';
import focus from '../../../src/stages/change/focus.ts';
import faults from '../../../src/stages/quality/faults.ts';
import { stages } from '../../../src/stages/registry.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';

const SIZE = 64;
const QUIET = 120;
const layout = channelLayout(SIZE);
/** Every detector that takes spectra. */
const detectors: readonly AnyStage[] = (stages as unknown as readonly AnyStage[]).filter(
  (stage) => stage.kind.startsWith('change.') && inputsOf(stage).includes('frame'),
);
/** A detector that can be told what to ignore compares shapes, and never minds the intensity. */
const ignoresGain = (detector: AnyStage): boolean => 'ignore' in detector.config.shape;

interface Shape {
  /** Intensity of frame `seq`, 1 as usual. */
  readonly gain?: (seq: number) => number;
  readonly more?: (seq: number) => Partial<Frame>;
  readonly on?: Layout;
  readonly seed?: number;
}

/** Counts of two lines on a background of 30. */
function counts(frameCount: number, { gain = () => 1, more = () => ({}), on = layout, seed = 3 }: Shape = {}): Frame[] {
  const random = seedXoshiro128(seed, 0);
  const line = (i: number, at: number, width: number) => Math.exp(-0.5 * ((i - at) / width) ** 2);
  return Array.from({ length: frameCount }, (_, seq) => {
    const means = Float64Array.from(
      { length: on.size },
      (__, i) => gain(seq) * 30 * (1 + 4 * line(i, 20, 2) + 3 * line(i, 45, 4)),
    );
    return testFrame(on, seq, fillPoisson(random, means, means), more(seq));
  });
}

const create = (detector: AnyStage): Stage =>
  detector.create('change', detector.example, { framePeriodUs: 100_000 }) as Stage;

/** What the stages say, one behind the other, of these frames; frames themselves left out. */
function said(chain: readonly Stage[], frames: readonly Frame[]): Exclude<Signal, Frame>[] {
  const signals: Exclude<Signal, Frame>[] = [];
  const give = (signal: Signal, k: number): void => {
    const stage = chain[k];
    if (stage !== undefined) {
      if (stage.inputs.includes(signal.type)) stage.process(signal, (made) => give(made, k + 1));
    } else if (signal.type !== 'frame') signals.push(structuredClone(signal));
  };
  for (const frame of frames) give(cloneFrame(frame), 0);
  return signals;
}

const detectionsIn = (signals: readonly Signal[]): number[] =>
  signals.filter(({ type }) => type === 'detection').map(({ seq }) => seq);
const behindFaults = (detector: AnyStage, settings = {}): Stage[] => [
  faults.create('faults', settings, { framePeriodUs: 100_000 }) as Stage,
  create(detector),
];
const isHonest = (signal: Exclude<Signal, Frame>): boolean =>
  signal.type === 'reading'
    ? Number.isFinite(signal.value) || signal.quality === 'invalid'
    : Number.isFinite(signal.statistic) && Number.isFinite(signal.onsetUs);

const none = (seq: number): boolean => seq >= QUIET && seq < QUIET + 20;
const allMasked = new Uint8Array(SIZE).fill(1);

it('knows detectors', () => expect(detectors.length).toBeGreaterThan(1));

describe.each(detectors.map((detector) => [detector.kind, detector] as const))('%s', (_, detector) => {
  it('takes zero counts from the start for no signal: it is silent, and its numbers are honest', () => {
    const signals = said([create(detector)], counts(200, { gain: () => 0 }));
    expect(detectionsIn(signals)).toEqual([]);
    expect(signals.filter((signal) => !isHonest(signal))).toEqual([]);
  });

  it('says of a stream that begins late, behind quality.faults, what it says of one that begins there', () => {
    const frames = counts(250, { gain: (seq) => (seq < 60 ? 0 : 1) });
    const late = said(behindFaults(detector), frames);
    const begun = said([create(detector)], frames.slice(60));
    expect(begun.length).toBeGreaterThan(0);
    expect(late).toEqual(begun);
  });

  it('gives no evidence in fully masked frames, learns nothing from them, and goes on as if they were not there', () => {
    const isMasked = (seq: number): boolean => none(seq) || seq % 9 === 5;
    const frames = counts(250, { more: (seq) => (isMasked(seq) ? { mask: allMasked } : {}) });
    const whole = said([create(detector)], frames);
    const without = said(
      [create(detector)],
      frames.filter(({ seq }) => !isMasked(seq)),
    );
    expect(whole.filter(({ seq }) => isMasked(seq) && detectionsIn(whole).includes(seq))).toEqual([]);
    expect(without.length).toBeGreaterThan(0);
    expect(whole.filter(({ seq }) => !isMasked(seq))).toEqual(without);
  });

  it('raises no change when all counts stop suddenly behind quality.faults, nor when they come back', () => {
    const frames = counts(QUIET + 80, { gain: (seq) => (none(seq) ? 0 : 1) });
    expect(detectionsIn(said(behindFaults(detector), frames))).toEqual([]);
  });

  it('has honest numbers when all counts stop suddenly without quality.faults', () => {
    const frames = counts(QUIET + 80, { gain: (seq) => (none(seq) ? 0 : 1) });
    expect(said([create(detector)], frames).filter((signal) => !isHonest(signal))).toEqual([]);
  });

  it('works with one channel, silent when that is quiet, or refuses it in words', () => {
    const frames = counts(250, { on: channelLayout(1) });
    try {
      expect(detectionsIn(said([create(detector)], frames))).toEqual([]);
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
      expect((error as Error).message).toMatch(/channel/);
    }
  });

  it.each<[string, (seq: number) => Uint8Array]>([
    ['fixed', () => Uint8Array.from({ length: SIZE }, (__, i) => (i >= 15 && i < 25 ? 1 : 0))],
    [
      'different in every frame',
      (seq) => Uint8Array.from({ length: SIZE }, (__, i) => ((i + 7 * seq) % 16 < 4 ? 1 : 0)),
    ],
  ])('never looks at what is masked, be the mask %s, and raises no alarm because of it', (__, maskOf) => {
    const clean = counts(250, { more: (seq) => ({ mask: maskOf(seq) }) });
    const dirty = clean.map((frame) => ({
      ...frame,
      values: frame.values.map((value, i) => (frame.mask![i] === 1 ? 1e6 * ((frame.seq + i) % 3) : value)),
    }));
    const signals = said([create(detector)], dirty);
    expect(signals).toEqual(said([create(detector)], clean));
    expect(detectionsIn(signals)).toEqual([]);
  });

  it('raises no alarm over a detector that saturates all along, behind quality.faults that knows its ceiling', () => {
    const clipped = counts(250).map((frame) => ({
      ...frame,
      values: frame.values.map((value) => Math.min(value, 90)),
    }));
    expect(detectionsIn(said(behindFaults(detector, { ceiling: 90 }), clipped))).toEqual([]);
  });

  it('raises no alarm over a cosmic ray behind quality.faults', () => {
    const struck = counts(250).map((frame) => {
      if (frame.seq > QUIET && frame.seq % 25 === 0) frame.values[frame.seq % SIZE]! += 4000;
      return frame;
    });
    expect(detectionsIn(said(behindFaults(detector), struck))).toEqual([]);
  });

  it('raises no alarm over a beam that trips to nothing for 5 frames', () => {
    const trips = counts(250, { gain: (seq) => (seq >= QUIET && seq % 40 < 5 ? 0 : 1) });
    expect(detectionsIn(said(behindFaults(detector), trips))).toEqual([]);
  });
});

describe.each(detectors.filter(ignoresGain).map((detector) => [detector.kind, detector] as const))(
  '%s, which ignores the gain',
  (_, detector) => {
    it('raises no alarm over refills of several per cent, with trips between them', () => {
      const gain = (seq: number): number =>
        seq < QUIET ? 1 : seq % 50 < 5 ? 0 : seq % 100 < 50 ? 0.93 : seq % 200 < 100 ? 1.06 : 1;
      expect(detectionsIn(said(behindFaults(detector), counts(400, { gain })))).toEqual([]);
    });

    it('raises no alarm over refills on a detector that saturates, behind quality.faults that knows its ceiling', () => {
      const gain = (seq: number): number => (seq % 100 < 50 ? 0.93 : 1.06);
      const alarmed = [1, 2, 3, 4, 5, 6].filter((seed) => {
        const clipped = counts(400, { gain, seed }).map((frame) => ({
          ...frame,
          values: frame.values.map((value) => Math.min(value, 90)),
        }));
        return detectionsIn(said(behindFaults(detector, { ceiling: 90 }), clipped)).length > 0;
      });
      // One in 10 000 frames is what these settings allow.
      expect(alarmed.length).toBeLessThanOrEqual(1);
    });
  },
);

describe.each(
  detectors
    .filter(({ kind }) => kind === 'change.poissonCusum' || kind === 'change.focus')
    .map((detector) => [detector.kind, detector] as const),
)('%s, which watches the intensity', (_, detector) => {
  it('takes a refill for what it is, a change of intensity, behind quality.faults too', () => {
    const refilled = counts(250, { gain: (seq) => (seq < 150 ? 1 : seq < 155 ? 0 : 1.08) });
    const found = detectionsIn(said(behindFaults(detector), refilled));
    expect(found[0]).toBeGreaterThanOrEqual(155);
    expect(found[0]).toBeLessThan(165);
  });
});

it('change.focus raises no alarm over refills when the beam monitor tells of them', () => {
  const gain = (seq: number): number => (seq < QUIET ? 1 : seq % 50 < 5 ? 0 : seq % 100 < 50 ? 0.93 : 1.06);
  const frames = counts(400, { gain, more: (seq) => ({ context: { monitor: 1e4 * gain(seq) } }) });
  const stage = focus.create('change', { learn: 50, monitor: 'monitor' }, { framePeriodUs: 100_000 }) as Stage;
  expect(detectionsIn(said([faults.create('faults', {}) as Stage, stage], frames))).toEqual([]);
});
