/** Means of the tables: multiples of 1/4 up to 9.75. */
export const TABLES_PER_UNIT = 4;
/** Tables end at this mean. */
export const TABLES_END = 10;
/** Counts of each table: more than 63 of 9.75 have a probability below 1e-28. */
export const TABLE_COUNTS = 64;

const TABLES = TABLES_PER_UNIT * TABLES_END;
/** [tables][64] probability of k counts or fewer; the last is above every uniform number. */
export const CUMULATED = new Float64Array(TABLES * TABLE_COUNTS);
/** [tables][64] the least counts whose cumulated probability is above j / 64: where the search for a number begins. */
export const GUIDE = new Uint8Array(TABLES * TABLE_COUNTS);

for (let table = 0; table < TABLES; table++) {
  const mean = table / TABLES_PER_UNIT;
  const from = table * TABLE_COUNTS;
  let probability = Math.exp(-mean);
  let sum = 0;
  for (let k = 0; k < TABLE_COUNTS - 1; k++) {
    sum += probability;
    CUMULATED[from + k] = sum;
    probability *= mean / (k + 1);
  }
  CUMULATED[from + TABLE_COUNTS - 1] = Infinity;
  for (let j = 0, k = 0; j < TABLE_COUNTS; j++) {
    while (!(CUMULATED[from + k] > j / TABLE_COUNTS)) k++;
    GUIDE[from + j] = k;
  }
}
