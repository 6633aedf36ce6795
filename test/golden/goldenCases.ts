import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** How near is near enough: |got - want| <= atol + rtol |want|. */
export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
  readonly chi2_rtol?: number;
  readonly stderr_rtol?: number;
}

/** One case of a golden file of schema `oracle/1`; inputs that point at another case are already followed. */
export interface GoldenCase {
  readonly id: string;
  readonly kind: 'nominal' | 'degenerate';
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, unknown>>;
  /** Of nominal cases. */
  readonly expected: Readonly<Record<string, unknown>>;
  /** Of nominal cases. */
  readonly tolerance: Tolerance;
  /** Of degenerate cases. */
  readonly required: Readonly<Record<string, unknown>> & { readonly throws?: string; readonly returns?: unknown };
  readonly peer_outcome?: { readonly returned?: unknown };
  readonly optional?: boolean;
}

interface GoldenFile {
  readonly method?: string;
  readonly cases?: GoldenCase[];
}

/** The golden files of this checkout. */
export const OWN_FOLDER = join(import.meta.dirname, 'data');
const other = process.env['GOLDEN_DIR'];
const folder = other ?? OWN_FOLDER;

/** All cases of a method found in a folder, by default GOLDEN_DIR, by default `test/golden/data`. */
export function goldenCases(method: string, from = folder): GoldenCase[] {
  return readdirSync(from)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(from, name), 'utf8')) as GoldenFile)
    .filter((file) => file.method === method)
    .flatMap(({ cases = [] }) =>
      cases.map((each) => ({
        ...each,
        inputs: Object.fromEntries(Object.keys(each.inputs).map((name) => [name, inputOf(cases, each, name)])),
      })),
    );
}

/** A test that there are cases; another folder need not have any of a method. */
export function itHasCases(cases: readonly GoldenCase[]): void {
  it.skipIf(other !== undefined && cases.length === 0)('and there are cases to agree with', () =>
    expect(cases.length).toBeGreaterThan(0),
  );
}

/** The cases of a kind; where there are none, the suite says so instead of being empty. */
export function ofKind(cases: readonly GoldenCase[], kind: GoldenCase['kind']): readonly GoldenCase[] {
  const found = cases.filter((golden) => golden.kind === kind);
  if (found.length === 0) it.skip(`no ${kind} case in ${folder}`);
  return found;
}

/** "@other" stands for the input of the same name of the case `other`, or else for what is expected there. */
function inputOf(cases: readonly GoldenCase[], golden: GoldenCase, name: string): unknown {
  const value = golden.inputs[name];
  if (typeof value !== 'string' || !value.startsWith('@')) return value;
  const target = cases.find(({ id }) => id === value.slice(1));
  if (target === undefined) throw new Error(`${golden.id} points at ${value}, which is not there`);
  return name in target.inputs ? inputOf(cases, target, name) : target.expected[name];
}

/** A list of numbers; "NaN" and "Infinity" are strings in the files. */
export const numbersOf = (value: unknown): number[] => (value as (number | string)[]).map(Number);

/** The same as an array of doubles. */
export const numbers = (value: unknown): Float64Array => Float64Array.from(value as (number | string)[], Number);

/** Compares numbers, lists or lists of lists element by element. */
export function expectAllClose(got: unknown, want: unknown, tolerance: Tolerance, what: string): void {
  if (Array.isArray(want)) {
    const list = Array.from(got as ArrayLike<unknown>);
    expect(list.length, `elements of ${what}`).toBe(want.length);
    want.forEach((each, i) => expectAllClose(list[i], each, tolerance, `${what}[${i}]`));
    return;
  }
  const wanted = Number(want);
  if (!(Math.abs(Number(got) - wanted) <= tolerance.atol + tolerance.rtol * Math.abs(wanted)))
    expect.fail(`${what}: got ${String(got)}, expected ${wanted}`);
}

/** As {@link expectAllClose}, for long lists. */
export function expectClose(got: ArrayLike<number>, want: unknown, { rtol, atol }: Tolerance): void {
  const wanted = numbers(want);
  expect(got.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++)
    if (!(Math.abs(got[i]! - wanted[i]!) <= atol + rtol * Math.abs(wanted[i]!)))
      expect.fail(`element ${i}: got ${got[i]}, expected ${wanted[i]}`);
}

/** One test per nominal case, all that is expected within its tolerance; and one that there are cases. */
export function itAgrees(
  cases: readonly GoldenCase[],
  compute: (golden: GoldenCase) => Readonly<Record<string, unknown>>,
): void {
  itHasCases(cases);

  for (const golden of ofKind(cases, 'nominal'))
    it(golden.id, () => {
      const got = compute(golden);
      for (const [name, want] of Object.entries(golden.expected))
        expectAllClose(got[name], want, golden.tolerance, name);
    });
}
