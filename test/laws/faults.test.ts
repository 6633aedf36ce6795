import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AnyStage } from '../../src/config/definitions.ts';
import { defineStage } from '../../src/model/defineStage.ts';
import { blankFrame, copyHeader, type Frame } from '../../src/model/frame.ts';
import type { Setting } from '../../src/model/stage.ts';
import { STAGE_LAWS } from './stageLaws.ts';

interface Faults {
  readonly keepsInput?: boolean;
  readonly changesInput?: boolean;
  readonly hidesState?: boolean;
  readonly usesChance?: boolean;
  readonly allocates?: boolean;
  readonly grows?: boolean;
  readonly lies?: boolean;
  readonly divides?: boolean;
}

/** A stage that hands out the mean of this frame and the last, with one thing wrong with it. */
function meanOfTwo(faults: Faults): AnyStage {
  const config = z.object({ weight: z.number().positive().max(1).default(0.5).describe('Share of the new frame.') });
  return defineStage({
    kind: 'test.meanOfTwo',
    version: 1,
    summary: 'Gives the mean of each frame and the one before.',
    input: 'frame',
    outputs: ['frame'],
    noise: { accepts: ['poisson'], gives: 'unknown' },
    config,
    example: { weight: 0.5 },
    prepare: ({ layout, config: { weight } }: Setting<z.output<typeof config>, 'frame'>) => ({
      weight,
      out: blankFrame(layout, false),
      hidden: { count: 0 },
      kept: { frame: null as Frame | null },
    }),
    init: ({ out }) => ({ last: new Float64Array(out.values.length), history: faults.grows === true ? [0] : [] }),
    step(state, frame, emit, { weight, out, hidden, kept }) {
      const before = faults.keepsInput === true ? (kept.frame?.values ?? state.last) : state.last;
      const target = faults.allocates === true ? new Float64Array(frame.values.length) : out.values;
      const sum = faults.divides === true ? frame.values.reduce((total, value) => total + value, 0) : 1;
      for (let i = 0; i < target.length; i++) target[i] = (weight * frame.values[i]! + (1 - weight) * before[i]!) / sum;
      if (faults.changesInput === true) frame.values[0] = 0;
      if (faults.usesChance === true) target[0] = Math.random();
      if (faults.grows === true) state.history.push(frame.seq);
      if (faults.hidesState === true) target[1] = hidden.count++;
      kept.frame = frame;
      state.last.set(frame.values);
      copyHeader(out, frame);
      out.values = target;
      if (faults.lies === true) out.stream = 'another';
      emit(out);
    },
  }) as unknown as AnyStage;
}

const broken = (definition: AnyStage): string[] =>
  STAGE_LAWS.filter((law) => {
    try {
      law.check(definition);
      return false;
    } catch {
      return true;
    }
  }).map(({ name }) => name);

describe('the laws', () => {
  it('pass a stage that keeps them', () => expect(broken(meanOfTwo({}))).toEqual([]));

  it.each<[keyof Faults, string]>([
    ['keepsInput', 'neither changes nor keeps what it is lent'],
    ['changesInput', 'neither changes nor keeps what it is lent'],
    ['hidesState', 'continues unchanged from any checkpoint, read back from its file'],
    ['usesChance', 'gives the same signals when replayed'],
    ['allocates', 'makes no array buffer per frame once it has settled'],
    ['grows', 'keeps the size of its state over 5 000 frames'],
    ['lies', 'emits only what it declares, under its own name, with honest numbers'],
    ['divides', 'survives frames without a single count'],
  ])('catch a stage that %s', (fault, law) => expect(broken(meanOfTwo({ [fault]: true }))).toContain(law));
});
