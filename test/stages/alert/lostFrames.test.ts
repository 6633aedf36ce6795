import { describe, expect, it } from 'vitest';
import lostFrames from '../../../src/stages/alert/lostFrames.ts';
import type { Alert } from '../../../src/model/alert.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';

const layout = channelLayout(2);

function tell(seqs: readonly number[], settings: Parameters<typeof lostFrames.create>[1] = {}): string[] {
  const stage = lostFrames.create('lost', settings);
  const told: Alert[] = [];
  for (const seq of seqs)
    stage.process(testFrame(layout, seq, new Float64Array(2), { stream: 'xrd', timeUs: seq * 100 }), (signal) => {
      if (signal.type === 'alert') told.push(signal);
    });
  return told.map(({ phase, seq, message, onsetUs }) => `${phase} ${seq}, since ${onsetUs}: ${message}`);
}
const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => from + k);

describe('alert.lostFrames', () => {
  it('is silent while every frame comes, and when the counter begins anew', () => {
    expect(tell([...upTo(5, 40), ...upTo(0, 30)])).toEqual([]);
  });

  it('tells of a gap at the frame behind it, and that it is over', () => {
    expect(tell([...upTo(0, 10), ...upTo(13, 40)])).toEqual([
      'raised 13, since 900: 3 frames were lost before frame 13',
      'cleared 23, since 900: 3 frames were lost; they come without gaps again',
    ]);
  });

  it('makes one alert of a burst, and another of the next', () => {
    const told = tell([0, 2, 4, ...upTo(9, 30), 31, ...upTo(32, 50)], { clearAfter: 5 });
    expect(told).toEqual([
      'raised 2, since 0: A frame was lost before frame 2',
      'updated 4, since 0: 2 frames were lost in 2 gaps',
      'updated 9, since 0: 6 frames were lost in 3 gaps',
      'cleared 14, since 0: 6 frames were lost in 3 gaps; they come without gaps again',
      'raised 31, since 2900: A frame was lost before frame 31',
      'cleared 36, since 2900: A frame was lost; they come without gaps again',
    ]);
  });

  it('waits for as many as it was told to', () => {
    expect(tell([0, 2, 4, ...upTo(6, 30)], { raiseAt: 3 })).toEqual([
      'raised 6, since 0: 3 frames were lost in 3 gaps',
      'cleared 16, since 0: 3 frames were lost in 3 gaps; they come without gaps again',
    ]);
    expect(tell([0, 2, ...upTo(4, 30)], { raiseAt: 3 })).toEqual([]);
  });
});
