import { figure, spanText } from '../../config/spanText.ts';
import type { Bounded } from '../../kernel/threshold/tail.ts';
import type { Dispersion } from '../../kernel/threshold/pairDispersion.ts';
import type { Verdict } from './judge.ts';

/** What the quiet frames of a stream or node are like. */
export interface QuietAccount {
  readonly id: string;
  readonly frames: number;
  readonly framePeriodUs: number | null;
  readonly isPeriodDeclared: boolean;
  readonly dispersion: { readonly spectrum: Dispersion | null; readonly total: Dispersion | null } | null;
}

export interface CalibrationReport {
  /** 'the recording runs/quiet', '40 runs of 10000 drawn frames'. */
  readonly source: string;
  readonly quiet: readonly QuietAccount[];
  readonly verdicts: readonly (Verdict & { readonly framePeriodUs: number | null; readonly canBeSet: boolean })[];
}
type Entry = CalibrationReport['verdicts'][number];

/** The report for a person: the data, a table, what to beware of, and the lines to paste. */
export function reportLines({ source, quiet, verdicts }: CalibrationReport): string[] {
  const rows = [
    ['detector', 'asked for', 'threshold', 'false alarms', 'that is one per (95 %)', 'threshold for it (95 %)', ''],
    ...verdicts.map(rowOf),
  ];
  const widths = (rows[0] ?? []).map((_, k) => Math.max(...rows.map((row) => row[k]?.length ?? 0)));
  const table = rows.map((row) =>
    row
      .map((cell, k) => cell.padEnd(widths[k] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const pasted = verdicts.filter(
    ({ proposed, threshold, canBeSet }) => proposed !== null && threshold !== null && canBeSet,
  );
  return [
    `Quiet data: ${source}`,
    ...quiet.map(accountLine),
    '',
    ...table,
    '',
    ...verdicts.flatMap((verdict) => warningsOf(verdict).map((warning) => `${verdict.detector}: ${warning}`)),
    ...(pasted.length === 0 ? [] : ['', 'To paste, instead of falseAlarms:', ...pasted.flatMap(yamlLines)]),
  ];
}

function accountLine({ id, frames, framePeriodUs, isPeriodDeclared, dispersion }: QuietAccount): string {
  const span = framePeriodUs === null ? '' : `, ${spanText(frames * framePeriodUs)}`;
  const period =
    framePeriodUs === null
      ? ''
      : `; one frame per ${spanText(framePeriodUs)}${isPeriodDeclared ? '' : ' (measured, not declared)'}`;
  return `  ${id}: ${frames} frames${span}${period}; ${dispersionText(dispersion)}`;
}

function dispersionText(dispersion: QuietAccount['dispersion']): string {
  if (dispersion === null) return 'no counts, so no dispersion';
  const parts = [['spectrum', dispersion.spectrum] as const, ['total counts', dispersion.total] as const].flatMap(
    ([what, measured]) => {
      if (measured === null) return [];
      const { value, standardError } = measured;
      const off = Math.abs(value - 1);
      const isPoisson = off < 3 * standardError || off < 0.01;
      const poisson = isPoisson ? 'Poisson' : value > 1 ? 'more than Poisson' : 'less than Poisson';
      return [`${what} ${value.toFixed(3)} +- ${standardError.toFixed(3)} (${poisson})`];
    },
  );
  return parts.length === 0 ? 'too few frames for a dispersion' : `dispersion of the ${parts.join(', of the ')}`;
}

/** Frames as time where the period is known. */
const lengthText = (frames: number, { framePeriodUs }: Pick<Entry, 'framePeriodUs'>): string =>
  framePeriodUs === null ? `${figure(frames)} frames` : spanText(frames * framePeriodUs);

function rowOf(entry: Entry): string[] {
  const { detector, wanted, threshold, alarms, frames, measured, proposed, extrapolation } = entry;
  return [
    detector,
    wanted === null ? 'no rate' : `one per ${lengthText(wanted, entry)}`,
    threshold === null ? 'moves' : thresholdText(threshold),
    `${alarms} in ${frames}`,
    frames === 0
      ? '-'
      : measured.high === Infinity
        ? `${lengthText(measured.low, entry)} or more`
        : `${lengthText(measured.low, entry)} to ${lengthText(measured.high, entry)}`,
    proposed === null
      ? '-'
      : threshold === null
        ? `${proposed.value < 0 ? '' : '+'}${boundedText(proposed)}`
        : boundedText(proposed),
    extrapolation === null || extrapolation <= 1 ? '' : `extrapolated ${figure(Math.round(extrapolation * 10) / 10)}x`,
  ];
}

const boundedText = ({ value, low, high }: Bounded): string =>
  `${thresholdText(value)} (${thresholdText(low)} to ${thresholdText(high)})`;

/** Two decimals are a hundredth of an e-fold; small ones keep three figures. */
const thresholdText = (value: number): string => (Math.abs(value) >= 1 ? value.toFixed(2) : figure(value));

/** What keeps a number from meaning what it seems to mean. */
export function warningsOf(entry: Entry): string[] {
  const { frames, wanted, measured, alarms, detections, tail, byTail, supported, extrapolation } = entry;
  if (frames === 0) return ['it judged no frame: all of them went into learning; give it more'];
  const length = (count: number): string => lengthText(count, entry);
  const warnings: string[] = [];
  if (wanted !== null && extrapolation !== null && extrapolation > 1)
    warnings.push(
      `${length(frames)} can support one alarm per ${length(supported)}; one per ${length(wanted)} is extrapolated ${figure(Math.round(extrapolation * 10) / 10)}x`,
    );
  if (tail === null)
    warnings.push(
      `too little to say anything about a threshold: ${entry.episodes} independent episodes, 50 are needed`,
    );
  else if (byTail !== null)
    warnings.push(
      `at the present threshold the tail of ${tail.episodes} episodes gives one per ${length(byTail.value)} (${length(byTail.low)} to ${length(byTail.high)})`,
    );
  if (wanted !== null && measured.high < wanted)
    warnings.push(
      `it alarms more often than asked for: one per ${length(measured.high)} at best, asked for one per ${length(wanted)}`,
    );
  if (detections > 0.1 * frames && detections > 5 * alarms)
    warnings.push(`${detections} of ${frames} frames have a detection: is this recording quiet?`);
  if (tail?.isOneExpected === true && tail.scale - 2 * tail.scaleError > 1.1)
    warnings.push(
      `its tail is ${tail.scale.toFixed(2)} times as long as counting statistics make it: more than Poisson noise, or drift`,
    );
  return warnings;
}

function yamlLines(entry: Entry): string[] {
  const { detector, proposed, wanted } = entry;
  if (proposed === null || wanted === null) return [];
  return [
    `  - id: ${detector}`,
    `    with: { threshold: ${thresholdText(proposed.value)} } # one false alarm per ${lengthText(wanted, entry)}, 95 %: ${thresholdText(proposed.low)} to ${thresholdText(proposed.high)}`,
  ];
}
