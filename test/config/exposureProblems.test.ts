import { describe, expect, it } from 'vitest';
import { planGraph } from '../../src/config/graph.ts';
import { pipelineFile } from '../../src/config/schema.ts';
import { fileOf } from './pipelines.ts';

const pipeline = [
  { id: 'change', use: 'change.poissonCusum' },
  { id: 'advice', use: 'dose.exposure', from: ['xrd', 'change'], with: { nominalExposureMs: 50 } },
  { id: 'vague', use: 'dose.exposure', from: ['xrd', 'change'] },
];
const plan = (exposure: unknown) => planGraph(pipelineFile.parse({ ...(fileOf({ pipeline }) as object), exposure }));
const to = { use: 'simulator', with: { stream: 'xrd' } };

describe('the section exposure', () => {
  it('is taken when it names an adviser that advises in seconds, and an instrument', () => {
    expect(() => plan({ from: 'advice', consent: true, to })).not.toThrow();
    expect(() =>
      plan({ from: 'advice', consent: true, to: { use: 'mqtt', with: { url: 'mqtt://broker:1883' } } }),
    ).not.toThrow();
  });

  it('is refused when its adviser is none, or does not say seconds', () => {
    expect(() => plan({ from: 'advise', consent: true, to })).toThrow(/dose\.exposure node, got "advise".*advice/s);
    expect(() => plan({ from: 'change', consent: true, to })).toThrow(/dose\.exposure node, got "change"/);
    expect(() => plan({ from: 'vague', consent: true, to })).toThrow(/nominalExposureMs/);
  });

  it('is refused without consent, or for a stream that is not simulated here', () => {
    expect(() => plan({ from: 'advice', consent: false, to })).toThrow(/consent only/);
    expect(() => plan({ from: 'advice', consent: true, to: { use: 'simulator', with: { stream: 'eels' } } })).toThrow(
      /simulator, got "eels"/,
    );
  });
});
