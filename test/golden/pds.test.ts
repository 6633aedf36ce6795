import { describe, expect, it } from 'vitest';
import { applyBanded } from '../../src/kernel/transfer/bandedMap.ts';
import { learnDirect } from '../../src/kernel/transfer/directStandardisation.ts';
import { applyLowRank } from '../../src/kernel/transfer/lowRankMap.ts';
import { learnPds } from '../../src/kernel/transfer/pds.ts';
import { slopeBias } from '../../src/kernel/transfer/slopeBias.ts';
import type { Standards } from '../../src/kernel/transfer/standards.ts';
import type { WindowRegression } from '../../src/kernel/transfer/windowRegression.ts';
import { expectClose, goldenCases, itHasCases, numbers, ofKind, type GoldenCase } from './goldenCases.ts';

const rows = (value: unknown): Float64Array[] => (value as unknown[]).map(numbers);
const standardsOf = ({ inputs }: GoldenCase): Standards => ({
  master: rows(inputs['masterStandards']),
  slave: rows(inputs['slaveStandards']),
});

function regressionOf({ params }: GoldenCase): WindowRegression {
  const { regression, components, ridge } = params as { regression: string; components: number; ridge: number };
  return regression === 'ridge' ? { kind: 'ridge', ridge } : { kind: regression as 'pls' | 'pcr', components };
}

const cases = goldenCases('pds');
const measured = cases.find(({ kind, inputs }) => kind === 'nominal' && 'masterStandards' in inputs);

describe('calibration transfer agrees with scikit-learn 1.2.1 and the published equations', () => {
  itHasCases(cases);

  for (const golden of ofKind(cases, 'nominal'))
    it(golden.id, () => {
      const { inputs, params, expected, tolerance } = golden;
      if ('predictionSlave' in inputs) {
        const line = slopeBias(numbers(inputs['predictionSlave']), numbers(inputs['predictionMaster']));
        expectClose([line.slope, line.bias], [expected['slope'], expected['bias']], tolerance);
        expectClose(
          numbers(inputs['apply']).map((value) => line.slope * value + line.bias),
          expected['corrected'],
          tolerance,
        );
        return;
      }
      const tests = rows(inputs['slaveTest']);
      const n = tests[0]!.length;
      if (!('halfWindow' in params)) {
        const map = learnDirect(standardsOf(golden), params['components'] as number);
        tests.forEach((test, k) => {
          const got = applyLowRank(test, map, {}, new Float64Array(n), new Float64Array(map.to.length));
          expectClose(got, rows(expected['transferred'])[k], tolerance);
        });
        return;
      }
      const halfWindow = params['halfWindow'] as number;
      const map = learnPds(standardsOf(golden), { halfWindow, regression: regressionOf(golden) });
      expectClose(map.offset, expected['offset'], tolerance);
      for (const [diagonal, wanted] of Object.entries(expected['bandDiagonals'] as Record<string, number[]>)) {
        const got = map.offset.map(
          (_, j) => map.coefficients[j * (2 * halfWindow + 1) + halfWindow + Number(diagonal)]!,
        );
        expectClose(got, wanted, tolerance);
      }
      tests.forEach((test, k) =>
        expectClose(applyBanded(test, map, {}, new Float64Array(n)), rows(expected['transferred'])[k], tolerance),
      );
    });
});

describe('calibration transfer meets standards it can learn little from', () => {
  const all: WindowRegression = { kind: 'pcr', components: 99 };

  for (const golden of ofKind(cases, 'degenerate'))
    it(golden.id, (context) => {
      const { throws } = golden.required;
      if (throws !== undefined) {
        const learn = (): unknown => learnPds(standardsOf(golden), { halfWindow: 1, regression: all });
        expect(learn).toThrow(expect.objectContaining({ reason: throws }) as Error);
      } else if (golden.id === 'identical-instruments') {
        if (measured === undefined) {
          context.skip('no standards to take as both instruments');
          return;
        }
        const standards = standardsOf(measured);
        const same = { master: standards.slave, slave: standards.slave };
        const pds = learnPds(same, { halfWindow: 2, regression: all });
        const direct = learnDirect(same, 99);
        for (const row of standards.slave) {
          const scratch = new Float64Array(row.length);
          expectClose(applyBanded(row, pds, {}, scratch), [...row], { rtol: 1e-9, atol: 1e-9 });
          const out = new Float64Array(row.length);
          expectClose(applyLowRank(row, direct, {}, scratch, out), [...row], { rtol: 1e-9, atol: 1e-9 });
        }
      } else {
        const master = numbers(golden.inputs['master']);
        const slave = rows(golden.inputs['slaveWindow']);
        const both = { master: slave.map((row, k) => row.map(() => master[k]!)), slave };
        for (const regression of [all, { kind: 'pls', components: 2 }, { kind: 'ridge', ridge: 1e-4 }] as const) {
          const map = learnPds(both, { halfWindow: 1, regression });
          expect([...map.coefficients]).toEqual(map.coefficients.length === 6 ? [0, 0, 0, 0, 0, 0] : []);
          expectClose(map.offset, [2, 2], { rtol: 1e-12, atol: 0 });
        }
      }
    });
});
