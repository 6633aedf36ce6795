import { nextNormal } from '../../src/kernel/random/normal.ts';
import { nextUniform, type RandomState } from '../../src/kernel/random/xoshiro128.ts';
import type { Scenario } from './generateDose.ts';

const SCATTER = 0.03;
const DROPPED = 0.055;
const LEVELS = [0.5, 1, 2, 4];

/** What each frame delivers, in ordinary frames, and which were dropped. */
export function doseSchedule(
  random: RandomState,
  scenario: Scenario,
  frames: number,
): { doses: number[]; dropped: boolean[] } {
  const whole = (low: number, high: number): number => low + Math.floor((high - low + 1) * nextUniform(random));
  const level = new Array<number>(frames).fill(1);
  if (scenario === 'rate') {
    for (let t = 0, each = LEVELS[0]!, left = 15; t < frames; t++, left--) {
      if (left === 0) {
        each = LEVELS[whole(0, LEVELS.length - 1)]!;
        left = whole(6, 25);
      }
      level[t] = each;
    }
  }
  const dropped = new Array<boolean>(frames).fill(false);
  if (scenario === 'gaps') {
    for (let t = whole(8, 30); t < frames; t += whole(8, 32))
      for (let end = t + whole(2, 11); t < end; t++) level[t] = 0;
    for (let t = 0; t < frames; t++) dropped[t] = nextUniform(random) < DROPPED;
  }
  const doses = level.slice(0, frames).map((each) => each * Math.exp(SCATTER * nextNormal(random)));
  return { doses, dropped: dropped.map((is, t) => is && doses[t]! > 0) };
}
