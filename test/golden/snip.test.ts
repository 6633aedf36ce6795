import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { snip } from '../../src/kernel/background/snip.ts';

type Value = number | string | (number | string)[];
interface Case {
  readonly id: string;
  readonly kind: 'nominal' | 'degenerate';
  readonly inputs: { readonly y: Value };
  readonly params: { readonly halfWindow: number; readonly order: 'increasing' | 'decreasing'; readonly lls: boolean };
  readonly expected?: { readonly baseline: number[] };
  readonly tolerance?: { readonly rtol: number; readonly atol: number };
  readonly required?: Readonly<Record<string, unknown>> & {
    readonly returns?: { readonly baseline?: number[] };
    readonly clamped?: { readonly baseline: number[] };
  };
  readonly optional?: boolean;
}

const folder = process.env['GOLDEN_DIR'] ?? join(import.meta.dirname, 'data');
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as { method?: string; cases: Case[] })
  .filter((file) => file.method === 'snip');

function inputOf(golden: Case, cases: readonly Case[]): Float64Array {
  const { y } = golden.inputs;
  if (typeof y === 'string')
    return inputOf(
      cases.find(({ id }) => id === y.slice(1))!,
      cases,
    );
  return Float64Array.from(y as (number | string)[], Number);
}
const run = (golden: Case, cases: readonly Case[]): Float64Array =>
  snip(inputOf(golden, cases), {
    halfWidth: golden.params.halfWindow,
    order: golden.params.order,
    lls: golden.params.lls,
  });

function expectClose(got: Float64Array, want: readonly number[], rtol: number, atol: number): void {
  expect(got.length).toBe(want.length);
  for (let i = 0; i < want.length; i++)
    if (!(Math.abs(got[i]! - want[i]!) <= atol + rtol * Math.abs(want[i]!)))
      expect.fail(`channel ${i}: got ${got[i]}, expected ${want[i]}`);
}

describe('SNIP agrees with silx 1.1.0 (decreasing) and the published equations (increasing)', () => {
  it('and there are cases to agree with', () => expect(files.flatMap(({ cases }) => cases).length).toBeGreaterThan(0));

  for (const { cases } of files)
    for (const golden of cases.filter(({ kind, optional }) => kind === 'nominal' && optional !== true))
      it(golden.id, () => {
        expectClose(run(golden, cases), golden.expected!.baseline, golden.tolerance!.rtol, golden.tolerance!.atol);
      });
});

describe('SNIP meets what cannot be clipped', () => {
  for (const { cases } of files)
    for (const golden of cases.filter(({ kind }) => kind === 'degenerate'))
      it(golden.id, () => {
        const { throws, returns, clamped, throws_or_returns: either } = golden.required!;
        if (throws !== undefined) {
          expect(() => run(golden, cases)).toThrow(expect.objectContaining({ reason: throws }) as Error);
        } else if (either !== undefined) {
          expect(() => run(golden, cases)).toThrow(RangeError);
        } else {
          expectClose(run(golden, cases), (returns?.baseline ?? clamped?.baseline)!, 2e-8, 1e-6);
        }
      });
});
