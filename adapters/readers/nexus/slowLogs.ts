import { parseStamp } from '../../ascii/time.ts';
import type { SlowSample } from '../../../src/model/signal.ts';
import type { Hdf5Node } from '../../hdf5/nodes.ts';
import type { Hdf5File } from '../../hdf5/openHdf5.ts';
import { secondsOf, unitCode } from '../../hdf5/unitCode.ts';
import { attribute } from './dataGroup.ts';

const MAX_SAMPLES = 1_000_000;

/** Samples of the groups of class NXlog, in the order of their times, and a sentence for each that cannot be used. */
export function slowLogs(file: Hdf5File, nodes: readonly Hdf5Node[]): { samples: SlowSample[]; oddities: string[] } {
  const samples: SlowSample[] = [];
  const oddities: string[] = [];
  for (const log of nodes.filter((node) => attribute(node, 'NX_class') === 'NXlog')) {
    const at = (name: string): Hdf5Node | undefined =>
      nodes.find((node) => node.path === `${log.path}/${name}` && node.numbers !== null && node.shape?.length === 1);
    const [time, value] = [at('time'), at('value') ?? at('raw_value')];
    const started = attribute(time, 'start') || attribute(time, 'offset');
    const startUs = parseStamp(started, 'ymd', 0);
    const count = time?.shape?.[0] ?? 0;
    if (
      time === undefined ||
      value === undefined ||
      startUs === null ||
      value.shape?.[0] !== count ||
      samples.length + count > MAX_SAMPLES
    ) {
      oddities.push(`the log '${log.path}' has no values with times since a date`);
      continue;
    }
    const factor = secondsOf(unitCode(attribute(time, 'units'))) ?? 1;
    const unit = unitCode(attribute(value, 'units'));
    const name = /^(value_)?log$/.test(log.name) ? (log.parent.split('/').at(-1) ?? log.name) : log.name;
    const [times, values] = [file.vector(time.path), file.vector(value.path)];
    for (let i = 0; i < count; i++)
      if (Number.isFinite(times[i]) && Number.isFinite(values[i]))
        samples.push({
          type: 'slow',
          name,
          timeUs: Math.round(startUs + times[i]! * factor * 1e6),
          value: values[i]!,
          unit,
        });
  }
  return { samples: samples.sort((a, b) => a.timeUs - b.timeUs), oddities };
}
