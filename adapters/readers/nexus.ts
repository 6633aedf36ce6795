import { explainError, MonitorError } from '../../src/model/error.ts';
import { defineReader, type FileContents } from '../../src/model/reader.ts';
import { modalityOf } from '../hdf5/axisName.ts';
import type { Hdf5Node } from '../hdf5/nodes.ts';
import { openHdf5, type Hdf5File } from '../hdf5/openHdf5.ts';
import { stackProblem, stackSeries } from '../hdf5/stack.ts';
import { brokenFile } from './binary/openBytes.ts';
import { stackOf, type DataGroup } from './nexus/dataGroup.ts';
import { nexusGroups, plainGroups } from './nexus/findGroups.ts';
import { slowLogs } from './nexus/slowLogs.ts';

const SIGNATURE = '\x89HDF\r\n\x1a\n';
const MAX_SERIES = 1000;
const MAX_LISTED = 40;

export default defineReader({
  name: 'nexus',
  summary:
    'NeXus, and HDF5 with an axis beside its spectra: each NXdata is a series, its first dimension are the frames.',
  extensions: ['nxs', 'h5', 'hdf5', 'hdf', 'nx', 'nxspe'],
  // Other formats are HDF5 inside and know better what is in them.
  recognise: ({ text }) => (text.startsWith(SIGNATURE) ? 'likely' : null),
  async open({ path }) {
    const file = await openHdf5(path, path, undefined);
    try {
      return contentsOf(file, path);
    } catch (error) {
      file.close();
      throw error instanceof MonitorError ? error : brokenFile(path, 'the file cannot be read', error);
    }
  },
});

function contentsOf(file: Hdf5File, path: string): FileContents {
  const nodes = file.nodes();
  const named = nexusGroups(file, nodes);
  const isNexus = named.length > 0 || nodes.some((node) => node.attributes.has('NX_class'));
  const { samples, oddities } = slowLogs(file, nodes);
  const groups = (named.length > 0 ? named : plainGroups(nodes)).slice(0, MAX_SERIES);
  const broken = (what: string, cause?: unknown): MonitorError => brokenFile(path, what, cause);
  const series = groups.flatMap((group) => seriesOf(file, group, named.length === 0, oddities, broken));
  if (series.length === 0)
    throw broken(
      `no spectra in this file${oddities.length === 0 ? '' : `: ${oddities.join('; ')}`}. There is ${listed(nodes).join(', ') || 'no dataset'}`,
    );
  const isOnly = series.length === 1;
  const axis = series[0]!.layout.axes[0]!;
  return {
    format: isNexus ? 'NeXus' : 'HDF5',
    modality: modalityOf(axis.name, axis.unit),
    series: series.map((each) => (isOnly ? { ...each, name: '' } : each)),
    slow: samples,
    oddities,
    close: file.close,
  };
}

function seriesOf(
  file: Hdf5File,
  group: DataGroup,
  needsAxis: boolean,
  oddities: string[],
  broken: (what: string, cause?: unknown) => MonitorError,
) {
  if (group.signal.attributes.get('interpretation')?.[0] === 'image') {
    oddities.push(`'${group.signal.path}' are images`);
    return [];
  }
  const problem = stackProblem(group.signal.path, group.signal.shape ?? []);
  if (problem !== null) {
    oddities.push(problem);
    return [];
  }
  try {
    const stack = stackOf(file, group, needsAxis);
    if (stack === null) {
      oddities.push(`'${group.signal.path}' [${group.signal.shape?.join(', ')}] has no axis beside it`);
      return [];
    }
    const { descends, ...series } = stackSeries(stack, broken);
    if (descends) oddities.push(`the axis of '${group.name}' descends in the file; the spectra are turned round`);
    return [series];
  } catch (error) {
    oddities.push(explainError(error));
    return [];
  }
}

const listed = (nodes: readonly Hdf5Node[]): string[] =>
  nodes
    .filter(({ shape }) => shape !== null)
    .slice(0, MAX_LISTED)
    .map(({ path, shape }) => `${path} [${shape?.join(', ')}]`);
