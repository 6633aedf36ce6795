import type { Group } from 'h5wasm/node';
import type { Frame } from '../../model/frame.ts';
import { axisLength, channelCentres, type Layout } from '../../model/layout.ts';
import { createGrowingArray, type GrowingArray } from './growingArray.ts';
import { nexusName, nexusUnit } from './nexusNames.ts';
import { isoTime, secondsSince } from './target.ts';

/** The frames of one layout of a stream, as an NXdata with the time as its first axis. */
export interface NexusSpectra {
  readonly layout: Layout;
  add(frame: Frame): void;
  flush(): void;
}

/** @param group - empty; becomes the NXdata. */
export function createNexusSpectra(group: Group, title: string, layout: Layout, startUs: number): NexusSpectra {
  const axes = layout.axes.map(({ name }) => (name === 'time' ? 'delay_time' : nexusName(name)));
  group.create_attribute('NX_class', 'NXdata');
  group.create_attribute('signal', 'data');
  group.create_attribute('axes', ['time', ...axes]);
  ['time', ...axes].forEach((axis, i) => group.create_attribute(`${axis}_indices`, i, [], '<i'));
  group.create_dataset({ name: 'title', data: title });
  layout.axes.forEach((axis, i) => {
    const made = group.create_dataset({ name: axes[i] ?? '', data: channelCentres(axis) });
    made.create_attribute('units', nexusUnit(axis.unit));
    made.create_attribute('long_name', `${axis.name} (${axis.unit})`);
  });
  const rowShape = layout.axes.map(axisLength);
  const units = layout.unit === '1' && layout.quantity === 'counts' ? 'counts' : nexusUnit(layout.unit);
  const column = (name: string, unit: string, more: Readonly<Record<string, string>> = {}): GrowingArray =>
    createGrowingArray(group, name, { rowShape: [], type: '<d', fill: NaN, attributes: { units: unit, ...more } });
  const spectra = (name: string, type: '<d' | '<B', attributes: Readonly<Record<string, string>>): GrowingArray =>
    createGrowingArray(group, name, { rowShape, type, fill: type === '<d' ? NaN : 0, attributes });

  const data = spectra('data', '<d', { units, long_name: layout.quantity });
  const always = {
    time: column('time', 's', { start: isoTime(startUs), long_name: 'start of exposure (s)' }),
    count_time: column('count_time', 's', { long_name: 'live time of the exposure' }),
    unseen_time: column('unseen_time', 's', { long_name: 'exposure since the previous frame that no frame shows' }),
    sequence_number: column('sequence_number', ''),
    axis_shift: column('axis_shift', nexusUnit(layout.axes.at(-1)?.unit ?? '1'), { long_name: 'measured drift' }),
    flags: column('flags', '', {
      bits: '1 summed, 2 saturated, 4 suspicious clock, 8 after a gap, 16 masked, 32 correlated channels',
    }),
  };
  let errors: GrowingArray | null = null;
  let mask: GrowingArray | null = null;
  const scratch = new Float64Array(layout.size);

  const addErrors = (frame: Frame): void => {
    // For raw counts the counts stand for the variance.
    const variances = frame.variances ?? (layout.noise === 'poisson' ? frame.values : undefined);
    if (variances === undefined) return;
    errors ??= spectra('data_errors', '<d', { units, long_name: 'one standard deviation' });
    errors.padTo(data.rowCount - 1);
    for (let i = 0; i < scratch.length; i++) scratch[i] = Math.sqrt(Math.max(0, variances[i] ?? NaN));
    errors.append(scratch);
  };
  return {
    layout,
    add(frame) {
      data.append(frame.values);
      addErrors(frame);
      if (frame.mask !== undefined) {
        mask ??= spectra('mask', '<B', { long_name: '1 = not to be used' });
        mask.padTo(data.rowCount - 1);
        mask.append(frame.mask);
      }
      always.time.push(secondsSince(startUs, frame.timeUs));
      always.count_time.push(frame.exposureUs / 1e6);
      always.unseen_time.push(frame.unseenExposureUs / 1e6);
      always.sequence_number.push(frame.seq);
      always.axis_shift.push(frame.axisShift);
      always.flags.push(frame.flags);
    },
    flush() {
      for (const array of [errors, mask]) array?.padTo(data.rowCount);
      for (const array of [data, errors, mask, ...Object.values(always)]) array?.flush();
    },
  };
}
