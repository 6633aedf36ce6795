import { describe, expect, it } from 'vitest';
import { pathText, readDocument, valueAt } from '../../src/config/document.ts';

const text = `version: 1
pipeline:
  - id: a
    with: { width: 3, levels: [1, 2] }
  - &b
    id: b
  - *b
`;

describe('readDocument', () => {
  const document = readDocument(text);

  it('gives plain data', () => {
    expect(valueAt(document.data, ['pipeline', 0, 'with', 'levels', 1])).toBe(2);
    expect(valueAt(document.data, ['pipeline', 9, 'with'])).toBeUndefined();
  });

  it.each([
    [['version'], false, { line: 1, column: 10 }],
    [['pipeline', 0, 'with', 'width'], false, { line: 4, column: 20 }],
    [['pipeline', 0, 'with', 'width'], true, { line: 4, column: 13 }],
    [['pipeline', 0, 'with', 'levels', 1], false, { line: 4, column: 35 }],
  ])('knows where %j stands (key: %s)', (at, isKey, position) => {
    expect(document.locate(at, isKey)).toEqual(position);
  });

  it('gives the place of the nearest parent of what is missing', () => {
    expect(document.locate(['pipeline', 0, 'use'])).toEqual({ line: 3, column: 5 });
  });

  it('follows an alias', () => {
    expect(document.locate(['pipeline', 2, 'id'])).toEqual({ line: 6, column: 9 });
  });

  it('names a key that stands twice, with its line', () => {
    const { problems } = readDocument('a: 1\nb: 2\na: 3\n');
    expect(problems).toEqual([
      expect.objectContaining({ line: 3, column: 1, message: expect.stringContaining('each key once') as string }),
    ]);
  });

  it('tells a fault of syntax, with its line', () => {
    const { problems, data } = readDocument('a: [1, 2\nb: 3\n');
    expect(problems[0]?.message).toMatch(/^not YAML: /);
    expect(problems[0]?.line).toBeGreaterThan(0);
    expect(data).toBeUndefined();
  });
});

describe('pathText', () => {
  it('writes keys with dots and indices in brackets', () =>
    expect(pathText(['pipeline', 1, 'with', 'levels', 0])).toBe('pipeline[1].with.levels[0]'));
});
