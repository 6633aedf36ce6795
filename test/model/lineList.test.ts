import { describe, expect, it } from 'vitest';
import { parseLineList } from '../../src/model/lineList.ts';

const parse = (text: string) => parseLineList(new TextEncoder().encode(text));

describe('a list of lines', () => {
  it('puts lines of one name together, in the order of the file', () => {
    expect(parse('rutile 27.45 100\nanatase 25.3 100\nrutile 36.1 50\n')).toEqual([
      { name: 'rutile', positions: [27.45, 36.1], intensities: [100, 50] },
      { name: 'anatase', positions: [25.3], intensities: [100] },
    ]);
  });

  it('takes blanks, tabs, commas, comments, empty lines, both kinds of line end, and no intensity for 1', () => {
    expect(parse('# from a card\r\n\r\nFe,712.1,3   # L3\nFe\t725.0\n  Fe   730 ,  0.5\n')).toEqual([
      { name: 'Fe', positions: [712.1, 725, 730], intensities: [3, 1, 0.5] },
    ]);
  });

  it.each([
    ['rutile 27.45\nrutile', /line 2 .*'rutile'/],
    ['rutile here', /line 1/],
    ['rutile 27.45 0', /line 1/],
    ['rutile 27.45 -3', /line 1/],
    ['rutile 27.45 3 4', /line 1/],
    ['rutile Infinity', /line 1/],
    ['rutile 27.45 x', /line 1/],
    ['', /empty/],
    ['# nothing\n', /empty/],
  ])('refuses %j and says which line is wrong', (text, message) => {
    expect(() => parse(text)).toThrow(message);
    expect(() => parse(text)).toThrow(RangeError);
  });
});
