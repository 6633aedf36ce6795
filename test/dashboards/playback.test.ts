import { describe, expect, it } from 'vitest';
import { createModel } from '../../dashboards/web/src/model.ts';
import { createPlayback } from '../../dashboards/web/src/playback.ts';
import { createRowStore } from '../../dashboards/web/src/rowStore.ts';
import type { View } from '../../dashboards/web/src/view.ts';

const START_US = 1_795_000_000_000_000;

/** Rows of one second each; `times` are their starts, s. */
function playbackOf(times: readonly number[], capacity = 100) {
  const model = createModel();
  model.rows = createRowStore(capacity, 1);
  times.forEach((seconds, k) => {
    const startUs = START_US + seconds * 1e6;
    const meta = Float64Array.of(startUs, startUs, k, 1, 0, 1, 0, 0);
    model.rows!.push(k, {
      meta,
      counts: Float32Array.of(1),
      expected: null,
      variance: null,
      tracks: new Float32Array(0),
    });
  });
  const view = { cursorRow: null } as View;
  return { model, view, playback: createPlayback(model, view) };
}
const seconds = (count: number) => Array.from({ length: count }, (_, k) => k);

describe('playing back', () => {
  it('steps by rows and by time, and is live again at the newest row', () => {
    const { view, playback } = playbackOf(seconds(90));
    playback.step(-1);
    expect(view.cursorRow).toBe(88);
    playback.stepSeconds(-60);
    expect(view.cursorRow).toBe(28);
    playback.stepSeconds(-60);
    expect(view.cursorRow).toBe(0);
    playback.stepSeconds(60);
    expect(view.cursorRow).toBe(60);
    playback.stepSeconds(60);
    expect(view.cursorRow).toBeNull();
  });

  it.each([
    [1, 12],
    [4, 18],
    [16, 42],
  ])('moves %i times as fast as recorded', (speed, reached) => {
    const { view, playback } = playbackOf(seconds(90));
    view.cursorRow = 10;
    playback.setSpeed(speed, 0);
    playback.toggle(0);
    for (let ms = 100; ms <= 2000; ms += 100) playback.tick(ms);
    expect(view.cursorRow).toBeGreaterThanOrEqual(reached - 1);
    expect(view.cursorRow).toBeLessThanOrEqual(reached);
  });

  it('begins with the oldest row at the live edge, passes all in four seconds at the highest speed, and ends live', () => {
    const { view, playback } = playbackOf(seconds(1000), 1000);
    playback.setSpeed(Infinity, 0);
    playback.toggle(0);
    expect(view.cursorRow).toBe(0);
    let ms = 0;
    while (playback.isPlaying && ms < 60_000) playback.tick((ms += 20));
    expect(ms).toBeGreaterThan(3900);
    expect(ms).toBeLessThan(4100);
    expect(view.cursorRow).toBeNull();
  });

  it('does not skip what would have passed while the page stood still', () => {
    const { view, playback } = playbackOf(seconds(90));
    view.cursorRow = 10;
    playback.toggle(0);
    playback.tick(30_000);
    expect(view.cursorRow).toBe(10);
    playback.tick(30_500);
    expect(view.cursorRow).toBe(11);
  });

  it('goes on from where somebody clicked meanwhile', () => {
    const { view, playback } = playbackOf(seconds(90));
    view.cursorRow = 10;
    playback.setSpeed(4, 0);
    playback.toggle(0);
    playback.tick(250);
    view.cursorRow = 50;
    playback.tick(500);
    expect(view.cursorRow).toBe(51);
  });

  it('comes past a clock that ran back, and past a gap', () => {
    const { view, playback } = playbackOf([0, 1, 2, 1, 2, 3, 100, 101]);
    view.cursorRow = 0;
    playback.setSpeed(16, 0);
    playback.toggle(0);
    let ms = 0;
    while (playback.isPlaying && ms < 60_000) playback.tick((ms += 100));
    expect(view.cursorRow).toBeNull();
    expect(ms).toBeLessThan(60_000);
  });

  it('goes to a moment, or the nearest that is held, and does nothing without rows', () => {
    const { view, playback } = playbackOf(seconds(150), 100);
    playback.goTo(START_US + 120.5e6);
    expect(view.cursorRow).toBe(120);
    playback.goTo(START_US);
    expect(view.cursorRow).toBe(50);
    const empty = playbackOf([]);
    empty.playback.toggle(0);
    empty.playback.step(-1);
    empty.playback.goTo(START_US);
    expect([empty.view.cursorRow, empty.playback.isPlaying]).toEqual([null, false]);
  });
});
