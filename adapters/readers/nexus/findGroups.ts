import { parseStamp } from '../../ascii/time.ts';
import type { Hdf5Node } from '../../hdf5/nodes.ts';
import type { Hdf5File } from '../../hdf5/openHdf5.ts';
import { attribute, type DataGroup } from './dataGroup.ts';

/** The groups of class NXdata that have a signal; the default one first. */
export function nexusGroups(file: Hdf5File, nodes: readonly Hdf5Node[]): DataGroup[] {
  const first = defaultPath(nodes);
  return nodes
    .filter(
      (node) => node.shape === null && (attribute(node, 'NX_class') === 'NXdata' || node.attributes.has('signal')),
    )
    .sort((a, b) => Number(b.path === first) - Number(a.path === first))
    .flatMap((group) => {
      const beside = nodes.filter((node) => node.parent === group.path && node.numbers !== null);
      const signal = signalOf(group, beside);
      return signal === undefined
        ? []
        : [{ ...contextOf(file, group), signal, axes: axesOf(group, signal, beside), beside }];
    });
}

/** Of a file that is no NeXus: every dataset of two dimensions or more. */
export function plainGroups(nodes: readonly Hdf5Node[]): DataGroup[] {
  return nodes
    .filter(
      ({ shape, numbers }) =>
        numbers !== null && shape !== null && shape.length >= 2 && shape.every((extent) => extent > 1),
    )
    .map((signal) => ({
      name: signal.path,
      signal,
      axes: [],
      beside: nodes.filter((node) => node.numbers !== null && node.parent === signal.parent && node !== signal),
      startUs: null,
      facts: {},
    }));
}

function defaultPath(nodes: readonly Hdf5Node[]): string {
  const at = (path: string): Hdf5Node | undefined => nodes.find((node) => node.path === path);
  let path = '';
  for (let node: Hdf5Node | undefined = nodes[0]; node?.shape === null; node = at(path)) {
    const next = attribute(node, 'default');
    if (next === '') break;
    path = path === '' ? next : `${path}/${next}`;
  }
  return path;
}

function signalOf(group: Hdf5Node, beside: readonly Hdf5Node[]): Hdf5Node | undefined {
  const usable = beside.filter(({ shape }) => (shape?.length ?? 0) >= 1);
  const named = attribute(group, 'signal');
  return (
    usable.find(({ name }) => name === named) ??
    usable.find((node) => attribute(node, 'signal') === '1') ??
    usable.find(({ name }) => name === 'data' || name === 'counts')
  );
}

/** Of the group, or of the signal as older files have it; without either, what the datasets say of themselves. */
function axesOf(group: Hdf5Node, signal: Hdf5Node, beside: readonly Hdf5Node[]): string[] {
  const written = group.attributes.get('axes') ?? signal.attributes.get('axes');
  if (written !== undefined) return written.flatMap((text) => text.replace(/[[\]\s]/g, '').split(/[:,]/));
  const rank = signal.shape?.length ?? 0;
  return Array.from(
    { length: rank },
    (_, k) => beside.find((node) => attribute(node, 'axis') === String(k + 1))?.name ?? '',
  );
}

function contextOf(file: Hdf5File, group: Hdf5Node) {
  const entry = group.path.split('/')[0] ?? '';
  const title = file.text(`${group.path}/title`) ?? file.text(`${entry}/title`) ?? '';
  const started = file.text(`${entry}/start_time`) ?? '';
  const stated = /Z$|[+-]\d\d:?\d\d$/i.test(started.trim()) ? parseStamp(started, 'ymd', 0) : null;
  const facts = { title, started, definition: file.text(`${entry}/definition`) ?? '' };
  return {
    name: group.path,
    startUs: stated,
    facts: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== '')),
  };
}
