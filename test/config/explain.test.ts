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
});
