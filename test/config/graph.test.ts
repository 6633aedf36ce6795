import { describe, expect, it } from 'vitest';
import { stageDefinitions, stageOfKind } from '../../src/config/definitions.ts';
import { drawGraph } from '../../src/config/graph.ts';
import { MonitorError } from '../../src/model/error.ts';
import { inputsOf } from '../../src/model/stage.ts';
import { configOf, planOf, type Parts } from './pipelines.ts';

const refusalOf = (parts: Parts): string => {
  try {
    planOf(parts);
  } catch (error) {
    if (error instanceof MonitorError && error.code === 'CONFIG') return error.message;
    throw error;
  }
  throw new Error('the graph was accepted');
};

const file = { use: 'jsonLines', with: { path: 'out.jsonl' } };
const node = (plan: ReturnType<typeof planOf>, id: string) => plan.nodes.find((each) => each.id === id);

describe('planGraph', () => {
  it('takes the entry above when from is left out, and the only stream for the first', () => {
    const plan = planOf({
      pipeline: [
        { id: 'cut', use: 'reduce.rebin' },
        { id: 'dose', use: 'dose.fluence' },
      ],
    });
    expect(plan.nodes.map(({ id, from }) => [id, from])).toEqual([
      ['cut', ['xrd']],
      ['dose', ['cut']],
    ]);
  });

  it('puts givers before takers, whatever the order in the file', () => {
    const plan = planOf({
      pipeline: [
        { id: 'dose', use: 'dose.fluence', from: 'cut' },
        { id: 'cut', use: 'reduce.rebin', from: 'xrd' },
      ],
    });
    expect(plan.nodes.map(({ id }) => id)).toEqual(['cut', 'dose']);
  });

  it('knows what really reaches a node, from which stream, with which noise and period', () => {
    const plan = planOf({
      noise: 'poisson',
      framePeriodMs: 250,
      pipeline: [
        { id: 'norm', use: 'normalisation.area', from: 'xrd' },
        { id: 'onset', use: 'change.poissonCusum', from: 'xrd' },
        { id: 'call', use: 'alert.hysteresis', from: 'onset' },
      ],
    });
    expect(node(plan, 'norm')).toMatchObject({
      takes: ['frame'],
      streams: ['xrd'],
      noiseIn: 'poisson',
      noiseOut: 'gaussian',
    });
    expect(node(plan, 'call')).toMatchObject({
      streams: ['xrd'],
      noiseIn: null,
      noiseOut: null,
      framePeriodUs: 250_000,
    });
    expect(node(plan, 'call')?.takes).toContain('detection');
    expect(node(plan, 'call')?.takes).not.toContain('frame');
  });

  it('resolves * of a sink to everything it can take', () => {
    const plan = planOf({ pipeline: [{ id: 'cut', use: 'reduce.rebin' }], sinks: [{ id: 'log', from: '*', ...file }] });
    expect(plan.sinks[0]?.from).toEqual(['xrd', 'cut']);
  });

  it('refuses an id that stands twice, streams and sinks included', () => {
    const refusal = refusalOf({
      pipeline: [
        { id: 'xrd', use: 'reduce.rebin' },
        { id: 'log', use: 'dose.fluence' },
      ],
      sinks: [{ id: 'log', from: '*', ...file }],
    });
    expect(refusal).toContain('pipeline[0].id  expected a name of its own, got "xrd", which streams.xrd has');
    expect(refusal).toContain('sinks[0].id  expected a name of its own, got "log", which pipeline[1] has');
  });

  it('names the nearest id when from is misspelt', () => {
    expect(
      refusalOf({
        pipeline: [
          { id: 'cut', use: 'reduce.rebin' },
          { id: 'dose', use: 'dose.fluence', from: ['xrd', 'cot'] },
        ],
      }),
    ).toContain('pipeline[1].from[1]  expected the id of a stream or a node, got "cot", did you mean "cut"?');
    expect(refusalOf({ sinks: [{ id: 'log', from: 'xrb', ...file }] })).toContain(
      'sinks[0].from  expected the id of a stream or a node, got "xrb", did you mean "xrd"?',
    );
    expect(refusalOf({ page: { spectrum: 'xrb' } })).toContain('page.spectrum');
  });

  it('names a circle', () => {
    const refusal = refusalOf({
      pipeline: [
        { id: 'a', use: 'reduce.rebin', from: ['xrd', 'c'] },
        { id: 'b', use: 'reduce.rebin', from: 'a' },
        { id: 'c', use: 'reduce.rebin', from: 'b' },
      ],
    });
    expect(refusal).toContain('expected no circle, got a -> b -> c -> a');
  });

  it('asks for from when there are several streams', () => {
    expect(refusalOf({ streams: ['one', 'two'], pipeline: [{ id: 'cut', use: 'reduce.rebin' }] })).toContain(
      'expected "from" with one of the streams one, two',
    );
  });

  it('refuses a giver whose signals the taker cannot take', () => {
    const refusal = refusalOf({ pipeline: [{ id: 'call', use: 'alert.hysteresis', from: 'xrd' }] });
    expect(refusal).toMatch(/alert\.hysteresis 'call' takes .*, but stream 'xrd' gives frame/);
  });

  it('refuses a Poisson detector behind a normalisation, naming both and the order that is right', () => {
    const refusal = refusalOf({
      noise: 'poisson',
      pipeline: [
        { id: 'norm', use: 'normalisation.area', from: 'xrd' },
        { id: 'cut', use: 'reduce.region' },
        { id: 'onset', use: 'change.poissonCusum' },
      ],
    });
    expect(refusal).toContain(
      "change.poissonCusum 'onset' takes poisson counts, but 'norm' (normalisation.area) makes them gaussian",
    );
    expect(refusal).toContain("put 'onset' before 'norm' (from: xrd)");
    expect(refusal).toContain('change.step');
  });

  it('refuses a Poisson detector on a stream that is declared otherwise, and leaves an undeclared one to the run', () => {
    const pipeline = [{ id: 'onset', use: 'change.poissonCusum' }];
    expect(refusalOf({ noise: 'gaussian', pipeline })).toContain("but stream 'xrd' is declared gaussian");
    expect(node(planOf({ pipeline }), 'onset')?.noiseIn).toBeNull();
  });

  it.each([
    ['dose.fluence', 'xrd', 'must not go blind'],
    ['alert.hysteresis', 'watch', 'must not go blind'],
    ['threshold.adaptive', 'watch', 'only stages that turn frames into frames'],
  ])('refuses to bypass %s', (use, from, reason) => {
    const pipeline = [
      { id: 'watch', use: 'change.poissonCusum' },
      { id: 'x', use, from, onError: 'bypass' },
    ];
    expect(refusalOf({ pipeline })).toContain(reason);
  });

  it('lets a stage that turns frames into frames be bypassed', () => {
    const plan = planOf({ pipeline: [{ id: 'cut', use: 'reduce.rebin', onError: 'bypass' }] });
    expect(node(plan, 'cut')?.onError).toBe('bypass');
  });
});

