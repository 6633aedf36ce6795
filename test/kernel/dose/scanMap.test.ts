import { describe, expect, it } from 'vitest';
import { spentOf } from '../../../src/kernel/dose/account.ts';
import { chargeField, MAP_CELLS, openMap, type MapGrid } from '../../../src/kernel/dose/scanMap.ts';

const grid: MapGrid = { x: 0, y: 0, cell: 1, columns: 6, rows: 4 };
const field = (x: number, y: number) => ({ x, y, width: 2, height: 2 });

describe('scanMap', () => {
  it('adds up where fields overlap, and only there', () => {
    const map = openMap(grid);
    expect(chargeField(map, grid, field(1, 1), 10)).toBe(10);
    expect(chargeField(map, grid, field(2, 1), 10)).toBe(20);
    expect([...map.sum.slice(0, 6)]).toEqual([10, 20, 10, 0, 0, 0]);
    expect(map.sum[2 * 6]).toBe(0);
  });

  it('finds again what a field received when it was there before', () => {
    const map = openMap(grid);
    chargeField(map, grid, field(1, 1), 10);
    expect(chargeField(map, grid, field(5, 3), 1)).toBe(1);
    expect(chargeField(map, grid, field(1, 1), 0)).toBe(10);
  });

  it('charges a cell for the part of it that is covered', () => {
    const map = openMap(grid);
    chargeField(map, grid, { x: 1.25, y: 1, width: 1.5, height: 2 }, 8);
    expect([...map.sum.slice(0, 3)]).toEqual([4, 8, 0]);
    expect(map.sum.reduce((sum, each) => sum + each, 0)).toBe(8 * 1.5 * 2);
  });

  it('does not touch the next cell for the rounding of a coordinate', () => {
    const fine: MapGrid = { x: 0, y: 0, cell: 0.1, columns: 30, rows: 1 };
    const map = openMap(fine);
    chargeField(map, fine, { x: 0.15, y: 0.05, width: 0.3, height: 0.1 }, 1);
    expect(map.sum.filter((each) => each > 0).length).toBe(3);
  });

  it('takes all that lies beyond it for one place', () => {
    const map = openMap(grid);
    expect(chargeField(map, grid, field(-50, 1), 3)).toBe(3);
    expect(chargeField(map, grid, field(6, 1), 3)).toBe(6);
    expect(spentOf(map.outside)).toBe(6);
    expect(map.sum[5]).toBe(3);
  });

  it('loses nothing that is small beside what a cell has', () => {
    const map = openMap(grid);
    chargeField(map, grid, field(1, 1), 1e16);
    for (let k = 0; k < 1000; k++) chargeField(map, grid, field(1, 1), 0.5);
    expect(chargeField(map, grid, field(1, 1), 0)).toBe(1e16 + 500);
  });

  it('refuses maps without cells, or with too many', () => {
    expect(() => openMap({ ...grid, columns: 0 })).toThrow(RangeError);
    expect(() => openMap({ ...grid, columns: MAP_CELLS, rows: 2 })).toThrow(RangeError);
    expect(() => chargeField(openMap(grid), grid, field(1, 1), NaN)).toThrow(RangeError);
  });
});
