import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFocusSide, updatePoissonFocus } from '../../src/kernel/change/poissonFocus.ts';
import { needs } from '../support/requirement.ts';

interface Trigger {
  readonly threshold_sigma: number;
  readonly mu_min: number;
  readonly trigger_index: number | null;
}
interface Trace {
  readonly name: string;
  readonly counts: readonly number[];
  readonly background: number | readonly number[];
  readonly stat_up: readonly number[];
  readonly stat_down: readonly number[];
  readonly offset_up: readonly number[];
  readonly offset_down: readonly number[];
  readonly pfocus_triggers: readonly Trigger[];
}
interface Delay {
  readonly rate0: number;
  readonly ratio: number;
  readonly counts: readonly number[];
  readonly pfocus_5sigma_mu1: Trigger;
}
interface Long {
  readonly rate0: number;
  readonly counts: string;
  readonly checkpoints: readonly (readonly [index: number, up: number, offset: number, curves: number])[];
  readonly pfocus_trigger: Trigger;
}
type Golden =
  | { readonly format: 'poisson-focus-univariate/1'; readonly streams: readonly Trace[] }
  | { readonly format: 'poisson-delay/1'; readonly streams: readonly Delay[] }
  | ({ readonly format: 'poisson-long/1' } & Long)
  | { readonly format?: undefined };

const given = join(import.meta.dirname, '..', '..', '..', 'shared', 'detect');
const folders = [process.env['GOLDEN_DIR'] ?? join(import.meta.dirname, 'data')];
if (needs('data', 'detect', existsSync(given))) folders.push(given);
const files = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json') && !/^(chg|null)_/.test(name))
    .map((name) => ({ name, data: JSON.parse(readFileSync(join(folder, name), 'utf8')) as Golden })),
);

/** The statistic of one side of plain Poisson-FOCuS, and the length of its window, frame by frame. */
function trace(
  sign: 1 | -1,
  counts: readonly number[],
  background: number | readonly number[],
  level = 0,
): { statistic: Float64Array; length: Float64Array } {
  const side = createFocusSide();
  const options = { sign, memory: Infinity, bonus: false, learnedCounts: Infinity, dispersion: 1, level };
  const statistic = new Float64Array(counts.length);
  const length = new Float64Array(counts.length);
  for (let t = 0; t < counts.length; t++) {
    const expected = typeof background === 'number' ? background : background[t]!;
    statistic[t] = updatePoissonFocus(side, counts[t]!, expected, t, options);
    length[t] = side.corner < 0 ? 0 : side.hull.frames - side.hull.firsts[side.corner]!;
  }
  expect(side.hull.merged).toBe(0);
  return { statistic, length };
}
const indexOrNull = (index: number): number | null => (index < 0 ? null : index);
function expectClose(got: number, want: number, what: string): void {
  if (!(Math.abs(got - want) <= 1e-8 * (1 + want))) expect.fail(`${what}: got ${got}, expected ${want}`);
}

/** D of the window of this length that ends at t: a tie between windows is no difference. */
function windowDeviance(counts: readonly number[], background: number | readonly number[], t: number, h: number) {
  let x = 0;
  let b = 0;
  for (let i = t - h + 1; i <= t; i++) {
    x += counts[i]!;
    b += typeof background === 'number' ? background : background[i]!;
  }
  return h === 0 ? 0 : x > 0 ? x * Math.log(x / b) - x + b : b;
}

describe('Poisson-FOCuS agrees with the published implementations', () => {
  it('and there are streams to agree with', () => {
    expect(files.filter(({ data }) => data.format === 'poisson-focus-univariate/1').length).toBeGreaterThan(0);
  });

  for (const { name: file, data } of files) {
    if (data.format === 'poisson-focus-univariate/1')
      for (const { name, counts, background, pfocus_triggers: triggers, ...want } of data.streams)
        it(`${file}: ${name}`, () => {
          const up = trace(1, counts, background);
          const down = trace(-1, counts, background);
          for (let t = 0; t < counts.length; t++) {
            expectClose(up.statistic[t]!, want.stat_up[t]!, `rise at frame ${t}`);
            expectClose(down.statistic[t]!, want.stat_down[t]!, `fall at frame ${t}`);
            for (const [side, offset, best] of [
              [up, want.offset_up[t]!, want.stat_up[t]!],
              [down, want.offset_down[t]!, want.stat_down[t]!],
            ] as const)
              if (side.length[t] !== offset)
                expectClose(windowDeviance(counts, background, t, side.length[t]!), best, `window at frame ${t}`);
          }
          for (const { threshold_sigma: sigma, trigger_index: index } of triggers.filter((each) => each.mu_min === 1)) {
            const level = 0.5 * sigma * sigma;
            expect(indexOrNull(up.statistic.findIndex((value) => value >= level))).toBe(index);
            const lazy = trace(1, counts, background, level).statistic;
            expect(indexOrNull(lazy.findIndex((value) => value >= level))).toBe(index);
            for (let t = 0; t < counts.length; t++)
              if (up.statistic[t]! >= level) expect(lazy[t]).toBe(up.statistic[t]);
              else expect(lazy[t]).toBeGreaterThanOrEqual(up.statistic[t]!);
          }
        });
    if (data.format === 'poisson-delay/1')
      it(`${file}: ${data.streams.length} triggers`, () => {
        for (const { rate0, ratio, counts, pfocus_5sigma_mu1: trigger } of data.streams) {
          const { statistic } = trace(1, counts, rate0);
          const index = statistic.findIndex((value) => value >= 0.5 * trigger.threshold_sigma ** 2);
          expect(indexOrNull(index), `rate ${rate0}, ratio ${ratio}`).toBe(trigger.trigger_index);
        }
      });
    if (data.format === 'poisson-long/1')
      it(`${file}: a long stream`, () => {
        const counts = Array.from(Buffer.from(data.counts, 'hex'));
        const { statistic, length } = trace(1, counts, data.rate0);
        for (const [t, up, offset] of data.checkpoints) {
          expectClose(statistic[t]!, up, `frame ${t}`);
          if (length[t] !== offset)
            expectClose(windowDeviance(counts, data.rate0, t, length[t]!), up, `window at frame ${t}`);
        }
        const { threshold_sigma: sigma, trigger_index: index } = data.pfocus_trigger;
        expect(indexOrNull(statistic.findIndex((value) => value >= 0.5 * sigma * sigma))).toBe(index);
      });
  }
});
