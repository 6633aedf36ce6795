import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { listScenarios } from '../../simulators/createSimulator.ts';
import { historySink } from '../../src/app/demoHistory.ts';
import { planGraph } from '../../src/config/graph.ts';
import { parseConfig } from '../../src/config/load.ts';
import { root } from '../support/operando.ts';

const pathOf = (example: string): string => join(root, 'examples', `${example}.yaml`);
const examples = [...new Set(listScenarios().map(({ example }) => example))].filter((each) => existsSync(pathOf(each)));

describe('the history of a demonstration', () => {
  it.each(examples)('%s: takes everything, and the residual of the stage that knows what to expect', (example) => {
    const path = pathOf(example);
    const document = parseDocument(readFileSync(path, 'utf8'));
    const planned = () => planGraph(parseConfig(document.toString(), { path, env: {} }).config);
    document.addIn(['sinks'], historySink(planned(), 'http://127.0.0.1:1'));
    const plan = planned();
    const sink = plan.sinks.find(({ id }) => id === 'history')!;
    expect(new Set(sink.from)).toEqual(new Set([...plan.streams, ...plan.nodes].map(({ id }) => id)));
    const { spectrum } = sink.with as { spectrum: { of: string[]; residual?: { of: string; against: string } } };
    const expecting = plan.nodes.filter(
      ({ use, definition }) => use.startsWith('change.') && definition.outputs.includes('frame'),
    );
    if (expecting.length === 0) {
      expect(spectrum).toMatchObject({ of: [plan.streams[0]!.id] });
      expect(spectrum.residual).toBeUndefined();
    } else {
      const { of, against } = spectrum.residual!;
      expect(expecting.map(({ id }) => id)).toContain(against);
      expect(plan.nodes.find(({ id }) => id === against)!.from).toContain(of);
      expect(spectrum.of).toEqual([of, against]);
    }
  });
});
