import { charge, openAccount, type Account } from './account.ts';

/** Where the cells of a map lie; all lengths in one unit. */
export interface MapGrid {
  /** Corner of the first cell. */
  readonly x: number;
  readonly y: number;
  /** Side of a cell. */
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
}

/** A rectangle that a scan or a wide beam covers; x and y are its middle. */
export interface Field {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Dose per cell, row after row, with what rounding took from it: plain data. What lies beyond the map is one account. */
export type ScanMap = { sum: Float64Array; compensation: Float64Array; outside: Account };

/** Cells a map may have. */
export const MAP_CELLS = 65_536;

/** An empty map. @throws RangeError when it has no cell, or more than {@link MAP_CELLS}. */
export function openMap({ cell, columns, rows }: MapGrid): ScanMap {
  const cells = columns * rows;
  if (!(cell > 0 && Number.isInteger(cells) && cells > 0 && cells <= MAP_CELLS))
    throw new RangeError(`a map of ${columns} x ${rows} cells of ${cell}, expected 1 to ${MAP_CELLS} of positive size`);
  return { sum: new Float64Array(cells), compensation: new Float64Array(cells), outside: openAccount() };
}

/**
 * Charges every cell that a field covers, in proportion to how much of the cell: fields that overlap, or come back, add up.
 *
 * @param map - changed in place.
 * @param dose - mean over the field, per area, >= 0; 0 only looks.
 * @returns the most that any cell of the field has received, or what lies beyond the map, which is all taken for one place.
 * @throws RangeError when the dose is NaN or infinite.
 */
export function chargeField(map: ScanMap, grid: MapGrid, field: Field, dose: number): number {
  const { cell, columns, rows } = grid;
  const left = (field.x - field.width / 2 - grid.x) / cell;
  const right = (field.x + field.width / 2 - grid.x) / cell;
  const top = (field.y - field.height / 2 - grid.y) / cell;
  const bottom = (field.y + field.height / 2 - grid.y) / cell;
  const isInside = left >= -EDGE && top >= -EDGE && right <= columns + EDGE && bottom <= rows + EDGE;
  let most = isInside ? 0 : charge(map.outside, dose);
  for (let row = firstOf(top); row < endOf(bottom, rows); row++) {
    const high = Math.min(bottom, row + 1) - Math.max(top, row);
    for (let column = firstOf(left); column < endOf(right, columns); column++) {
      const share = high * (Math.min(right, column + 1) - Math.max(left, column));
      most = Math.max(most, chargeCell(map, row * columns + column, dose * share));
    }
  }
  return most;
}

/** Rounding of coordinates, in cells: a field that ends at an edge does not touch the next cell. */
const EDGE = 1e-9;
const firstOf = (from: number): number => Math.max(0, Math.floor(from + EDGE));
const endOf = (to: number, count: number): number => Math.min(count, Math.ceil(to - EDGE));

/** As `charge`, of one cell. */
function chargeCell({ sum, compensation }: ScanMap, k: number, amount: number): number {
  if (amount !== amount || amount === Infinity)
    throw new RangeError(`cannot charge ${amount}, expected a finite number`);
  const old = sum[k]!;
  if (amount > 0) {
    const next = old + amount;
    compensation[k]! += old >= amount ? old - next + amount : amount - next + old;
    sum[k] = next;
  }
  return sum[k]! + compensation[k]!;
}
