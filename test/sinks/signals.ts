import type { Alert } from '../../src/model/alert.ts';
import { makeFrame, type MutableFrame } from '../../src/model/frame.ts';
import { spectrumLayout } from '../../src/model/layout.ts';
import type { Detection, Reading } from '../../src/model/signal.ts';
import type { SinkSetting } from '../../src/model/sink.ts';

/** 2026-03-01T12:00:00Z, microseconds. */
export const START_US = Date.UTC(2026, 2, 1, 12) * 1000;
/** Ten frames per second. */
export const PERIOD_US = 100_000;

const layouts = new Map<number, ReturnType<typeof spectrumLayout>>();

/** A layout of `n` channels from 10 deg in steps of 0.02 deg; the same object each time. */
export function angleLayout(n: number) {
  let layout = layouts.get(n);
  if (layout === undefined) {
    const coordinates = Float64Array.from({ length: n }, (_, i) => 10 + 0.02 * i);
    layout = spectrumLayout(
      { name: 'twoTheta', unit: 'deg', coordinates },
      { quantity: 'counts', unit: '1', noise: 'poisson' },
    );
    layouts.set(n, layout);
  }
  return layout;
}

/** Frame `seq` of stream 'xrd': channel i holds seq + i counts. */
export function frameAt(seq: number, n = 8): MutableFrame {
  return makeFrame({
    stream: 'xrd',
    seq,
    timeUs: START_US + seq * PERIOD_US,
    exposureUs: 90_000,
    layout: angleLayout(n),
    values: Float64Array.from({ length: n }, (_, i) => seq + i),
    context: { temperature: 300 + seq },
    contextAgeUs: { temperature: 10 },
  });
}

export function readingAt(seq: number, parts: Partial<Reading> = {}): Reading {
  return {
    type: 'reading',
    stream: 'xrd',
    seq,
    timeUs: START_US + seq * PERIOD_US,
    stage: 'onset',
    name: 'statistic',
    value: seq / 4,
    unit: '1',
    quality: 'valid',
    ...parts,
  };
}

export function detectionAt(seq: number, parts: Partial<Detection> = {}): Detection {
  return {
    type: 'detection',
    stream: 'xrd',
    seq,
    timeUs: START_US + seq * PERIOD_US,
    onsetUs: START_US + (seq - 3) * PERIOD_US,
    detector: 'onset',
    statistic: 12.5,
    threshold: 9,
    region: [24.1, 24.6],
    regionUnit: 'deg',
    sign: 1,
    ...parts,
  };
}

export function alertAt(seq: number, parts: Partial<Alert> = {}): Alert {
  return {
    type: 'alert',
    id: 'newPhase-xrd-7',
    rule: 'newPhase',
    stream: 'xrd',
    seq,
    timeUs: START_US + seq * PERIOD_US,
    onsetUs: START_US + (seq - 3) * PERIOD_US,
    severity: 'warning',
    phase: 'raised',
    message: 'A "new" line at 24.3 deg, 12.5 sigma',
    evidence: ['onset'],
    statistic: 12.5,
    threshold: 9,
    region: [24.1, 24.6],
    regionUnit: 'deg',
    sign: 1,
    ...parts,
  };
}

/** A sink's surroundings that remember what it said. */
export function listeningSetting(directory = '/nowhere') {
  const reports: { state: string; detail: string }[] = [];
  const dropped: Record<string, number> = {};
  const setting: SinkSetting = {
    id: 'sink',
    run: 'run 1',
    instrument: 'lab-3',
    modality: 'xrd',
    resolvePath: (path) => (path.startsWith('/') ? path : `${directory}/${path}`),
    report: (health) => void reports.push(health),
    countDropped: (reason, count) => void (dropped[reason] = (dropped[reason] ?? 0) + count),
  };
  return { setting, reports, dropped, lastState: () => reports.at(-1)?.state };
}
