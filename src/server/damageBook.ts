import { DAMAGE } from '../model/doseReading.ts';
import type { Reading } from '../model/signal.ts';
import type { DamagePoint, DamageView } from './doseMessage.ts';
import { createLatest } from './latest.ts';

/** The page never gets more points than this: at so many, every second one goes, and half as many come. */
export const MAX_POINTS = 200;

/** Damage as last estimated, and how it grew with the dose. Written on the hot path. */
export interface DamageBook {
  /**
   * @param dose - of the account after this frame; null when there is none.
   * @param generation - of the account: another one begins another curve.
   */
  read(reading: Reading, dose: number | null, generation: number | null): void;
  view(): DamageView | null;
}

export function createDamageBook(tolerance: number | null): DamageBook {
  const latest = createLatest();
  let points: DamagePoint[] = [];
  let generation: number | null = null;
  let dose: number | null = null;
  let stride = 1;
  let count = 0;
  let isOpen = false;
  let isKnown = true;

  function pointNow(): DamagePoint | null {
    const value = latest.value(DAMAGE.fraction);
    if (value === null || dose === null) return null;
    const beside = (name: string) => latest.beside(DAMAGE.fraction, name);
    return [dose, value, beside(DAMAGE.low), beside(DAMAGE.high)];
  }
  /** Keeps the frame that is over: only now its interval is known. */
  function keepLast(): void {
    const point = isOpen ? pointNow() : null;
    isOpen = false;
    if (point === null || count++ % stride !== 0) return;
    points.push(point);
    if (points.length < MAX_POINTS) return;
    points = points.filter((_, k) => k % 2 === 0);
    stride *= 2;
  }
  return {
    read(reading, doseNow, generationNow) {
      if (reading.name === DAMAGE.fraction) isKnown = reading.quality === 'valid';
      if (reading.quality === 'invalid') return;
      if (reading.name === DAMAGE.fraction) {
        if (generationNow === generation) keepLast();
        else {
          points = [];
          stride = 1;
          count = 0;
          generation = generationNow;
        }
        dose = doseNow;
        isOpen = true;
      }
      latest.read(reading);
    },
    view() {
      const value = latest.value(DAMAGE.fraction);
      if (value === null) return null;
      const beside = (name: string) => latest.beside(DAMAGE.fraction, name);
      const point = isOpen ? pointNow() : null;
      return {
        value,
        isKnown,
        low: beside(DAMAGE.low),
        high: beside(DAMAGE.high),
        tolerance,
        over: beside(DAMAGE.over),
        overNext: beside(DAMAGE.overNext),
        reach: beside(DAMAGE.reach),
        reachLow: beside(DAMAGE.reachLow),
        reachHigh: beside(DAMAGE.reachHigh),
        z: latest.value(DAMAGE.certifiability),
        countsNeeded: latest.value(DAMAGE.countsNeeded),
        curve: point === null ? points : [...points, point],
      };
    },
  };
}
