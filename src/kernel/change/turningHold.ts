import { LEAST } from './turningPoint.ts';

/** A turning point that was found and is still spoken of, and which way the evolution goes. Plain data. */
export type TurningHold = {
  /** Frames since the turn; -1 when there is none. */
  age: number;
  /** Which way a spectrum evolves: +1 as at first, -1 back. */
  direction: number;
};

export function createTurningHold(): TurningHold {
  return { age: -1, direction: 1 };
}

/**
 * Follows a turning point from frame to frame: it is spoken of until so many frames came after it that the new direction
 * stands by itself.
 *
 * @param since - frames since the best turning point.
 * @param isFound - the evidence is over its threshold.
 * @returns whether the new direction now is the direction of the evolution: the frames before the turn are to be forgotten.
 */
export function updateTurningHold(hold: TurningHold, since: number, isFound: boolean): boolean {
  if (isFound) hold.age = since;
  else if (hold.age >= 0) hold.age++;
  if (hold.age < LEAST) return false;
  hold.age = -1;
  if (isFound) hold.direction = -hold.direction;
  return isFound;
}
