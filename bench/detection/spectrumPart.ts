import { fillPoisson } from '../../src/kernel/random/poisson.ts';
import { seedXoshiro128, type RandomState } from '../../src/kernel/random/xoshiro128.ts';
import { createDetector, type DetectorChoice } from './detector.ts';
import { oracleDelay } from './oracle.ts';
import { drawPeak, PROBLEM, usualSpectrum } from './spectrumProblem.ts';
import { between } from './streamDrift.ts';

export interface SpectrumRow {
  /** Information per frame, nats. */
  readonly kl: number;
  /** Mean delay in frames; null when every run ended in a false alarm. */
  readonly delay: number | null;
  readonly standardError: number | null;
  readonly oracle: number;
  readonly oracleStandardError: number;
  readonly runs: number;
  /** Runs given up because an alarm came before the change. */
  readonly falseAlarms: number;
  /** Runs whose change was not found within 15 times what the oracle needs; they count as if found then. */
  readonly missed: number;
}

const RUNS = 60;
const FULL_RUNS = 400;
const PATIENCE = 15;

/** Delays of a detector on the problem of 256 channels, beside those of the oracle. */
export function spectrumPart(
  choice: DetectorChoice,
  options: { readonly isFull: boolean; readonly seed: number },
  say: (line: string) => void,
): SpectrumRow[] {
  const usual = usualSpectrum();
  say(`\n${problemText(usual)}`);
  say('   KL    delay (s.e.)   oracle (s.e.)   delay / oracle   runs   alarms before   missed');
  return PROBLEM.information.map((kl) => {
    const oracle = oracleDelay(usual, kl, options.seed);
    const patience = Math.ceil(PATIENCE * oracle.delay);
    const delays: number[] = [];
    let falseAlarms = 0;
    const runs = options.isFull ? FULL_RUNS : RUNS;
    const state = seedXoshiro128(options.seed, 7000 + Math.round(1000 * kl));
    for (let run = 0; run < runs; run++) {
      const delay = delayOf(choice, usual, kl, patience, state);
      if (delay === null) falseAlarms++;
      else delays.push(delay);
    }
    const missed = delays.filter((delay) => delay > patience).length;
    const mean = delays.length === 0 ? null : delays.reduce((a, b) => a + b, 0) / delays.length;
    const row: SpectrumRow = {
      kl,
      delay: mean,
      standardError: mean === null ? null : errorOf(delays, mean),
      oracle: oracle.delay,
      oracleStandardError: oracle.standardError,
      runs,
      falseAlarms,
      missed,
    };
    say(lineOf(row));
    return row;
  });
}

/** One run: learn, wait, change, find. Null when the alarm came before the change. */
function delayOf(
  choice: DetectorChoice,
  usual: Float64Array,
  information: number,
  patience: number,
  state: RandomState,
): number | null {
  const { channels, calibrationFrames, quietFrames, runLength } = PROBLEM;
  const detector = createDetector(choice, channels, calibrationFrames, runLength);
  const peak = drawPeak(usual, information, state);
  const values = new Float64Array(channels);
  const quiet = calibrationFrames + Math.round(between(state, ...quietFrames));
  for (let t = 0; t < quiet; t++) if (detector.take(fillPoisson(state, usual, values))) return null;
  for (let delay = 1; delay <= patience; delay++)
    if (detector.take(fillPoisson(state, peak.mean, values))) return delay;
  return patience + 1;
}

function errorOf(delays: readonly number[], mean: number): number | null {
  if (delays.length < 2) return null;
  const squares = delays.reduce((sum, delay) => sum + (delay - mean) ** 2, 0);
  return Math.sqrt(squares / (delays.length - 1) / delays.length);
}

function problemText(usual: Float64Array): string {
  const { channels, countsPerFrame, peaks, sigma, clearance, calibrationFrames, quietFrames, runLength } = PROBLEM;
  return [
    `the problem of ${channels} channels, ${countsPerFrame} counts per frame, a mean of ${runLength} frames between false alarms:`,
    `  peaks at ${peaks.map(([centre, height, width]) => `${centre} (${height} counts high, sigma ${width})`).join(', ')}`,
    `  on a background from ${usual[0]!.toFixed(2)} straight to ${usual[channels - 1]!.toFixed(2)} counts per channel;`,
    `  n0 = ${calibrationFrames} frames to learn from, then ${quietFrames.join(' to ')} without a change, then a peak of sigma ${sigma}`,
    `  at a random place, at least ${clearance} channels from the centres of the others and from the ends,`,
    `  so high that a frame tells KL nats; nothing drifts, but the detector does not know that`,
  ].join('\n');
}

function lineOf({
  kl,
  delay,
  standardError,
  oracle,
  oracleStandardError,
  runs,
  falseAlarms,
  missed,
}: SpectrumRow): string {
  const withError = (value: number | null, error: number | null): string =>
    value === null ? 'none' : `${value.toFixed(1)} (${error?.toFixed(1) ?? '?'})`;
  return [
    String(kl).padStart(5),
    withError(delay, standardError).padStart(15),
    withError(oracle, oracleStandardError).padStart(15),
    (delay === null ? 'none' : (delay / oracle).toFixed(2)).padStart(16),
    String(runs).padStart(6),
    String(falseAlarms).padStart(15),
    String(missed).padStart(8),
  ].join(' ');
}
