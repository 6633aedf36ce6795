import type { Alert } from '../../src/model/alert.ts';
import { makeFrame } from '../../src/model/frame.ts';
import { spectrumLayout } from '../../src/model/layout.ts';
import type { Reading } from '../../src/model/signal.ts';
import type { Sink } from '../../src/model/sink.ts';

const PEAKS = [24, 28.5, 33.2, 38.5, 41.3, 47.9, 52.6, 56.4] as const;
const HEIGHTS = [150, 450, 650, 200, 300, 380, 110, 170] as const;
/** Centres and gain (+) or loss (−) of the new phase. */
const CHANGES = [
  [30.9, 70],
  [33.2, -80],
  [35.7, 45],
  [44.6, 75],
  [50.2, 38],
] as const;
const HALF_WIDTH = 0.45;

export interface ScriptOptions {
  readonly seed?: number;
  readonly channels?: number;
  readonly framePeriodUs?: number;
  readonly startUs?: number;
  /** Frame with which the new phase begins to grow; none by default. */
  readonly changeAt?: number;
  /** Frames after that until the alert is raised. */
  readonly delay?: number;
  readonly message?: string;
}

/** A diffraction run with seeded Poisson counts, written signal by signal in the order a pipeline would. */
export interface ScriptedRun {
  readonly seq: number;
  write(feed: Sink, frames: number): void;
  clearAlert(feed: Sink): void;
  /** As if the operator had accepted the new state: the alert is cleared, and the detectors learn it for so many frames. */
  accept(feed: Sink, learn: number): void;
  /** As if frames had been lost. */
  skip(frames: number): void;
}

