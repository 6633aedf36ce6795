import { describe, expect, it } from 'vitest';
import { spentOf } from '../../../src/kernel/dose/account.ts';
import { AREAS, chargeArea, moveTo, openAreas } from '../../../src/kernel/dose/areas.ts';
import { uniform } from '../../laws/signals.ts';

describe('areas', () => {
  it('opens an account per number, and finds the old one again', () => {
    const areas = openAreas();
    chargeArea(moveTo(areas, 1, 0, 0), 5, 10, 100);
    chargeArea(moveTo(areas, 2, 0, 0), 3, 10, 200);
    const back = moveTo(areas, 1, 0, 0);
    chargeArea(back, 1, 10, 300);
    expect([spentOf(back.dose), spentOf(back.beam), back.firstUs]).toEqual([6, 20, 100]);
    expect(spentOf(moveTo(areas, 2, 0, 0).dose)).toBe(3);
  });

  it('stays where it was while the place is unknown, and gives what came before to the first place known', () => {
    const areas = openAreas();
    chargeArea(moveTo(areas, NaN, 0, 0), 5, 1, 1);
    expect(spentOf(moveTo(areas, 7, 0, 0).dose)).toBe(5);
    moveTo(areas, 8, 0, 0);
    expect(moveTo(areas, NaN, 0, 0).x).toBe(8);
    expect(areas.list.length).toBe(2);
  });

  it('tells places by their distance from the middle of an area', () => {
    const areas = openAreas();
    chargeArea(moveTo(areas, 0, 0, 2), 5, 1, 1);
    expect(spentOf(moveTo(areas, 1, 1, 2).dose)).toBe(5);
    expect(spentOf(moveTo(areas, 3, 0, 2).dose)).toBe(0);
    expect(spentOf(moveTo(areas, 1.4, 0, 2).dose)).toBe(0);
    expect(spentOf(moveTo(areas, 0.9, 0, 2).dose)).toBe(5);
  });

  it('never shows an area with less than it received, though more were opened than are kept', () => {
    const areas = openAreas();
    const received = new Map<number, number>();
    const random = uniform(3);
    for (let k = 0; k < 20_000; k++) {
      const x = Math.floor(random() ** 2 * 4 * AREAS);
      const dose = random();
      received.set(x, (received.get(x) ?? 0) + dose);
      const area = moveTo(areas, x, 0, 0);
      chargeArea(area, dose, 1, k);
      expect(spentOf(area.dose)).toBeGreaterThanOrEqual(received.get(x)! - 1e-9);
      expect(spentOf(area.dose) - area.inherited).toBeLessThanOrEqual(received.get(x)! + 1e-9);
    }
    expect(areas.list.length).toBe(AREAS);
    expect(received.size).toBeGreaterThan(2 * AREAS);
  });
});
