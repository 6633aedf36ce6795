import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reference spectra of one forward model. */
export interface SimulatorGolden {
  readonly schema: string;
  readonly sim: string;
  readonly tolerance: GoldenTolerance;
  readonly states: readonly GoldenState[];
}

export interface GoldenTolerance {
  readonly rtol: number;
  readonly atol_of_max: number;
}

export interface GoldenState {
  readonly name: string;
  readonly state: Readonly<Record<string, number>>;
  readonly mean: readonly number[];
  readonly mean_low?: readonly number[];
}

const folder = process.env.GOLDEN_DIR ?? 'test/golden/data';
const files = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as SimulatorGolden)
  .filter((golden) => golden.schema === 'operando-physics-golden/1');

/** The reference files of one simulator. */
export const goldenOf = (sim: string): readonly SimulatorGolden[] => files.filter((golden) => golden.sim === sim);

/** The reference states of one simulator, each with its tolerance; at least one. */
export function goldenStates(sim: string): readonly (GoldenState & { readonly tolerance: GoldenTolerance })[] {
  const states = goldenOf(sim).flatMap((golden) =>
    golden.states.map((state) => ({ ...state, tolerance: golden.tolerance })),
  );
  if (states.length === 0) throw new Error(`no reference of ${sim} in ${folder}`);
  return states;
}

/** Largest distance from the golden values in units of their tolerance. */
export function misfit(got: Float64Array, want: readonly number[], { rtol, atol_of_max }: GoldenTolerance): number {
  const floor = atol_of_max * Math.max(...want);
  return Math.max(...want.map((value, i) => Math.abs(got[i] - value) / (rtol * Math.abs(value) + floor)));
}

/** Largest difference of two spectra over the maximum of the first. */
export function relativeMisfit(want: ArrayLike<number>, got: ArrayLike<number>): number {
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < want.length; i++) {
    largest = Math.max(largest, want[i]);
    difference = Math.max(difference, Math.abs(got[i] - want[i]));
  }
  return difference / largest;
}
