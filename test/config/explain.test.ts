import { describe, expect, it } from 'vitest';
import { explainPlan } from '../../src/config/explain.ts';
import { planGraph } from '../../src/config/graph.ts';
import { parseConfig } from '../../src/config/load.ts';
import { textOf, type Parts } from './pipelines.ts';

const explained = (parts: Parts): string => {
  const loaded = parseConfig(textOf(parts), { path: 'run.yaml', env: {} });
  return explainPlan(planGraph(loaded.config), loaded).replace(loaded.digest, 'DIGEST');
};

describe('explainPlan', () => {
  it('draws a chain with noise, and says how often the detector is wrong in frames and hours', () => {
    const text = explained({
      noise: 'poisson',
      framePeriodMs: 100,
      pipeline: [
        { id: 'cut', use: 'reduce.rebin' },
        { id: 'onset', use: 'change.poissonCusum' },
        { id: 'call', use: 'alert.hysteresis' },
      ],
      sinks: [{ id: 'log', from: ['call', 'cut'], use: 'jsonLines', with: { path: 'out.jsonl' } }],
    });
    expect(text).toMatchSnapshot();
    expect(text).toMatch(/onset {2}\(change\.poissonCusum\) {2}one per .* frames = .* h/);
  });

  it('draws a fork and a join once, names what is drawn above, and says what is not known', () => {
    const text = explained({
      pipeline: [
        { id: 'cut', use: 'reduce.rebin' },
        { id: 'norm', use: 'normalisation.area' },
        { id: 'first', use: 'change.step', from: 'cut' },
        { id: 'second', use: 'change.step', from: 'norm' },
        { id: 'call', use: 'alert.hysteresis', from: ['first', 'second'] },
      ],
    });
    expect(text).toMatchSnapshot();
    expect(text).toContain('call  (drawn above)');
    expect(text).toContain('noise not declared');
  });

  it('adds up the rates of what becomes alerts, and says what each detector learns and remembers', () => {
    const text = explained({
      noise: 'poisson',
      framePeriodMs: 1000,
      pipeline: [
        {
          id: 'shape',
          from: 'xrd',
          use: 'change.step',
          with: { learn: 60, window: 5, falseAlarms: { onePer: '8 h' } },
        },
        { id: 'slide', from: 'xrd', use: 'change.step', with: { reference: { previous: 4 } } },
        { id: 'total', from: 'xrd', use: 'change.poissonCusum', with: { falseAlarms: { onePer: '24 h' } } },
        {
          id: 'trimmed',
          from: 'slide',
          use: 'threshold.adaptive',
          with: { falseAlarms: { onePer: { frames: 10_000 } }, trim: { memory: 3600, above: 2 } },
        },
        { id: 'call', use: 'alert.hysteresis', from: ['shape', 'total'] },
      ],
    });
    expect(text).toMatch(/^shape .*one per 28800 frames = 8 h; learns from 60 frames = 1 min; window 5 frames = 5 s$/m);
    expect(text).toMatch(/^slide .*reference of the 4 frames = 4 s before$/m);
    expect(text).toMatch(
      /^trimmed .*trims its threshold by -1 to \+2, memory 3600 frames = 1 h; waits while evidence is high and 100 frames = 1\.67 min after$/m,
    );
    // 1 / (1/8 + 1/24)
    expect(text).toMatch(/^all together \(shape, total\): one false alarm per 6 h$/m);
  });

  it('takes a measured frame period where none is declared, and says so', () => {
    const parts: Parts = {
      noise: 'poisson',
      pipeline: [
        { id: 'one', from: 'xrd', use: 'change.step', with: { learn: 60 } },
        { id: 'two', from: 'xrd', use: 'change.poissonCusum', with: { threshold: 5 } },
        { id: 'call', use: 'alert.hysteresis', from: ['one', 'two'] },
      ],
    };
    const loaded = parseConfig(textOf(parts).replace(/ *framePeriodMs: 100\n/, ''), { path: 'run.yaml', env: {} });
    const plan = planGraph(loaded.config);
    expect(explainPlan(plan, loaded)).toMatch(/one .*hours not known, as the frame period is not declared/);
    expect(explainPlan(plan, loaded)).toMatch(/^all together: not known$/m);
    const text = explainPlan(plan, loaded, new Map([['xrd', 360_000]]));
    expect(text).toMatch(/^one .*one per 10000 frames = 1 h at the measured frame period/m);
    expect(text).toMatch(/^all together \(one\): one false alarm per 1 h, without two, of which it is not known$/m);
  });
});
