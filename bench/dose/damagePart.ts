import type { DoseBenchOptions } from './doseOptions.ts';
import { readDoseFiles, type DoseFile } from './doseStream.ts';
import { generateDose, SCENARIOS, type Scenario } from './generateDose.ts';
import { createRunner, type ResponseUse } from './runStream.ts';
import { addStream, addSums, emptySums, sharesOf, type DoseSums } from './scoreDose.ts';

const ALPHAS = [0.02, 0.05, 0.1] as const;
const INDICATOR = [30, 100, 1e3, 1e4, 1e6];
const SPECTRA = [1e3, 1e4, 1e5];

/** Sums of one cell, one per alpha. */
type Cell = readonly DoseSums[];
type Say = (line: string) => void;

export interface CellReport {
  readonly set: string;
  readonly counts: number;
  readonly streams: number;
  /** Shares by rule: stop when P(f after the next frame > tolerance) exceeds .02, .05, .1. */
  readonly d02: ReturnType<typeof sharesOf>;
  readonly d05: ReturnType<typeof sharesOf>;
  readonly d10: ReturnType<typeof sharesOf>;
}

const newCell = (): Cell => ALPHAS.map(emptySums);

/** Runs all streams of a file, into one cell per count level. */
export function runFile(file: DoseFile, use?: ResponseUse): Map<number, Cell> {
  const run = createRunner(file, ALPHAS, use);
  const cells = new Map<number, Cell>();
  for (const stream of file.streams) {
    const cell = cells.get(stream.counts_per_frame) ?? newCell();
    cells.set(stream.counts_per_frame, cell);
    const said = run(stream);
    cell.forEach((sums, k) => addStream(sums, file, stream, said, said.stops[k]!));
  }
  return cells;
}

export function reportCell(set: string, counts: number, cell: Cell): CellReport {
  const [d02, d05, d10] = cell.map(sharesOf);
  return { set, counts, streams: d05!.streams, d02: d02!, d05: d05!, d10: d10! };
}

export const HEADINGS =
  'set                    counts  streams   over .05 / over20 / eff    .1 over / eff    .02 over / eff   coverage f / reach';

export function lineOf({ set, counts, streams, d02, d05, d10 }: CellReport): string {
  return [
    set.padEnd(20),
    counts.toExponential(0).padStart(8),
    String(streams).padStart(8),
    `   ${d05.over.toFixed(3)} / ${d05.over20.toFixed(3)} / ${d05.efficiency.toFixed(2)}   `,
    `   ${d10.over.toFixed(3)} / ${d10.efficiency.toFixed(2)} `,
    `   ${d02.over.toFixed(3)} / ${d02.efficiency.toFixed(2)}  `,
    `  ${d05.coverage.toFixed(3)} / ${d05.reachCoverage.toFixed(2)}`,
  ].join(' ');
}

/** Streams of two windows, or of whole spectra, through the stage; without damage they stand apart. */
export function damagePart(mode: 'indicator' | 'spectra', options: DoseBenchOptions, say: Say) {
  const cells: CellReport[] = [];
  const byCounts = new Map<number, Cell>();
  say(`\n${mode}: ${options.dataDir ?? `generated, seed ${options.seed}, ${options.streams} streams per cell`}`);
  say(HEADINGS);
  const total = newCell();
  for (const { name, file } of filesOf(mode, options))
    for (const [counts, cell] of runFile(file)) {
      const report = reportCell(name, counts, cell);
      cells.push(report);
      say(lineOf(report));
      if (file.scenario === 'null') continue;
      const together = byCounts.get(counts) ?? newCell();
      byCounts.set(counts, together);
      addCells(together, cell);
      addCells(total, cell);
    }
  const levels = [...byCounts]
    .sort(([a], [b]) => a - b)
    .map(([counts, cell]) => reportCell(`${mode} together`, counts, cell));
  for (const level of levels) say(lineOf(level));
  const all = reportCell(`${mode} ALL`, 0, total);
  say(lineOf(all));
  return { all, levels, cells };
}

function addCells(to: Cell, from: Cell): void {
  to.forEach((sums, k) => addSums(sums, from[k]!));
}

function* filesOf(mode: 'indicator' | 'spectra', { dataDir, seed, streams }: DoseBenchOptions) {
  if (dataDir !== null) {
    yield* readDoseFiles(dataDir).filter(({ file }) => file.mode === mode);
    return;
  }
  if (mode === 'indicator')
    for (const scenario of SCENARIOS)
      for (const counts of INDICATOR) yield generateDose({ scenario, mode, counts, streams, seed });
  else
    for (const scenario of ['exp', 'onset'] satisfies Scenario[])
      for (const shapes of ['A', 'B'] as const)
        for (const counts of SPECTRA)
          yield generateDose({ scenario, mode, shapes, counts, streams: Math.ceil(streams / 2), seed });
}

/** Exponential damage, stated to be so: the usual rule, and the guaranteed one. */
export function assertedPart(options: DoseBenchOptions, say: Say) {
  const rows = (name: string, levels: readonly number[], use: ResponseUse): CellReport[] =>
    levels.map((counts) => {
      const { file } = generateDose({
        scenario: 'exp',
        mode: 'indicator',
        counts,
        streams: 3 * options.streams,
        seed: options.seed + 1,
      });
      const report = reportCell(name, counts, runFile(file, use).get(counts)!);
      say(`${lineOf(report)}   De ${report.d05.characteristicCoverage.toFixed(3)}`);
      return report;
    });
  say(`\nexponential, asserted\n${HEADINGS}`);
  const asserted = rows('asserted', INDICATOR, { kinetics: 'exponential' });
  const guaranteed = rows('guaranteed', [1e3, 1e4, 1e5, 1e6], {
    kinetics: 'exponential',
    rule: 'guaranteed',
    lowestFrames: 10,
  });
  return { asserted, guaranteed };
}