export function createScriptedRun(options: ScriptOptions = {}): ScriptedRun {
  const { channels = 1024, framePeriodUs = 100_000, startUs = 1_795_000_000_000_000 } = options;
  let changeAt = options.changeAt ?? Infinity;
  let learning = { from: 0, to: 0 };
  const delay = options.delay ?? 12;
  const random = mulberry(options.seed ?? 1);
  const layout = spectrumLayout(
    {
      name: 'twoTheta',
      unit: 'deg',
      coordinates: Float64Array.from({ length: channels }, (_, i) => 20 + (40 * (i + 0.5)) / channels),
    },
    { quantity: 'counts', unit: '1', noise: 'poisson' },
  );
  const centres = layout.axes[0]?.coordinates ?? new Float64Array(0);
  const base = centres.map((x) =>
    PEAKS.reduce((sum, peak, k) => sum + peakAt(x, peak, HEIGHTS[k] ?? 0), 48 + 45 * Math.exp(-(x - 20) / 9)),
  );
  const phase = centres.map((x) => CHANGES.reduce((sum, [at, height]) => sum + peakAt(x, at, height), 0));
  const observed = makeFrame({
    stream: 'detector',
    seq: 0,
    timeUs: 0,
    exposureUs: framePeriodUs,
    layout,
    values: new Float64Array(channels),
  });
  const expected = makeFrame({
    ...observed,
    values: new Float64Array(channels),
    variances: new Float64Array(channels),
  });
  const ratios: Record<string, number> = { regionScan: 0.1, shapeMatch: 0.1, total: 0.1 };
  let seq = -1;
  let alert: Alert | null = null;

  function reading(stage: string, name: string, value: number, unit = '1', standardError?: number): Reading {
    const timeUs = startUs + seq * framePeriodUs;
    return {
      standardError,
      type: 'reading',
      stream: 'detector',
      seq,
      timeUs,
      stage,
      name,
      value,
      unit,
      quality: 'valid',
    };
  }
  function raise(phaseName: Alert['phase'], region: readonly [number, number], sign: 1 | -1): Alert {
    const onsetUs = startUs + changeAt * framePeriodUs;
    return {
      type: 'alert',
      id: `spectrumChanged-detector-${changeAt}`,
      rule: 'spectrumChanged',
      stream: 'detector',
      seq,
      timeUs: startUs + seq * framePeriodUs,
      onsetUs,
      onsetIntervalUs: [onsetUs - 4 * framePeriodUs, onsetUs + 4 * framePeriodUs],
      severity: 'warning',
      phase: phaseName,
      message: options.message ?? 'The spectrum differs from its reference between 30.45 and 31.35 deg.',
      evidence: ['regionScan', 'shapeMatch'],
      statistic: 14.2,
      threshold: 9.1,
      region,
      regionUnit: 'deg',
      sign,
      template: 'peak',
      averageRunLength: (8 * 3600e6) / framePeriodUs,
    };
  }
  function writeOne(feed: Sink): void {
    seq++;
    const timeUs = startUs + seq * framePeriodUs;
    const gain = 1 - 0.05 * Math.min(1, seq / 600) + 0.01 * Math.sin(seq / 25);
    const grown = Math.min(1, Math.max(0, (seq - changeAt) / 40));
    observed.seq = expected.seq = seq;
    observed.timeUs = expected.timeUs = timeUs;
    const temperature = 25 + 0.35 * seq;
    observed.context = { temperature };
    observed.contextAgeUs = { temperature: 2e5 };
    const scatter = expected.variances ?? new Float64Array(channels);
    for (let i = 0; i < channels; i++) {
      const mean = gain * (base[i] ?? 0);
      observed.values[i] = poisson(Math.max(0, mean + grown * gain * (phase[i] ?? 0)), random);
      expected.values[i] = mean;
      scatter[i] = mean;
    }
    feed.write(observed, 'detector');
    feed.write(expected, 'regionScan');
    for (const stage of Object.keys(ratios)) {
      if (seq < learning.to) {
        const learned = (seq + 1 - learning.from) / (learning.to - learning.from);
        feed.write(reading(stage, 'learning', learned), stage);
        continue;
      }
      const drift = stage !== 'total' && grown > 0 ? 0.35 * grown : -0.02;
      const next = Math.max(0, (ratios[stage] ?? 0) + drift + 0.05 * gauss(random));
      ratios[stage] = grown > 0 ? next : Math.min(0.8, next);
      feed.write(reading(stage, 'statistic', 9.1 * (ratios[stage] ?? 0)), stage);
      feed.write(reading(stage, 'threshold', 9.1), stage);
    }
    feed.write(reading('regionScan', 'gain', gain, '1', 0.0031), 'regionScan');
    feed.write(
      reading('regionScan', 'shift', -0.051 * Math.min(1, seq / 600) + 0.002 * gauss(random), 'deg', 0.002),
      'regionScan',
    );
    feed.write(reading('shapeMatch', 'broadening', 0.0104, 'deg', 0.004), 'shapeMatch');
    feed.write(reading('shapeMatch', 'dispersion', 1.31), 'shapeMatch');
    feed.write(reading('total', 'trim', 0.42), 'total');
    feed.write(reading('total', 'waiting', 120), 'total');
    feed.write(reading('total', 'frozen.evidence', 1), 'total');
    feed.write(reading('total', 'frozen.bound', 0), 'total');
    const dose = 15_000 * (seq + 1) * (framePeriodUs / 1e6);
    feed.write(reading('dose', 'dose', dose, 'Gy'), 'dose');
    feed.write(reading('dose', 'doseRate', 15_000, 'Gy/s'), 'dose');
    feed.write(reading('dose', 'doseFraction', dose / 30e6), 'dose');
    feed.write(reading('dose', 'doseExhausted', (30e6 - dose) / 15_000, 's'), 'dose');
    if (seq < changeAt + delay) return;
    for (const [at, height] of CHANGES)
      feed.write(
        {
          type: 'detection',
          stream: 'detector',
          seq,
          timeUs,
          onsetUs: startUs + changeAt * framePeriodUs,
          detector: 'regionScan',
          statistic: 9 + Math.abs(height) / 10,
          threshold: 9.1,
          region: [at - HALF_WIDTH, at + HALF_WIDTH],
          regionUnit: 'deg',
          sign: height > 0 ? 1 : -1,
        },
        'regionScan',
      );
    alert = raise(alert === null ? 'raised' : 'updated', [30.45, 31.35], 1);
    if (seq === changeAt + delay || seq % 10 === 0) feed.write(alert, 'spectrumChanged');
  }
  return {
    get seq() {
      return seq;
    },
    write(feed, frames) {
      for (let k = 0; k < frames; k++) writeOne(feed);
    },
    clearAlert(feed) {
      if (alert !== null) feed.write({ ...alert, phase: 'cleared' }, 'spectrumChanged');
    },
    accept(feed, learn) {
      if (alert !== null) {
        const message = `New state accepted as the reference: ${alert.message}`;
        const [timeUs, clearedBy] = [startUs + seq * framePeriodUs, 'operator'] as const;
        feed.write({ ...alert, seq, timeUs, message, phase: 'cleared', clearedBy }, 'spectrumChanged');
      }
      alert = null;
      changeAt = Infinity;
      base.forEach((value, i) => (base[i] = value + (phase[i] ?? 0)));
      for (const stage of Object.keys(ratios)) ratios[stage] = 0.1;
      learning = { from: seq + 1, to: seq + 1 + learn };
    },
    skip(frames) {
      seq += frames;
    },
  };
}

function peakAt(x: number, centre: number, height: number): number {
  const d = (x - centre) / 0.22;
  return height * Math.exp(-0.5 * d * d);
}

/** Uniform in [0, 1), 32-bit state. */
function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function gauss(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Knuth below 30; above it a sum of halves, which is Poisson again. */
function poisson(mean: number, random: () => number): number {
  if (mean > 30) return poisson(mean / 2, random) + poisson(mean / 2, random);
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count++;
  return count;
}
