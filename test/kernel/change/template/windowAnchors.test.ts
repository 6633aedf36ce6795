import { describe, expect, it } from 'vitest';
import { anchorCapacity, createWindowAnchors, startWindow } from '../../../../src/kernel/change/windowAnchors.ts';

/** The most any age lacks to the nearest window, relative to it. */
function widestGap(starts: Float64Array, count: number, frame: number, oldest: number): number {
  let worst = 0;
  for (let age = 1; age <= oldest; age++) {
    let nearest = Infinity;
    for (let a = 0; a < count; a++) nearest = Math.min(nearest, Math.abs(frame - starts[a]! - age));
    worst = Math.max(worst, nearest / age);
  }
  return worst;
}

describe('window starts', () => {
  it.each([1, 2, 7, 8, 9, 100, 1000, 30_000])('stay within an eighth of any age up to a memory of %d', (memory) => {
    const anchors = createWindowAnchors(memory);
    const frames = 3 * memory + 200;
    const looks = Math.max(1, Math.floor(frames / 40));
    for (let frame = 0; frame < frames; frame++) {
      startWindow(anchors, memory);
      anchors.frame++;
      if (frame % looks !== 0) continue;
      // At the end of the memory the older of two neighbours is missing.
      const oldest = Math.min(anchors.frame, Math.max(1, Math.floor((memory * 7) / 8)));
      expect(widestGap(anchors.starts, anchors.count, anchors.frame, oldest), `at ${frame}`).toBeLessThanOrEqual(1 / 8);
      expect(anchors.frame - anchors.starts[0]!).toBeLessThanOrEqual(memory + 1);
    }
  });

  it('need no more room over a million frames than was made, and each has a row of its own', () => {
    const memory = 250;
    const anchors = createWindowAnchors(memory);
    const capacity = anchorCapacity(memory);
    let most = 0;
    for (let frame = 0; frame < 1_000_000; frame++) {
      const row = startWindow(anchors, memory);
      if (!(row < capacity)) throw new Error(`row ${row} of ${capacity} at frame ${frame}`);
      anchors.frame++;
      most = Math.max(most, anchors.count);
      if (frame % 9973 === 0) {
        const rows = anchors.rows.slice(0, anchors.count);
        expect(new Set(rows).size).toBe(anchors.count);
        expect(rows.every((each) => each >= 0 && each < capacity)).toBe(true);
      }
    }
    expect(most).toBeLessThanOrEqual(capacity);
    expect(anchors.starts.length).toBe(capacity);
    expect(capacity).toBeLessThan(64);
  });
});
