import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { pathText } from '../../src/config/document.ts';
import { problemsOf } from '../../src/config/problems.ts';
import { unknownKeys } from '../../src/config/unknownKeys.ts';

const schema = z.strictObject({
  width: z.number().positive().optional(),
  frames: z.int().min(1).max(9).optional(),
  mode: z.enum(['sum', 'dropOldest']).optional(),
  from: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  rate: z.union([z.string(), z.strictObject({ frames: z.number().min(1) })]).optional(),
  node: z
    .discriminatedUnion('use', [
      z.strictObject({ use: z.literal('change.step'), with: z.object({ reference: z.string() }) }),
      z.strictObject({
        use: z.literal('background.snip'),
        with: z.object({ halfWidth: z.int() }).default({ halfWidth: 3 }),
      }),
    ])
    .optional(),
  named: z
    .record(z.string().regex(/^[a-z]+$/, 'expected small letters'), z.strictObject({ noise: z.string() }))
    .optional(),
});

const problems = (data: unknown): string[] => {
  const parsed = schema.safeParse(data);
  return [...unknownKeys(schema, data), ...problemsOf(parsed.error?.issues ?? [], data)].map(
    ({ at, message }) => `${pathText(at)}: ${message}`,
  );
};

describe('a problem', () => {
  it.each<[object, string]>([
    [{ width: 'x' }, 'width: expected a number, got "x"'],
    [{ width: -1 }, 'width: expected a number > 0, got -1'],
    [{ frames: 1.5 }, 'frames: expected a whole number, got 1.5'],
    [{ frames: 12 }, 'frames: expected a number <= 9, got 12'],
    [{ mode: 'summ' }, 'mode: expected one of "sum", "dropOldest", got "summ", did you mean "sum"?'],
    [{ from: 3 }, 'from: expected a text or a list, got 3'],
    [{ from: [] }, 'from: expected a list of >= 1 entries, got []'],
    [{ from: [3] }, 'from[0]: expected a text, got 3'],
    [{ rate: { frames: 0 } }, 'rate.frames: expected a number >= 1, got 0'],
    [{ widht: 3 }, 'widht: expected a known key, got "widht", did you mean "width"?'],
    [
      { node: { use: 'change.stp', with: {} } },
      'node.use: expected one of "change.step", "background.snip", got "change.stp", did you mean "change.step"?',
    ],
    [{ node: { use: 'change.step', with: {} } }, 'node.with.reference: expected a text, it is missing'],
    [
      { node: { use: 'background.snip', with: { halfWidth: 2, halfwidth: 3 } } },
      'node.with.halfwidth: expected a known key, got "halfwidth", did you mean "halfWidth"?',
    ],
    [{ named: { A: { noise: 'x' } } }, 'named.A: expected small letters, got "A"'],
    [
      { named: { a: { nosie: 'x', noise: 'y' } } },
      'named.a.nosie: expected a known key, got "nosie", did you mean "noise"?',
    ],
  ])('of %j says what was expected', (data, message) => expect(problems(data)).toEqual([message]));

  it('is told with all others at once', () => {
    expect(problems({ width: 'x', mode: 'y', node: { use: 'change.step', with: { reference: 1 } } })).toHaveLength(3);
  });

  it('names all known keys when none is near', () => {
    expect(problems({ named: { a: { noise: 'y', colour: 'red' } } })).toEqual([
      'named.a.colour: expected noise, got "colour"',
    ]);
  });
});
