import type { Dataset, Entity, Group } from 'h5wasm/node';

/** A group or dataset of a file, with what is written about it. */
export interface Hdf5Node {
  /** 'entry/data/intensity'; '' for the file itself. */
  readonly path: string;
  readonly name: string;
  /** Path of the group it is in. */
  readonly parent: string;
  /** Extents of a dataset, [] for a single value; null for a group. */
  readonly shape: readonly number[] | null;
  /** 'integer', 'float', or anything else, of a dataset. */
  readonly numbers: 'integer' | 'float' | null;
  /** Each attribute as text; several values where it has them. */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

const MAX_NODES = 20_000;
const MAX_DEPTH = 32;
const MAX_VALUES = 1000;
/** The same group may be linked from several places; from more it is a trap. */
const MAX_VISITS = 4;

/** All groups and datasets, each group before what is in it. A group that is linked to more often than four times is entered no more. */
export function listNodes(
  root: Group,
  isGroup: (entity: Entity | null) => entity is Group,
  isDataset: (entity: Entity | null) => entity is Dataset,
): Hdf5Node[] {
  const nodes: Hdf5Node[] = [
    { path: '', name: '', parent: '', shape: null, numbers: null, attributes: attributesOf(root) },
  ];
  const visits = new Map<string, number>();
  const walk = (group: Group, parent: string, depth: number): void => {
    const identity = attempt(() => group.create_reference().ref_data.join()) ?? parent;
    const visit = 1 + (visits.get(identity) ?? 0);
    if (visit > MAX_VISITS) return;
    visits.set(identity, visit);
    for (const name of attempt(() => group.keys()) ?? []) {
      if (nodes.length >= MAX_NODES) return;
      const entity = attempt(() => group.get(name)) ?? null;
      const path = parent === '' ? name : `${parent}/${name}`;
      if (isDataset(entity)) {
        const shape = attempt(() => entity.shape) ?? null;
        if (shape !== null)
          nodes.push({ path, name, parent, shape, numbers: numbersOf(entity), attributes: attributesOf(entity) });
      } else if (isGroup(entity)) {
        nodes.push({ path, name, parent, shape: null, numbers: null, attributes: attributesOf(entity) });
        if (depth < MAX_DEPTH) walk(entity, path, depth + 1);
      }
    }
  };
  walk(root, '', 0);
  return nodes;
}

/** HDF5 throws at what it cannot follow; such an entry is not listed. */
function attempt<Value>(look: () => Value): Value | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

function numbersOf(dataset: Dataset): Hdf5Node['numbers'] {
  const type = attempt(() => dataset.dtype);
  if (typeof type !== 'string') return null;
  if (/^[<>|=]?[fd]$/.test(type)) return 'float';
  return /^[<>|=]?[bBhHiIlLqQ]$/.test(type) ? 'integer' : null;
}

/** What a broken file claims to hold is not fetched only to be told what it is. */
export const isFew = (shape: readonly number[] | null): boolean =>
  (shape ?? []).reduce((product, extent) => product * extent, 1) <= MAX_VALUES;

function attributesOf(entity: Group | Dataset): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const name of Object.keys(attempt(() => entity.attrs) ?? {})) {
    const attribute = attempt(() => entity.attrs[name]);
    if (attribute === undefined || !isFew(attribute.shape)) continue;
    const value = attempt(() => attribute.json_value);
    const list = Array.isArray(value) ? value : [value];
    if (list.every((each) => ['string', 'number', 'boolean'].includes(typeof each)))
      found.set(
        name,
        list.map((each) => String(each).replace(/\0+$/, '')),
      );
  }
  return found;
}
