import { refusal } from '../refusal.ts';
import type { PowerLawWindow } from './powerLaw.ts';

/** Channels that a power law needs at the least. */
const LEAST_CHANNELS = 2;

/**
 * The channels of a fit window.
 *
 * @param axis - energy of the first channel's centre and per channel, eV; number of channels.
 * @param window - [from, to] in eV; the channel nearest `from` is the first, the one nearest `to` no longer belongs to it.
 * @returns the axis with [first, end); halves go to the even channel.
 * @throws RangeError when the window leaves the axis, holds fewer than two channels, or reaches down to 0 eV.
 * @example
 * powerLawWindow({ offset: 600, step: 0.5, length: 600 }, [630, 700]); // => { offset: 600, step: 0.5, first: 60, end: 200 }
 */
export function powerLawWindow(
  { offset, step, length }: { readonly offset: number; readonly step: number; readonly length: number },
  [from, to]: readonly [from: number, to: number],
): PowerLawWindow {
  const first = roundHalfToEven((from - offset) / step);
  const end = roundHalfToEven((to - offset) / step);
  if (!(first >= 0 && end <= length))
    throw refusal(
      'WindowOutsideAxis',
      `the window ${from} to ${to} eV, expected a part of ${offset} to ${offset + (length - 1) * step} eV`,
    );
  if (end - first < LEAST_CHANNELS)
    throw refusal(
      'WindowTooShort',
      `the window ${from} to ${to} eV holds ${Math.max(0, end - first)} channels, expected 2`,
    );
  if (!(offset + first * step > 0))
    throw refusal('NonPositiveEnergy', `the window starts at ${offset + first * step} eV, expected above 0`);
  return { offset, step, first, end };
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
