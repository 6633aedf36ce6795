import { expect } from 'vitest';
import type { AnyStage } from '../../src/config/definitions.ts';
import { makeFrame, type Frame } from '../../src/model/frame.ts';
import { ACCEPTED, OPERATOR_ACCEPT } from '../../src/model/operatorAct.ts';
import type { Signal } from '../../src/model/signal.ts';
import { inputsOf } from '../../src/model/stage.ts';
import type { Law } from './stageLaws.ts';
import {
  circumstancesOf,
  createStage,
  expectSame,
  frameOf,
  noisesOf,
  PERIOD_US,
  poisson,
  run,
  signalsFor,
  uniform,
  type Circumstances,
} from './signals.ts';

const framesIn = (signals: readonly Signal[]): Frame[] => signals.filter((signal) => signal.type === 'frame');
const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

/** Frames of one shape, `scale` times as intense, under a beam `scale` times as strong. */
function scaled(circumstances: Circumstances, scale: number): Frame[] {
  const random = uniform(21);
  return Array.from({ length: 20 }, (_, seq) => {
    const frame = frameOf(circumstances, seq, random);
    return {
      ...frame,
      values: frame.values.map((value) => value * scale),
      variances: frame.variances?.map((variance) => variance * scale * scale),
      context: Object.fromEntries(Object.entries(frame.context).map(([name, value]) => [name, value * scale])),
    };
  });
}

const ofZero: Law = {
  name: 'finds the background of nothing to be nothing',
  check: (definition) =>
    forEachLayout(definition, (circumstances) => {
      const { layout } = circumstances;
      const zeros = Array.from({ length: 20 }, (_, seq) => {
        const frame = frameOf(circumstances, seq, () => 0.5);
        return {
          ...frame,
          values: new Float64Array(layout.size),
          variances: frame.variances && new Float64Array(layout.size),
        };
      });
      const out = framesIn(run(createStage(definition), zeros));
      expect(out.length).toBeGreaterThan(0);
      for (const { values } of out) expect(Math.max(...values.map(Math.abs))).toBeLessThan(1e-9);
    }),
};

const ignoresScale: Law = {
  name: 'does not see how strong the beam is',
  check: (definition) =>
    forEachLayout(definition, (circumstances) => {
      const usual = scaled(circumstances, 1);
      // A reference may be learned from the first frames; the beam changes after them.
      const changed = 12;
      const once = framesIn(run(createStage(definition), usual));
      const threefold = framesIn(
        run(createStage(definition), [...usual.slice(0, changed), ...scaled(circumstances, 3).slice(changed)]),
      );
      expect(once.at(-1)?.seq).toBe(usual.length - 1);
      once.forEach(({ values }, k) =>
        values.forEach((value, i) => expect(threefold[k]!.values[i]).toBeCloseTo(value, 9)),
      );
    }),
};

/** Over the whole axis the counts are kept; over a part of it, none are made. Twice the counts give twice the result. */
const conservesCounts: Law = {
  name: 'keeps the counts it is given, and makes none',
  check: (definition) =>
    forEachLayout(definition, (circumstances) => {
      const frames = scaled(circumstances, 1);
      const out = framesIn(run(createStage(definition), frames));
      const twice = framesIn(run(createStage(definition), scaled(circumstances, 2)));
      expect(out).toHaveLength(frames.length);
      out.forEach((frame, k) => {
        const given = total(frames[k]!.values);
        const kept = total(frame.values);
        expect(kept).toBeLessThanOrEqual(given * (1 + 1e-12));
        expect(total(twice[k]!.values)).toBeCloseTo(2 * kept, 6);
        if (isWhole(frame, frames[k]!)) expect(kept).toBeCloseTo(given, 6);
      });
    }),
};

/** Do both frames span the same part of the axis, to a tenth of a channel? */
function isWhole(a: Frame, b: Frame): boolean {
  const [low, high] = spanOf(a);
  const [from, to] = spanOf(b);
  const tolerance = (to - from) / b.layout.size / 10;
  return Math.abs(low - from) <= tolerance && Math.abs(high - to) <= tolerance;
}

/** Outer edges of the fast axis; of an axis of centres, half a channel beyond the last. */
function spanOf({ layout }: Frame): [number, number] {
  const { coordinates, placement } = layout.axes.at(-1)!;
  const n = coordinates.length;
  if (placement === 'edge' || n < 2) return [coordinates[0]!, coordinates[n - 1]!];
  return [
    coordinates[0]! - (coordinates[1]! - coordinates[0]!) / 2,
    coordinates[n - 1]! + (coordinates[n - 1]! - coordinates[n - 2]!) / 2,
  ];
}

function dosesOf(definition: AnyStage, frames: readonly Frame[]): number[] {
  return run(createStage(definition), frames).flatMap((signal) =>
    signal.type === 'reading' && signal.name === 'dose' ? [signal.value] : [],
  );
}

/** `count` exposures of `exposureUs`, and `unseenUs` before each that no frame shows, under a constant beam. */
function exposures({ layout, names }: Circumstances, count: number, exposureUs: number, unseenUs: number): Frame[] {
  return Array.from({ length: count }, (_, seq) =>
    makeFrame({
      stream: 's',
      seq,
      timeUs: seq * (exposureUs + unseenUs),
      exposureUs,
      unseenExposureUs: unseenUs,
      layout,
      values: new Float64Array(layout.size).fill((40 * exposureUs) / PERIOD_US),
      variances: new Float64Array(layout.size).fill((40 * exposureUs) / PERIOD_US),
      context: Object.fromEntries(names.map((name) => [name, 2])),
      contextAgeUs: Object.fromEntries(names.map((name) => [name, 0])),
    }),
  );
}

