import type { Alert } from '../../src/model/alert.ts';
import { makeFrame, type FrameParts, type MutableFrame } from '../../src/model/frame.ts';
import { spectrumLayout, type Layout } from '../../src/model/layout.ts';
import type { Reading } from '../../src/model/signal.ts';
import type { MonitorStatus, StreamStatus } from '../../src/model/status.ts';
import { createPageFeed, type PageFeed, type PageFeedOptions } from '../../src/server/pageFeed.ts';

export function layoutOf(channels: number): Layout {
  return spectrumLayout(
    { name: 'energy', unit: 'eV', coordinates: Float64Array.from({ length: channels }, (_, i) => 100 + i) },
    { quantity: 'counts', unit: '1', noise: 'poisson' },
  );
}

/** A clock that stands until it is moved. */
export function stoppedClock(startMs = 1_000): { ms: number; now: () => number } {
  const clock = { ms: startMs, now: () => clock.ms };
  return clock;
}

export function feedOf(now: () => number, options: Partial<PageFeedOptions> = {}): PageFeed {
  return createPageFeed({
    run: 'run 7',
    instrument: 'TEM-2',
    modality: 'EELS',
    spectrum: 'camera',
    reference: 'change',
    dose: 'dose',
    historyRows: 100,
    now,
    ...options,
  });
}

export function frameOf(
  layout: Layout,
  seq: number,
  values: ArrayLike<number>,
  more: Partial<FrameParts> = {},
): MutableFrame {
  return makeFrame({
    stream: 'camera',
    seq,
    timeUs: 1_000_000 + seq * 100_000,
    exposureUs: 100_000,
    layout,
    values: Float64Array.from(values),
    ...more,
  });
}

export function readingOf(stage: string, name: string, value: number, seq = 0, unit = '1'): Reading {
  return { type: 'reading', stream: 'camera', seq, timeUs: seq * 100_000, stage, name, value, unit, quality: 'valid' };
}

export function alertOf(id: string, phase: Alert['phase'] = 'raised', more: Partial<Alert> = {}): Alert {
  return {
    type: 'alert',
    id,
    rule: 'changed',
    stream: 'camera',
    seq: 10,
    timeUs: 2_000_000,
    onsetUs: 1_500_000,
    severity: 'warning',
    phase,
    message: 'The spectrum changed.',
    evidence: ['change'],
    statistic: 12,
    threshold: 9,
    sign: 1,
    region: [110, 120],
    ...more,
  };
}

export function statusOf(stream: Partial<StreamStatus>, more: Partial<MonitorStatus> = {}): MonitorStatus {
  return {
    mode: 'live',
    speed: 1,
    run: 'run 7',
    instrument: 'TEM-2',
    modality: 'EELS',
    links: [],
    nodes: [],
    streams: [
      {
        stream: 'camera',
        state: 'live',
        lastSeq: null,
        lastTimeUs: null,
        receivedCount: 0,
        processedCount: 0,
        mergedCount: 0,
        waitingCount: 0,
        droppedCount: {},
        lostCount: 0,
        maskedCount: 0,
        restartCount: 0,
        suspiciousClockCount: 0,
        layoutChangeCount: 0,
        framesPerSecond: 10,
        framePeriodUs: 100_000,
        ...stream,
      },
    ],
    ...more,
  };
}
