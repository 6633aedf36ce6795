import { describe, expect, it } from 'vitest';
import { stageDefinitions } from '../../src/config/definitions.ts';
import { STAGE_LAWS } from './stageLaws.ts';

describe('the registry', () => {
  it('has stages, and no two of one kind', () => {
    const kinds = stageDefinitions.map(({ kind }) => kind);
    expect(kinds.length).toBeGreaterThan(0);
    expect(new Set(kinds).size).toBe(kinds.length);
  });
});

describe.each(stageDefinitions.map((definition) => [definition.kind, definition] as const))(
  '%s',
  (_kind, definition) => {
    it.each(STAGE_LAWS.map((law) => [law.name, law] as const))('%s', (_name, law) => law.check(definition));
  },
);
