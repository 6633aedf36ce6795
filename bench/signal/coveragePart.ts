import { coverageOf, type Coverage } from './intervals/coverageOf.ts';
import { EDGE_CASES } from './intervals/edgeCases.ts';
import { PEAK_CASES } from './intervals/peakCases.ts';
import { SUM_CASES } from './intervals/sumCases.ts';

const SPECTRA = 2000;
const SEED = 11;

/** How often the 95 % intervals of positions, areas, intensities and sums hold the truth, over 2 000 spectra each. */
export const coveragePart = (): Readonly<Record<string, Coverage>> =>
  Object.fromEntries(
    [...PEAK_CASES, ...EDGE_CASES, ...SUM_CASES].map(([name, each]) => [name, coverageOf(each, SPECTRA, SEED)]),
  );

/** One line per number. */
export function tellCoverage(all: Readonly<Record<string, Coverage>>): void {
  console.log(
    `${'95 % intervals over 2 000 spectra'.padEnd(56)}hold the truth    scatter over stated error, bias in it`,
  );
  for (const [name, { covered, scatter, bias }] of Object.entries(all))
    console.log(
      covered === null
        ? `${name.padEnd(56)}no error is given`
        : `${name.padEnd(56)}${(100 * covered).toFixed(1).padStart(5)} %           ${scatter!.toFixed(2)}   ${bias!.toFixed(2)}`,
    );
}
