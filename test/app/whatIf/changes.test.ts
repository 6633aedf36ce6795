import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { readChange, withChanges } from '../../../src/app/whatIf/changes.ts';

const FILE = `
version: 1
pipeline:
  - { id: dose, use: dose.fluence, with: { limit: 10 } }
  - { id: dose.fast, use: dose.fluence, with: { limit: 20 } }
  - { id: call, use: alert.hysteresis }
`;
const pipelineOf = (text: string) => (parse(text) as { pipeline: { id: string; with?: object }[] }).pipeline;
const change = (...texts: string[]) => pipelineOf(withChanges(FILE, texts.map(readChange)));

describe('a change of settings', () => {
  it('reaches the setting of its stage, as a number, a word or a list', () => {
    expect(change('dose.limit=2e6')[0]).toMatchObject({ with: { limit: 2e6 } });
    expect(change('call.severity=warning')[2]).toMatchObject({ with: { severity: 'warning' } });
    expect(change('dose.milestones=[0.5, 1]')[0]).toMatchObject({ with: { milestones: [0.5, 1] } });
    expect(change('call.clearAfter.quiet=3')[2]).toMatchObject({ with: { clearAfter: { quiet: 3 } } });
  });
  it('takes the longest id that fits', () => {
    const [slow, fast] = change('dose.fast.limit=3');
    expect(slow).toMatchObject({ with: { limit: 10 } });
    expect(fast).toMatchObject({ with: { limit: 3 } });
  });
  it('knows the limit of an account as its budget', () => {
    expect(change('dose.budget=5')[0]).toMatchObject({ with: { limit: 5 } });
    expect(change('call.budget=5')[2]).toMatchObject({ with: { budget: 5 } });
  });
  it('may be several, and of the permit', () => {
    const text = withChanges(FILE, ['dose.limit=1', 'permit.alerts=none'].map(readChange));
    expect(parse(text)).toMatchObject({ permit: { alerts: 'none' }, pipeline: [{ with: { limit: 1 } }, {}, {}] });
  });
  it('is refused when it is none, or names no stage', () => {
    expect(() => readChange('dose.limit')).toThrow(/expects STAGE.SETTING=VALUE/);
    expect(() => readChange('limit=3')).toThrow(/expects STAGE.SETTING=VALUE/);
    expect(() => change('dos.limit=3')).toThrow(/did you mean 'dose'/);
  });
});
