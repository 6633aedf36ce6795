import { codecs, sources, transports } from '../../adapters/registry.ts';
import { joinCodec } from '../../adapters/joinCodec.ts';
import simulator from '../../simulators/simulatorSource.ts';
import type { PlannedStream } from '../config/plan.ts';
import type { Adapter, AdapterSetting, Codec, Transport } from '../model/adapter.ts';
import { MonitorError } from '../model/error.ts';

/** A definition of which the type of settings is forgotten: the schema has checked them. */
interface AnyAdapter<Made> {
  readonly name: string;
  create(config: unknown, setting: AdapterSetting): Made;
}

const find = <Made>(list: readonly unknown[], name: string): AnyAdapter<Made> => {
  const found = (list as readonly AnyAdapter<Made>[]).find((definition) => definition.name === name);
  if (found === undefined) throw new MonitorError('ADAPTER', `there is no adapter of this name`, { id: name });
  return found;
};

/** The source of one stream, as the pipeline file describes it. */
export function createAdapter(stream: PlannedStream, setting: AdapterSetting): Adapter {
  const { source, transport, codec } = stream.config;
  if (source !== undefined) return find<Adapter>([...sources, simulator], source.use).create(source.with, setting);
  if (transport === undefined || codec === undefined)
    throw new MonitorError('CONFIG', 'expected either source, or transport and codec', { id: stream.id });
  return joinCodec(
    find<Transport>(transports, transport.use).create(transport.with, setting),
    find<Codec>(codecs, codec.use).create(codec.with, setting),
  );
}
