import { policyExposure } from '../../src/kernel/dose/exposurePolicy.ts';
import { policyThreshold } from '../../src/kernel/dose/exposureThreshold.ts';
import { seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';
import { FRAMES, QUIET, runExposure, type ExposureRule, type OnsetKind } from './exposureRun.ts';

/** What a policy costs and finds. */
export interface ExposureRow {
  readonly policy: string;
  readonly kind: OnsetKind;
  /** Threshold of the CUSUM for 1 % false alarm per run, nats. */
  readonly threshold: number;
  readonly runs: number;
  /** Share of runs with an alarm before the onset. */
  readonly falseAlarms: number;
  /** Mean frames from onset to detection. */
  readonly delay: number;
  /** Mean until the detection, frames of nominal exposure. */
  readonly dose: number;
  /** Root mean square error of the estimated onset, frames. */
  readonly rmsOnset: number;
  readonly missed: number;
}

/** One policy over another, by kind of onset. */
export type ExposureRatio = Readonly<Record<OnsetKind, { readonly delay: number; readonly dose: number }>>;

interface Worst {
  readonly delay: number;
  readonly dose: number;
}

export interface ExposureReport {
  readonly rows: readonly ExposureRow[];
  /** Same delay: the policy that may take half as much again while bright, over constant nominal exposure. The worse of step and ramp, and each. */
  readonly ratio: Worst & ExposureRatio;
  /** The policy that never exceeds nominal exposure, over constant nominal exposure. */
  readonly withinNominal: Worst & ExposureRatio;
  /** Equal dose: the latter over constant exposure of 0.3. */
  readonly equalDose: ExposureRatio;
}

const twoLevel =
  (lo: number, hi: number, raiseAt: number): ExposureRule =>
  (statistic) =>
    policyExposure({ lo, hi, raiseAt }, statistic);

const CONSTANT = 'constant 1';
const EQUAL_DOSE = 'constant 0.3';
const WITHIN_NOMINAL = 'lo 0.05, hi 1, above 0.2';
const SAME_DELAY = 'lo 0.1, hi 1.5, above 0.5';

const POLICIES: readonly (readonly [string, ExposureRule])[] = [
  [CONSTANT, () => 1],
  ['constant 0.5', () => 0.5],
  [EQUAL_DOSE, () => 0.3],
  ['constant 0.1', () => 0.1],
  ['lo 0.2, hi 1, above 0.2', twoLevel(0.2, 1, 0.2)],
  [WITHIN_NOMINAL, twoLevel(0.05, 1, 0.2)],
  [SAME_DELAY, twoLevel(0.1, 1.5, 0.5)],
  ['lo 0.1, hi 1, above 1', twoLevel(0.1, 1, 1)],
  ['lo 0.1, hi 4, above 1', twoLevel(0.1, 4, 1)],
  ['lo 0.1, hi 4, above 2', twoLevel(0.1, 4, 2)],
  ['smooth, lo 0.1', (statistic) => 0.1 + 0.9 * (1 - Math.exp(-statistic))],
];

/** Delay against dose of exposure policies, over processes whose onset nobody knows. */
export function exposurePart({ full }: { readonly full: boolean }): ExposureReport {
  const runs = full ? 4000 : 800;
  const rows = POLICIES.flatMap(([policy, rule], k) => {
    const threshold = policyThreshold(QUIET, rule, FRAMES, 0.01);
    return (['step', 'ramp'] as const).map((kind) => measure(policy, rule, threshold, kind, runs, k));
  });
  const of = (policy: string, kind: OnsetKind): ExposureRow =>
    rows.find((row) => row.policy === policy && row.kind === kind)!;
  const compare = (policy: string, to: string): ExposureRatio => {
    const one = (kind: OnsetKind) => ({
      delay: of(policy, kind).delay / of(to, kind).delay,
      dose: of(policy, kind).dose / of(to, kind).dose,
    });
    return { step: one('step'), ramp: one('ramp') };
  };
  const withWorst = ({ step, ramp }: ExposureRatio) => ({
    delay: Math.max(step.delay, ramp.delay),
    dose: Math.max(step.dose, ramp.dose),
    step,
    ramp,
  });
  return {
    rows,
    ratio: withWorst(compare(SAME_DELAY, CONSTANT)),
    withinNominal: withWorst(compare(WITHIN_NOMINAL, CONSTANT)),
    equalDose: compare(WITHIN_NOMINAL, EQUAL_DOSE),
  };
}

function measure(
  policy: string,
  rule: ExposureRule,
  threshold: number,
  kind: OnsetKind,
  runs: number,
  stream: number,
): ExposureRow {
  const random = seedXoshiro128(31, stream);
  const all = Array.from({ length: runs }, () => runExposure(rule, threshold, kind, random));
  const found = all.filter(({ isFalseAlarm, delay }) => !isFalseAlarm && Number.isFinite(delay));
  const mean = (value: (run: (typeof all)[number]) => number): number =>
    found.reduce((sum, run) => sum + value(run), 0) / found.length;
  const early = all.filter(({ isFalseAlarm }) => isFalseAlarm).length;
  return {
    policy,
    kind,
    threshold,
    runs,
    falseAlarms: early / runs,
    delay: mean(({ delay }) => delay),
    dose: mean(({ dose }) => dose),
    rmsOnset: Math.sqrt(mean(({ onsetError }) => onsetError ** 2)),
    missed: runs - early - found.length,
  };
}
