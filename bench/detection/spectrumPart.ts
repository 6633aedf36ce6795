import { fillPoisson } from '../../src/kernel/random/poisson.ts';
import { seedXoshiro128, type RandomState } from '../../src/kernel/random/xoshiro128.ts';
import { createDetector, type Detector, type DetectorChoice, type SavedDetector } from './detector.ts';
import { oracleDelay, type OracleResult } from './oracle.ts';
import { drawPeak, PROBLEM, usualSpectrum } from './spectrumProblem.ts';
import { between } from './streamDrift.ts';

export interface SpectrumRow {
  /** Information per frame, nats. */
  readonly kl: number;
  /** Frames the detector learned from. */
  readonly n0: number;
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

/** How well the spectrum is known before the change. */
interface Calibration {
  /** Frames to learn from. */
  readonly n0: number;
  /** Spectra learned; the runs take them in turn. */
  readonly baselines: number;
  readonly runs: number;
}

/** A window of h frames against n0 gathers KL h n0 / (h + n0): from 300 frames a change of 0.03 is never certain. */
const CALIBRATIONS: readonly Calibration[] = [
  { n0: 20_000, baselines: 8, runs: 200 },
  { n0: 300, baselines: 60, runs: 60 },
];
const FULL_CALIBRATIONS: readonly Calibration[] = [
  { n0: 20_000, baselines: 50, runs: 1000 },
  { n0: 300, baselines: 400, runs: 400 },
];
const PATIENCE = 15;

/** What the problem tells of the peak: its width, and that it is new. */
const TOLD: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'change.templates': { fwhm: [Number((PROBLEM.sigma * 2.3548).toFixed(2))], sides: 'up', contrast: false },
};

export interface SpectrumReport {
  /** With the spectrum known well. */
  readonly spectrum: SpectrumRow[];
  /** With the spectrum learned from few frames. */
  readonly spectrumLearnedShort: SpectrumRow[];
}

/** Delays of a detector on the problem of 256 channels, beside those of the oracle. */
export function spectrumPart(
  choice: DetectorChoice,
  { isFull, seed }: { readonly isFull: boolean; readonly seed: number },
  say: (line: string) => void,
): SpectrumReport {
  const usual = usualSpectrum();
  const told: DetectorChoice = { ...choice, settings: { ...TOLD[choice.kind], ...choice.settings } };
  const oracles = PROBLEM.information.map((kl) => ({ kl, ...oracleDelay(usual, kl, seed) }));
  say(`\n${problemText(usual)}`);
  say(`${told.kind} is told ${JSON.stringify(told.settings)}`);
  say('    n0     KL    delay (s.e.)   oracle (s.e.)   delay / oracle   runs   alarms before   missed');
  const [long, short] = (isFull ? FULL_CALIBRATIONS : CALIBRATIONS).map((calibration) => {
    const learned = learn(told, usual, calibration, seed);
    return oracles.map((oracle): SpectrumRow => {
      const row = { ...measure(learned, usual, oracle, calibration, seed), n0: calibration.n0 };
      say(lineOf(row));
      return row;
    });
  });
  return { spectrum: long!, spectrumLearnedShort: short! };
}

interface Learned {
  readonly detector: Detector;
  readonly baselines: readonly SavedDetector[];
}

function learn(choice: DetectorChoice, usual: Float64Array, { n0, baselines }: Calibration, seed: number): Learned {
  const { channels, runLength } = PROBLEM;
  const detector = createDetector(choice, channels, n0, runLength);
  const blank = detector.save();
  const state = seedXoshiro128(seed, 6000 + n0);
  const values = new Float64Array(channels);
  const saved = Array.from({ length: baselines }, () => {
    detector.restore(blank);
    for (let t = 0; t < n0; t++) detector.take(fillPoisson(state, usual, values));
    return detector.save();
  });
  return { detector, baselines: saved };
}

function measure(
  { detector, baselines }: Learned,
  usual: Float64Array,
  { kl, delay: needed, standardError: oracleStandardError }: OracleResult & { readonly kl: number },
  { runs, n0 }: Calibration,
  seed: number,
): Omit<SpectrumRow, 'n0'> {
  const patience = Math.ceil(PATIENCE * needed);
  const state = seedXoshiro128(seed, 7000 + n0 + Math.round(1000 * kl));
  const delays: number[] = [];
  for (let run = 0; run < runs; run++) {
    detector.restore(baselines[run % baselines.length]!);
    const delay = delayOf(detector, usual, kl, patience, state);
    if (delay !== null) delays.push(delay);
  }
  const mean = delays.length === 0 ? null : delays.reduce((a, b) => a + b, 0) / delays.length;
  return {
    kl,
    delay: mean,
    standardError: mean === null ? null : errorOf(delays, mean),
    oracle: needed,
    oracleStandardError,
    runs,
    falseAlarms: runs - delays.length,
    missed: delays.filter((delay) => delay > patience).length,
  };
}

/** One run: wait, change, find. Null when the alarm came before the change. */
function delayOf(
  detector: Detector,
  usual: Float64Array,
  information: number,
  patience: number,
  state: RandomState,
): number | null {
  const { channels, quietFrames } = PROBLEM;
  const peak = drawPeak(usual, information, state);
  const values = new Float64Array(channels);
  for (let left = Math.round(between(state, ...quietFrames)); left > 0; left--)
    if (detector.take(fillPoisson(state, usual, values))) return null;
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
  const { channels, countsPerFrame, peaks, sigma, clearance, quietFrames, runLength } = PROBLEM;
  return [
    `the problem of ${channels} channels, ${countsPerFrame} counts per frame, a mean of ${runLength} frames between false alarms:`,
    `  peaks at ${peaks.map(([centre, height, width]) => `${centre} (${height} counts high, sigma ${width})`).join(', ')}`,
    `  on a background from ${usual[0]!.toFixed(2)} straight to ${usual[channels - 1]!.toFixed(2)} counts per channel;`,
    `  n0 frames to learn from, then ${quietFrames.join(' to ')} without a change, then a peak of sigma ${sigma}`,
    `  at a random place, at least ${clearance} channels from the centres of the others and from the ends,`,
    `  so high that a frame tells KL nats; nothing drifts, but the detector does not know that`,
  ].join('\n');
}

function lineOf({
  n0,
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
    String(n0).padStart(6),
    String(kl).padStart(6),
    withError(delay, standardError).padStart(15),
    withError(oracle, oracleStandardError).padStart(15),
    (delay === null ? 'none' : (delay / oracle).toFixed(2)).padStart(16),
    String(runs).padStart(6),
    String(falseAlarms).padStart(15),
    String(missed).padStart(8),
  ].join(' ');
}