/** Stages of the family that judge a dose, and count none, have no limit of it. */
const keepsAccount = ({ config }: AnyStage): boolean => 'limit' in config.shape && 'shutterLagMs' in config.shape;

const doseAdds: Law = {
  name: 'never lets the dose fall, and counts the same dose however it is divided, seen or unseen',
  check(definition) {
    if (!keepsAccount(definition)) return;
    forEachLayout(definition, (circumstances) => {
      const ways = [
        exposures(circumstances, 50, 2 * PERIOD_US, 0),
        exposures(circumstances, 100, PERIOD_US, 0),
        exposures(circumstances, 50, PERIOD_US, PERIOD_US),
      ].map((frames) => dosesOf(definition, frames));
      for (const doses of ways) {
        expect(doses.length).toBeGreaterThan(0);
        doses.forEach((dose, k) => expect(dose).toBeGreaterThanOrEqual(doses[k - 1] ?? 0));
      }
      const [whole, halves, unseen] = ways.map((doses) => doses.at(-1)!);
      expect(whole).toBeGreaterThan(0);
      expect(halves! / whole!).toBeCloseTo(1, 9);
      expect(unseen! / whole!).toBeCloseTo(1, 9);
    });
  },
};

const QUIET_FRAMES = 12_000;
const RUN_LENGTH = 200;

/**
 * Quiet Poisson data. The rate asked for is one false alarm per 200 frames where the stage lets itself be asked.
 * Detections in neighbouring frames are one. The number found is Poisson around frames / ARL: the bounds are five
 * standard deviations, and a factor of two for the approximation in the run length.
 */
const keepsItsRate: Law = {
  name: 'is not wrong more often than it says on quiet Poisson data',
  check(definition) {
    if (definition.averageRunLength === undefined || !noisesOf(definition).includes('poisson')) return;
    const example = definition.example as Readonly<Record<string, unknown>>;
    const asked =
      'falseAlarms' in definition.config.shape
        ? { ...example, falseAlarms: { onePer: { frames: RUN_LENGTH } } }
        : example;
    const claimed = definition.averageRunLength(definition.config.parse(asked), PERIOD_US);
    if (claimed === null) return;
    const found = falseAlarmsOf({ ...definition, example: asked });
    const expected = QUIET_FRAMES / claimed;
    expect(found, `false alarms in ${QUIET_FRAMES} frames, one per ${claimed} claimed`).toBeLessThanOrEqual(
      2 * expected + 5 * Math.sqrt(expected) + 1,
    );
  },
};

/** The readings by which a stage says that it has obeyed. */
const isAccepted = (signal: Signal): boolean => signal.type === 'reading' && signal.name === ACCEPTED;

/** The frame from which on the operator's act is seen, and the frames before it. */
const ACT_AT = 90;

const obeysTheOperator: Law = {
  name: 'forgets all it knew when the operator accepts a new state, says so, and learns like one that has just begun',
  check(definition) {
    if (!inputsOf(definition).includes('frame')) return;
    forEachLayout(definition, (circumstances) => {
      const signals = signalsFor(definition, circumstances, 2 * ACT_AT, 9).map((signal) =>
        signal.type === 'frame' && signal.seq >= ACT_AT
          ? { ...signal, context: { ...signal.context, [OPERATOR_ACCEPT]: 1 } }
          : signal,
      );
      const tail = signals.filter(({ seq }) => seq >= ACT_AT);
      const obeyed = run(createStage(definition), signals).filter(({ seq }) => seq >= ACT_AT);
      expect(obeyed.filter(isAccepted)).toMatchObject([{ seq: ACT_AT, value: 1 }]);
      const begun = run(createStage(definition), tail);
      expectSame(
        obeyed.filter((signal) => !isAccepted(signal)),
        begun.filter((signal) => !isAccepted(signal)),
      );
      const learned = obeyed.flatMap((signal) =>
        signal.type === 'reading' && signal.name === 'learning' ? [signal.value] : [],
      );
      expect(learned.length).toBeGreaterThan(0);
      for (const fraction of learned) expect(fraction >= 0 && fraction <= 1, `learning ${fraction}`).toBe(true);
    });
  },
};

function falseAlarmsOf(definition: AnyStage): number {
  const { layout, names } = circumstancesOf(definition, 'poisson', 32);
  const random = uniform(77);
  const stage = createStage(definition);
  const means = Float64Array.from(
    { length: layout.size },
    (_, i) => 10 + 30 * Math.exp(-(((i - layout.size / 2) / 4) ** 2)),
  );
  const context = Object.fromEntries(names.map((name) => [name, 1]));
  const contextAgeUs = Object.fromEntries(names.map((name) => [name, 0]));
  let found = 0;
  let last = -Infinity;
  for (let seq = 0; seq < QUIET_FRAMES; seq++) {
    const values = means.map((mean) => poisson(mean, random));
    stage.process(
      makeFrame({
        stream: 's',
        seq,
        timeUs: seq * PERIOD_US,
        exposureUs: PERIOD_US,
        layout,
        values,
        context,
        contextAgeUs,
      }),
      (signal) => {
        if (signal.type !== 'detection') return;
        if (seq - last > 1) found++;
        last = seq;
      },
    );
  }
  return found;
}

function forEachLayout(definition: AnyStage, check: (circumstances: Circumstances) => void): void {
  for (const noise of noisesOf(definition)) check(circumstancesOf(definition, noise));
}

/** Laws of a family of stages, by the first part of their kind. */
export const FAMILY_LAWS: Readonly<Record<string, readonly Law[]>> = {
  background: [ofZero],
  normalisation: [ignoresScale],
  reduce: [conservesCounts],
  dose: [doseAdds],
  change: [keepsItsRate, obeysTheOperator],
};
