import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainPlan } from '../../src/config/explain.ts';
import { planGraph } from '../../src/config/graph.ts';
import { parseConfig } from '../../src/config/load.ts';

const files = readdirSync('examples').filter((file) => file.endsWith('.yaml'));

/** Whatever secrets a text asks for. */
const secretsIn = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => [name, 'a-secret-of-16-letters']));

it('finds examples', () => expect(files.length).toBeGreaterThan(0));

describe.each(files)('examples/%s', (file) => {
  const path = join('examples', file);
  const text = readFileSync(path, 'utf8');

  it('is right, and can be explained', () => {
    const loaded = parseConfig(text, { path, env: secretsIn(text) });
    const plan = planGraph(loaded.config);
    const explained = explainPlan(plan, loaded);
    for (const { id } of [...plan.streams, ...plan.nodes, ...plan.sinks]) expect(explained).toContain(id);
  });

  it('tells an editor its schema', () => {
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../docs/pipeline.schema.json');
  });
});
