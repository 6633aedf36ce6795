import type { Dataset, Group } from 'h5wasm/node';

type Library = typeof import('h5wasm/node');
export type Numbers = Float64Array | Uint8Array | BigInt64Array;

/** A dataset that gets row after row. */
export interface GrowingColumn {
  readonly name: string;
  readonly type: 'float' | 'byte' | 'long' | 'text';
  /** Channels of a row; null when a row is one number. */
  readonly width: number | null;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface GrowingFileOptions {
  readonly path: string;
  /** Attributes of the NXdata group: '@signal', '@axes'. */
  readonly attributes: Readonly<Record<string, string | string[]>>;
  /** Texts of the NXentry: title, start_time. */
  readonly entry: Readonly<Record<string, string>>;
  readonly columns: readonly GrowingColumn[];
  /** Datasets that are whole from the start: axes. */
  readonly fixed: readonly { readonly name: string; readonly values: Float64Array; readonly unit: string }[];
}

/** A NeXus file that can be read while it grows, and after the writer has died. */
export interface GrowingFile {
  /** Appends `count` rows: of each column [count * width] numbers, or [count] texts. Readers see them when it returns. */
  append(count: number, rows: Readonly<Record<string, Numbers | readonly string[]>>): void;
  close(): void;
}

/** Rows of a chunk: what a reader fetches at once. */
const CHUNK_ROWS = 64;
const TEXT_BYTES = 256;
const TYPES = { float: '<d', byte: '<B', long: '<q', text: `S${TEXT_BYTES}` } as const;
const EMPTY = { float: new Float64Array(0), byte: new Uint8Array(0), long: new BigInt64Array(0), text: [] as string[] };

/**
 * Creates the file and sets it to SWMR, after which nothing but rows can be added. Written as HDF5 1.10 does, so that
 * readers of that age can follow.
 * @throws Error of the library when the disk does not take it.
 */
export function createGrowingFile({ File }: Library, options: GrowingFileOptions): GrowingFile {
  const file = new File(options.path, 'w', { libver: 'v110' });
  file.create_attribute('default', 'entry');
  const entry = file.create_group('entry');
  entry.create_attribute('NX_class', 'NXentry');
  entry.create_attribute('default', 'data');
  for (const [name, text] of Object.entries(options.entry)) entry.create_dataset({ name, data: text });
  const group = entry.create_group('data');
  group.create_attribute('NX_class', 'NXdata');
  for (const [name, value] of Object.entries(options.attributes)) group.create_attribute(name, value);
  for (const { name, values, unit } of options.fixed)
    group.create_dataset({ name, data: values, shape: [values.length] }).create_attribute('units', unit);
  const datasets = options.columns.map((column) => ({ column, dataset: createColumn(group, column) }));
  file.start_swmr_write();
  let rowCount = 0;
  return {
    append(count, rows) {
      const end = rowCount + count;
      for (const { column, dataset } of datasets) {
        const { name, width } = column;
        dataset.resize(width === null ? [end] : [end, width]);
        const where: [number, number][] =
          width === null
            ? [[rowCount, end]]
            : [
                [rowCount, end],
                [0, width],
              ];
        dataset.write_slice(where, rows[name]);
      }
      file.flush();
      rowCount = end;
    },
    close: () => void file.close(),
  };
}

function createColumn(group: Group, { name, type, width, attributes }: GrowingColumn): Dataset {
  const dataset = group.create_dataset({
    name,
    data: EMPTY[type],
    dtype: TYPES[type],
    shape: width === null ? [0] : [0, width],
    maxshape: width === null ? [null] : [null, width],
    chunks: width === null ? [CHUNK_ROWS] : [CHUNK_ROWS, width],
  });
  for (const [attribute, value] of Object.entries(attributes)) dataset.create_attribute(attribute, value);
  return dataset;
}
