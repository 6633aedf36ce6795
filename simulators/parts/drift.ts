import { nextNormal } from '../../src/kernel/random/normal.ts';
import { nextUniform } from '../../src/kernel/random/xoshiro128.ts';
import type { RandomState } from '../../src/kernel/random/xoshiro128.ts';

/** How a quantity drifts about its nominal value, in its own unit; what is left out is zero. Times in seconds of the experiment. */
export interface DriftSetting {
  readonly ratePerHour?: number;
  readonly sine?: { readonly amplitude: number; readonly periodS: number };
  /** Ornstein-Uhlenbeck: standard deviation and correlation time. */
  readonly wander?: { readonly sigma: number; readonly tauS: number };
  /** Random walk: standard deviation after one hour. */
  readonly walkPerRootHour?: number;
  /** Sudden steps of either sign, size uniform. */
  readonly jumps?: { readonly least: number; readonly most: number; readonly perHour: number };
  /** Falls by `part`, is refilled to nominal every `everyS`, and falls again. */
  readonly topUp?: { readonly part: number; readonly everyS: number };
}

/** A drifting quantity. */
export interface Drift {
  /** Deviation from nominal now. */
  readonly value: number;
  /** Moves on by `dtS`, to `timeS`; draws the same number of random numbers whatever the setting. */
  advance(timeS: number, dtS: number, random: RandomState): void;
}

const HOUR = 3600;

/** One exact step of an Ornstein-Uhlenbeck process: x exp(-dt/tau) + sigma sqrt(1 - exp(-2 dt/tau)) normal. */
export function ornsteinUhlenbeckStep(x: number, dtS: number, tauS: number, sigma: number, normal: number): number {
  const keep = Math.exp(-dtS / tauS);
  return x * keep + sigma * Math.sqrt(1 - keep * keep) * normal;
}

/** @param strength multiplies every entry of the setting */
export function createDrift(setting: DriftSetting, strength: number): Drift {
  const { ratePerHour = 0, sine, wander, walkPerRootHour = 0, jumps, topUp } = setting;
  let wandering = 0;
  let walked = 0;
  let value = 0;
  return {
    get value() {
      return value;
    },
    advance(timeS, dtS, random) {
      const wanderNormal = nextNormal(random);
      const walkNormal = nextNormal(random);
      const jumpChance = nextUniform(random);
      const jumpSize = 2 * nextUniform(random) - 1;
      if (wander !== undefined)
        wandering = ornsteinUhlenbeckStep(wandering, dtS, wander.tauS, wander.sigma, wanderNormal);
      walked += walkPerRootHour * Math.sqrt(dtS / HOUR) * walkNormal;
      if (jumps !== undefined && jumpChance < (jumps.perHour * dtS) / HOUR)
        walked += Math.sign(jumpSize) * (jumps.least + (jumps.most - jumps.least) * Math.abs(jumpSize));
      const swing = sine === undefined ? 0 : sine.amplitude * Math.sin((2 * Math.PI * timeS) / sine.periodS);
      const fallen = topUp === undefined ? 0 : topUp.part * ((timeS / topUp.everyS) % 1);
      value = strength * ((ratePerHour * timeS) / HOUR + swing + wandering + walked - fallen);
    },
  };
}
