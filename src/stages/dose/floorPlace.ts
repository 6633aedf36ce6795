import { regionRate, type ChannelRates, type RateRegion } from '../../kernel/change/channelRates.ts';
import { channelRange } from '../../model/channelRange.ts';
import { axisLength, type Axis } from '../../model/layout.ts';
import type { FloorRegion } from './floorSettings.ts';

/** A region of dose.floor on the channels of a layout, and the readings that speak of it. */
export interface FloorPlace {
  readonly region: readonly [from: number, to: number];
  readonly regionUnit: string;
  readonly on: RateRegion;
  readonly bands: readonly RateRegion[];
  readonly readings: readonly { readonly name: string; readonly window: number; readonly sign: 1 | -1 }[];
}

/** @throws RangeError when the region or a side band of it has no channel. */
export function placeOf(
  { name, region, background = [] }: FloorRegion,
  axis: Axis,
  { windows, losses }: { readonly windows: readonly number[]; readonly losses: boolean },
): FloorPlace {
  const length = axisLength(axis);
  const on = ([from, to]: readonly [number, number]): RateRegion => {
    const [first, end] = channelRange(axis, [from, to]);
    return { length, first, end };
  };
  const tail = name === undefined ? '' : `.${name}`;
  const gains = windows.map((window) => ({ name: `floor.${window}${tail}`, window, sign: 1 as const }));
  const lost = losses
    ? windows.map((window) => ({ name: `floorLoss.${window}${tail}`, window, sign: -1 as const }))
    : [];
  const readings = [...gains, ...lost];
  return { region, regionUnit: axis.unit, on: on(region), bands: background.map(on), readings };
}

/**
 * Counts per exposure of a region, and what of them is signal, with its standard error.
 *
 * @param learned - exposure they were learned from.
 * @param out - changed in place.
 */
export function levelsOf(
  rates: ChannelRates,
  { on, bands }: FloorPlace,
  learned: number,
  out: { counts: number; signal: number; signalError: number },
): void {
  let background = 0;
  let channels = 0;
  for (const band of bands) {
    background += regionRate(rates, band);
    channels += band.end - band.first;
  }
  const widths = channels === 0 ? 0 : (on.end - on.first) / channels;
  out.counts = regionRate(rates, on);
  out.signal = out.counts - widths * background;
  out.signalError = Math.sqrt((out.counts + widths * widths * background) / learned);
}
