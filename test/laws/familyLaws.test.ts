import { describe, expect, it } from 'vitest';
import { stageDefinitions } from '../../src/config/definitions.ts';
import { FAMILY_LAWS } from './familyLaws.ts';

const familyOf = (kind: string): string => kind.slice(0, kind.indexOf('.'));

describe.each(Object.entries(FAMILY_LAWS))('the family %s', (family, laws) => {
  const members = stageDefinitions.filter(({ kind }) => familyOf(kind) === family);
  it('has members', () => expect(members.length).toBeGreaterThan(0));
  for (const law of laws)
    for (const definition of members) it(`${definition.kind} ${law.name}`, () => law.check(definition));
});
