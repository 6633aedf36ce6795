import type { Dataset, Group } from 'h5wasm/node';

/** A dataset that grows along its first dimension; a block of rows is kept in memory. */
export interface GrowingArray {
  /** Rows so far. */
  readonly rowCount: number;
  /** One more row. */
  append(row: ArrayLike<number>): void;
  /** One more row of one number. */
  push(value: number): void;
  /** Rows of the fill value until there are so many. */
  padTo(rowCount: number): void;
  /** Writes what is in memory; the dataset exists from then on. */
  flush(): void;
}

export interface GrowingOptions {
  /** Of one row; [] for one number. */
  readonly rowShape: readonly number[];
  /** '<d' float64, '<B' uint8. */
  readonly type: '<d' | '<B';
  /** Where nothing was measured. */
  readonly fill: number;
  readonly attributes: Readonly<Record<string, string | number>>;
}

const BLOCK_BYTES = 1 << 20;
const MOST_ROWS = 1024;

export function createGrowingArray(group: Group, name: string, options: GrowingOptions): GrowingArray {
  const { rowShape, type, fill, attributes } = options;
  const rowSize = rowShape.reduce((product, length) => product * length, 1);
  const blockRows = Math.max(1, Math.min(MOST_ROWS, Math.floor(BLOCK_BYTES / (8 * rowSize))));
  const block = type === '<d' ? new Float64Array(blockRows * rowSize) : new Uint8Array(blockRows * rowSize);
  let dataset: Dataset | null = null;
  let written = 0;
  let used = 0;

  const flush = (): void => {
    if (used === 0 && dataset !== null) return;
    const data = block.subarray(0, used * rowSize);
    if (dataset === null) {
      const shape = [used, ...rowShape];
      const growth = { maxshape: [null, ...rowShape], chunks: [blockRows, ...rowShape] };
      dataset = group.create_dataset({ name, data, shape, dtype: type, ...growth });
      for (const [key, value] of Object.entries(attributes)) dataset.create_attribute(key, value);
    } else {
      dataset.resize([written + used, ...rowShape]);
      dataset.write_slice(
        [[written, written + used], ...rowShape.map((length): [number, number] => [0, length])],
        data,
      );
    }
    written += used;
    used = 0;
  };
  const advance = (): void => {
    if (++used === blockRows) flush();
  };
  return {
    get rowCount() {
      return written + used;
    },
    append(row) {
      block.set(row, used * rowSize);
      advance();
    },
    push(value) {
      block[used] = value;
      advance();
    },
    padTo(rowCount) {
      while (written + used < rowCount) {
        block.fill(fill, used * rowSize, (used + 1) * rowSize);
        advance();
      }
    },
    flush,
  };
}
