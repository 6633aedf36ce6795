import { existsSync } from 'node:fs';
import type { Dataset } from 'h5wasm/node';
import { MonitorError } from '../../src/model/error.ts';
import { missing } from '../files/missing.ts';
import { usePlugins } from './usePlugins.ts';
import { isFew, listNodes, type Hdf5Node } from './nodes.ts';

const MAX_VECTOR = 2 ** 24;

/** A dataset that is read in parts. */
export interface NumberArray {
  readonly shape: readonly number[];
  /** Rows [from, to) along the first dimension, row-major, into `target`. */
  readRows(from: number, to: number, target: Float64Array): void;
}

/** An HDF5 file open for reading; only what is asked for is in memory. */
export interface Hdf5File {
  /** @throws MonitorError 'ADAPTER' when there is no such dataset of numbers, naming those there are. */
  array(path: string): NumberArray;
  /** All of a one-dimensional dataset. @throws MonitorError 'ADAPTER' when it has not `length` numbers, if that is given. */
  vector(path: string, length?: number): Float64Array;
  /** A text, or the first of several; null when there is none. */
  text(path: string): string | null;
  /** All groups and datasets there are. */
  nodes(): readonly Hdf5Node[];
  close(): void;
}

/**
 * @param mode - 'live' for a file that is still written, by a writer in SWMR mode: as it is now. It has to be closed
 *   before more of it is seen: an open dataset that grows gives wrong chunks, with a refresh, too (HDF5 2.0 in h5wasm 0.10).
 * @throws MonitorError 'ADAPTER' when the file is missing or is no HDF5.
 */
export async function openHdf5(
  path: string,
  id: string,
  sourceNote: string | undefined,
  mode: 'whole' | 'live' = 'whole',
): Promise<Hdf5File> {
  if (!existsSync(path)) throw missing(id, path, sourceNote);
  const { ready, File, Dataset: DatasetClass, Group } = await import('h5wasm/node');
  const module = await ready;
  module.activate_throwing_error_handler();
  await usePlugins(module);
  const broken = (what: string, cause?: unknown): MonitorError =>
    new MonitorError('ADAPTER', what, { id, path }, { cause });

  let file: InstanceType<typeof File>;
  try {
    file = new File(path, mode === 'live' ? 'Sr' : 'r');
  } catch (cause) {
    throw broken(`${path} is no readable HDF5 file`, shortened(cause));
  }
  const listed = (group: InstanceType<typeof Group>, above: string): string[] =>
    group.keys().flatMap((key) => {
      const entry = group.get(key);
      if (entry instanceof Group) return listed(entry, `${above}${key}/`);
      return entry instanceof DatasetClass ? [`${above}${key} [${entry.shape?.join(', ')}]`] : [];
    });
  const dataset = (name: string): Dataset => {
    let found: unknown = null;
    try {
      found = file.get(name);
    } catch {
      // Reported just below, with what there is instead.
    }
    if (!(found instanceof DatasetClass) || found.shape === null)
      throw broken(`there is no dataset '${name}' in ${path}, but ${listed(file, '').slice(0, 40).join(', ')}`);
    return found;
  };
  const array = (name: string): NumberArray => {
    const source = dataset(name);
    const shape = source.shape ?? [];
    return {
      shape,
      readRows(from, to, target) {
        let part: unknown;
        try {
          part = source.slice([[from, to], ...shape.slice(1).map((length): [number, number] => [0, length])]);
        } catch (cause) {
          throw broken(`'${name}' cannot be read (a filter that is not built in?)`, shortened(cause));
        }
        if (!ArrayBuffer.isView(part)) throw broken(`'${name}' holds no numbers`);
        copyInto(part as Float64Array | BigInt64Array, target);
      },
    };
  };
  return {
    array,
    vector(name, length) {
      const source = array(name);
      const count = source.shape.reduce((product, extent) => product * extent, 1);
      if (length !== undefined && count !== length) throw broken(`'${name}' has ${count} numbers, expected ${length}`);
      if (!(count <= MAX_VECTOR))
        throw broken(`'${name}' has ${count} numbers, more than ${MAX_VECTOR} are not read at once`);
      const values = new Float64Array(count);
      source.readRows(0, source.shape[0] ?? 0, values);
      return values;
    },
    text(name) {
      try {
        const entry = file.get(name);
        const value = entry instanceof DatasetClass && isFew(entry.shape) ? entry.json_value : null;
        const first: unknown = Array.isArray(value) ? value[0] : value;
        return typeof first === 'string' ? first : null;
      } catch {
        return null;
      }
    },
    nodes: () =>
      listNodes(
        file,
        (entity) => entity instanceof Group,
        (entity) => entity instanceof DatasetClass,
      ),
    close: () => void file.close(),
  };
}

function copyInto(part: Float64Array | BigInt64Array, target: Float64Array): void {
  if (part instanceof BigInt64Array || part instanceof BigUint64Array)
    for (let i = 0; i < part.length; i++) target[i] = Number(part[i]);
  else target.set(part);
}

/** HDF5 explains itself over a page; the last cause is what helps. */
function shortened(cause: unknown): Error {
  const message = cause instanceof Error ? cause.message : String(cause);
  const lines = message.split('\n').filter((line) => /#\d+:/.test(line));
  return new Error((lines.at(-1) ?? message).trim().slice(0, 300), { cause });
}
