import type { Group } from 'h5wasm/node';

type Row = Readonly<Record<string, string | number>>;

/** What happened now and then, a column per field; kept in memory until it is written. */
export interface NexusTable {
  add(row: Row): void;
  /** Makes the group, when there is something to hold. */
  write(): void;
  /** Rows beyond the most that are kept. */
  readonly leftOut: number;
}

const MOST_ROWS = 100_000;

/** @param units - of the columns that are numbers with one. */
export function createNexusTable(parent: Group, name: string, units: Readonly<Record<string, string>>): NexusTable {
  const rows: Row[] = [];
  let leftOut = 0;
  return {
    add(row) {
      if (rows.length < MOST_ROWS) rows.push(row);
      else leftOut++;
    },
    write() {
      const [first] = rows;
      if (first === undefined) return;
      const group = parent.create_group(name);
      group.create_attribute('NX_class', 'NXcollection');
      for (const [column, value] of Object.entries(first)) {
        const data =
          typeof value === 'number'
            ? Float64Array.from(rows, (row) => Number(row[column]))
            : rows.map((row) => String(row[column]));
        const made = group.create_dataset({ name: column, data });
        if (units[column] !== undefined) made.create_attribute('units', units[column]);
      }
    },
    get leftOut() {
      return leftOut;
    },
  };
}
