import { afterAll, describe, expect, it } from 'vitest';
import type { AnySink, AnyStage } from '../src/config/definitions.ts';
import type { AdapterDefinition, Codec, FrameOutlet } from '../src/model/adapter.ts';
import type { Frame } from '../src/model/frame.ts';
import type { z } from 'zod';
import { STAGE_LAWS } from './laws/stageLaws.ts';
import { readRecipes } from './support/recipes.ts';

const recipes = readRecipes('CONTRIBUTING.md', 'runs/contributing');
const { definitionOf } = recipes;

afterAll(() => recipes.remove());

describe('the recipes', () => {
  it('of a stage keeps every law', async () => {
    const stage = (await definitionOf('src/stages/quantification/total.ts')) as AnyStage;
    for (const law of STAGE_LAWS) law.check(stage);
  });

  it('of a codec makes frames of good bytes and rejects others', async () => {
    const codec = (await definitionOf('adapters/codecs/semicolon.ts')) as AdapterDefinition<string, z.ZodObject, Codec>;
    const decoder = codec.create(codec.config.parse(codec.example), {
      stream: 's',
      noise: undefined,
      framePeriodUs: null,
      resolvePath: (path) => path,
      resumeAfter: null,
    });
    const frames: Frame[] = [];
    const reasons: string[] = [];
    const outlet: FrameOutlet = {
      next: (item) => (item.type === 'frame' ? frames.push(item) : undefined),
      reject: ({ reason }) => reasons.push(reason),
      room: () => null,
      report: () => undefined,
    };
    for (const packet of ['1;2;3', '1;x', '4;5;6'])
      decoder.decode({ channel: '', bytes: new TextEncoder().encode(packet), receivedUs: 1e6 }, outlet);
    expect(frames.map(({ values }) => [...values])).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(frames[1]?.layout).toBe(frames[0]?.layout);
    expect(reasons).toEqual(['garbage']);
  });

  it('of a sink can be made from its example and flushed', async () => {
    const sink = (await definitionOf('src/sinks/bell.ts')) as AnySink;
    const states: string[] = [];
    const running = sink.create(sink.config.parse(sink.example), {
      id: 'bell',
      run: 'r',
      instrument: 'i',
      modality: 'XRD',
      resolvePath: (path) => path,
      report: ({ state }) => states.push(state),
      countDropped: () => undefined,
    });
    await running.flush();
    await running.close();
    expect(states).toEqual(['ok']);
  });
});
