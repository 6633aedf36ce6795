import { z } from 'zod';
import type { Axis } from './layout.ts';

/** Units that can be told in one another, each with what one of it is in the first. */
const FAMILIES: readonly Readonly<Record<string, number>>[] = [
  { eV: 1, meV: 1e-3, keV: 1e3 },
  { deg: 1, mdeg: 1e-3, rad: 180 / Math.PI, mrad: 0.18 / Math.PI },
  { 'nm-1': 1, 'pm-1': 1e3 },
  { nm: 1, um: 1e3 },
];
const PATTERN = /^(?<value>\d+(?:\.\d*)?(?:e[+-]?\d+)?) (?<unit>[A-Za-z][\w-]*)$/;

/** A distance on the axis: a number in its unit, or a text with a unit of its own, such as '130 eV'. Above 0. */
export const axisQuantity = z.union([
  z.number().positive(),
  z
    .string()
    .regex(PATTERN, "expected a number, or a number with its unit such as '130 eV'")
    .refine((text) => Number.parseFloat(text) > 0, 'expected a number above 0'),
]);
export type AxisQuantity = z.output<typeof axisQuantity>;

/**
 * A distance in the unit of an axis.
 *
 * @param name - of the setting, for the error.
 * @throws RangeError when its unit cannot be told in that of the axis.
 */
export function inUnitOf(axis: Axis, quantity: AxisQuantity, name: string): number {
  if (typeof quantity === 'number') return quantity;
  const { value = '', unit = '' } = PATTERN.exec(quantity)?.groups ?? {};
  if (unit === axis.unit) return Number(value);
  for (const { [unit]: from, [axis.unit]: to } of FAMILIES)
    if (from !== undefined && to !== undefined) return (Number(value) * from) / to;
  throw new RangeError(
    `${name} is ${quantity}, expected a number in the unit of the axis ${axis.name}, which is ${axis.unit}`,
  );
}
