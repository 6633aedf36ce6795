import { describe, expect, it } from 'vitest';
import { findCircle, topologicalOrder } from '../../src/config/order.ts';

describe('topologicalOrder', () => {
  it('puts givers first and else keeps the order of the file', () => {
    const edges = new Map([
      ['late', ['early']],
      ['other', ['stream']],
      ['early', ['stream']],
    ]);
    expect(topologicalOrder(edges)).toEqual(['early', 'late', 'other']);
  });
});

describe('findCircle', () => {
  it('finds none where there is none', () => {
    expect(
      findCircle(
        new Map([
          ['a', ['stream']],
          ['b', ['a']],
          ['c', ['a', 'b']],
        ]),
      ),
    ).toBeNull();
  });

  it('names the nodes in the direction of the signals', () => {
    const circle = findCircle(
      new Map([
        ['a', ['c']],
        ['b', ['a']],
        ['c', ['b']],
      ]),
    );
    expect(circle).toEqual(['a', 'b', 'c', 'a']);
  });

  it('finds a node that feeds itself', () => {
    expect(findCircle(new Map([['a', ['stream', 'a']]]))).toEqual(['a', 'a']);
  });
});