describe('a false-alarm rate in words', () => {
  /** Every registered stage that can be told how rarely to be wrong. */
  const rated = stageDefinitions.filter(({ config }) => 'falseAlarms' in config.shape).map(({ kind }) => kind);
  const settingsOf = (kind: string, onePer: unknown) => {
    const { threshold: _threshold, ...rest } = stageOfKind(kind)!.example as Readonly<Record<string, unknown>>;
    return { ...rest, falseAlarms: { onePer } };
  };
  const problemsOf = (kind: string, onePer: unknown, framePeriodMs: number | undefined) => {
    const config = configOf({
      noise: 'poisson',
      pipeline: [
        { id: 'before', from: 'xrd', use: 'change.step' },
        {
          id: 'd',
          from: inputsOf(stageOfKind(kind)!).includes('frame') ? 'xrd' : 'before',
          use: kind,
          with: settingsOf(kind, onePer),
        },
      ],
    });
    const xrd = { ...config.streams['xrd']!, framePeriodMs };
    return drawGraph({ ...config, streams: { xrd } })
      .problems.filter(({ at }) => at[1] === 1)
      .map(({ at, message }) => `${at.join('.')}: ${message}`);
  };

  it('is known to several stages', () => {
    expect(rated).toEqual(expect.arrayContaining(['change.step', 'change.poissonCusum', 'threshold.adaptive']));
  });

  it.each(rated)('is taken by %s', (kind) => {
    expect(problemsOf(kind, '8 h', 100)).toEqual([]);
  });

  it.each(rated)('is refused by %s before the first frame when the frame period is not declared', (kind) => {
    expect(problemsOf(kind, '8 h', undefined)).toEqual([
      expect.stringMatching(/^pipeline\.1\.with\.falseAlarms: a false-alarm rate per time needs framePeriodMs/),
    ]);
    expect(problemsOf(kind, { frames: 5000 }, undefined)).toEqual([]);
  });

  it.each(rated)('is refused by %s when it is more than one per frame', (kind) => {
    expect(problemsOf(kind, '10 ms', 2500)).toEqual([
      'pipeline.1.with.falseAlarms: one false alarm per 10 ms is more than one per frame of 2.5 s',
    ]);
  });
});
