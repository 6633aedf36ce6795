import type { AlarmStep } from '../model/alarm.ts';
import type { Alert } from '../model/alert.ts';
import type { Frame } from '../model/frame.ts';
import { fastAxis, type Layout } from '../model/layout.ts';
import type { OperatorAct } from '../model/operatorCommand.ts';
import type { PermitView } from '../model/permit.ts';
import { SIGNAL_TYPES, type Signal } from '../model/signal.ts';
import type { Sink } from '../model/sink.ts';
import type { MonitorStatus } from '../model/status.ts';
import { createAlertBook } from './alertBook.ts';
import { channelBinsOf, type ChannelBins } from './channelBins.ts';
import { createDetectorBook } from './detectorBook.ts';
import { createDoseView, type DoseSources } from './doseView.ts';
import { encodeRows, encodeSpectrum, type EncodedRows } from './encodePanels.ts';
import type { AlertView, HelloMessage, LayoutMessage, StatusMessage, TextMessage } from './protocol.ts';
import { createRecentMean, refillRecentMean, type RecentMean } from './recentMean.ts';
import { createRegionBook } from './regionBook.ts';
import { createRowBuilder, type RowBuilder } from './rowBuilder.ts';
import { createRowHistory, MAX_TRACKS, type RowHistory } from './rowHistory.ts';
import { createRunStrip } from './runStrip.ts';
import { createStatusView } from './statusView.ts';
import { composeStatus, createPulse } from './statusMessage.ts';
import { createTrackTable } from './trackTable.ts';

export interface PageFeedOptions extends DoseSources {
  readonly run: string;
  readonly instrument: string;
  readonly modality: string;
  /** Node or stream id whose frames are shown. */
  readonly spectrum: string;
  /** Id of the change stage whose frames (expected, with variances) are the reference; null for none. */
  readonly reference: string | null;
  /** Ids of all stages that speak of dose: what they find is no change of the spectrum. */
  readonly doseStages?: readonly string[];
  /** Rows of the waterfall that are kept, at most 1000. */
  readonly historyRows?: number;
  /** UCUM unit of a slow signal; undefined when not known. */
  readonly contextUnit?: (name: string) => string | undefined;
  /** A clock that never runs back, ms. */
  readonly now: () => number;
}

/** Panels sent as text, whole, whenever their version has risen. */
export const TEXT_PANELS = ['permit', 'layout', 'tracks', 'detectors', 'alerts', 'dose', 'regions', 'run'] as const;
export type TextPanel = (typeof TEXT_PANELS)[number];

/** What the page shows, kept up to date by the signals written to it and pulled by the server: it never queues. */
export interface PageFeed extends Sink {
  setStatus(status: MonitorStatus): void;
  noteAct(act: OperatorAct): void;
  /** To be told after the alert that it follows from. */
  noteAlarm(step: AlarmStep): void;
  /** To be told at every change and ten times a second: a page that hears nothing for two seconds says the beam is unknown. */
  setPermit(permit: PermitView | null): void;
  /** As last set. */
  readonly permit: PermitView | null;
  /** As last set. */
  readonly monitorStatus: MonitorStatus | null;
  /** Closes the open row if it is due; the server calls it often, the feed itself when frames come. */
  settle(): void;
  /** What every page is greeted with, but for what it may do. */
  readonly hello: Omit<HelloMessage, 'role'>;
  /** Changes with the layout; rows of another generation are void. */
  readonly generation: number;
  /** Number of the row that comes next, 0 at the start of each generation. */
  readonly nextRow: number;
  versionOf(panel: TextPanel): number;
  /** Null when there is nothing to tell yet. */
  message(panel: TextPanel): TextMessage | null;
  status(): StatusMessage;
  alerts(): AlertView[];
  rows(from: number, most: number): EncodedRows | null;
  spectrum(): Uint8Array | null;
}

/** A row lasts at least this long, ms: twenty a second. */
const ROW_MS = 50;
/** Slowly changing panels are raised at most this often, ms. */
const PANEL_MS = 500;

export function createPageFeed(options: PageFeedOptions): PageFeed {
  const { spectrum, reference, now } = options;
  const doseStages = new Set([options.dose, options.damage, ...(options.doseStages ?? [])]);
  const historyRows = Math.min(1000, options.historyRows ?? 1000);
  const statusView = createStatusView();
  const pulse = createPulse(now);
  const tracks = createTrackTable((name) => options.contextUnit?.(name) ?? '');
  const doseView = createDoseView(options);
  const detectors = createDetectorBook();
  const regions = createRegionBook();
  const run = createRunStrip();
  const alerts = createAlertBook((alert) => ({ isChange: isChange(alert), context: contextAt(alert.onsetUs) }));
  let layout: Layout | null = null;
  let bins: ChannelBins | null = null;
  let row: RowBuilder | null = null;
  let rows: RowHistory | null = null;
  let mean: RecentMean | null = null;
  let generation = 0;
  let meanRow = -1;
  let rowClosedMs = Number.NEGATIVE_INFINITY;
  let slowPanelsMs = Number.NEGATIVE_INFINITY;
  let slowVersion = 0;
  let doseSent = 0;
  let detectorsSent = 0;
  let detectorsVersion = 0;
  let doseVersion = 0;
  let permit: PermitView | null = null;
  let permitVersion = 0;

  function isChange(alert: Alert): boolean {
    if (alert.evidence.some((stage) => doseStages.has(stage))) return false;
    return alert.region !== undefined || alert.evidence.some((stage) => tracks.isDetector(stage));
  }
  function contextAt(timeUs: number): AlertView['context'] {
    const at = rows?.rowAt(timeUs) ?? -1;
    if (rows === null || at < 0) return [];
    const base = (at % rows.capacity) * 2 * MAX_TRACKS;
    const known = rows.tracks;
    return tracks.infos.flatMap(({ kind, name, unit }, column) => {
      const value = known[base + 2 * column + 1]!;
      return kind === 'context' && Number.isFinite(value) ? [{ name, unit, value }] : [];
    });
  }

  function begin(next: Layout, nowMs: number): void {
    layout = next;
    rowClosedMs = nowMs;
    bins = channelBinsOf(next);
    row = createRowBuilder(bins);
    rows = createRowHistory(historyRows, bins.channels);
    mean = createRecentMean(bins.channels);
    meanRow = -1;
    generation++;
    regions.clear();
  }
  function closeRow(nowMs: number): void {
    if (row === null || rows === null || row.frames === 0) return;
    row.finish();
    rows.push(row, tracks.bounds);
    run.push(row.endUs, tracks.highest());
    row.clear();
    tracks.clearRow();
    rowClosedMs = nowMs;
  }
  function takeFrame(frame: Frame): void {
    const nowMs = now();
    pulse.beat(frame, nowMs);
    if (frame.layout !== layout) begin(frame.layout, nowMs);
    else if (nowMs - rowClosedMs >= ROW_MS) closeRow(nowMs);
    row!.addFrame(frame);
    tracks.readContext(frame.context);
  }
  function refreshMean(): RecentMean | null {
    if (mean === null || rows === null || rows.next === 0) return null;
    if (meanRow !== rows.next) refillRecentMean(mean, rows);
    meanRow = rows.next;
    return mean;
  }

  return {
    name: 'page',
    accepts: SIGNAL_TYPES,
    hello: {
      type: 'hello',
      version: 1,
      run: options.run,
      instrument: options.instrument,
      modality: options.modality,
      historyRows,
      hasReference: reference !== null,
    },
    write(signal: Signal, from) {
      switch (signal.type) {
        case 'frame':
          if (from === spectrum) takeFrame(signal);
          if (from === reference && row !== null) {
            row.addExpected(signal);
            pulse.watch(signal);
          }
          return;
        case 'reading':
          doseView.read(signal);
          if (doseStages.has(signal.stage)) return;
          tracks.read(signal);
          detectors.read(signal);
          if (signal.name === 'statistic') pulse.watch(signal);
          return;
        case 'detection':
          regions.noteDetection(signal);
          return;
        case 'alert':
          alerts.write(signal);
          if (isChange(signal)) regions.noteAlert(signal);
      }
    },
    setStatus(status) {
      statusView.set(status, now());
    },
    noteAct: (act) => alerts.noteAct(act),
    noteAlarm: (step) => alerts.noteAlarm(step),
    setPermit(view) {
      permit = view;
      permitVersion++;
    },
    get permit() {
      return permit;
    },
    get monitorStatus() {
      return statusView.latest;
    },
    settle() {
      const nowMs = now();
      if (nowMs - rowClosedMs >= ROW_MS) closeRow(nowMs);
      if (nowMs - slowPanelsMs < PANEL_MS) return;
      slowPanelsMs = nowMs;
      slowVersion++;
      alerts.settle();
      if (detectors.version !== detectorsSent) {
        detectorsSent = detectors.version;
        detectorsVersion++;
      }
      if (doseView.version !== doseSent) {
        doseSent = doseView.version;
        doseVersion++;
      }
    },
    get generation() {
      return generation;
    },
    get nextRow() {
      return rows?.next ?? 0;
    },
    versionOf(panel) {
      if (panel === 'permit') return permitVersion;
      if (panel === 'layout') return generation;
      if (panel === 'tracks') return tracks.version;
      if (panel === 'alerts') return alerts.version;
      if (panel === 'detectors') return detectorsVersion;
      if (panel === 'regions') return slowVersion + alerts.version;
      return panel === 'dose' ? doseVersion : slowVersion;
    },
    message(panel) {
      if (panel === 'permit') return { type: 'permit', permit };
      if (panel === 'alerts') return { type: 'alerts', alerts: alerts.list(), suppressedCount: alerts.suppressedCount };
      if (panel === 'dose') return doseView.message();
      if (panel === 'detectors') return { type: 'detectors', detectors: detectors.list() };
      if (panel === 'tracks') return { type: 'tracks', tracks: tracks.infos };
      if (layout === null || bins === null) return null;
      if (panel === 'layout') return layoutMessage(layout, bins, generation, pulse.stream);
      if (panel === 'run') return run.message();
      const shown = refreshMean();
      return shown === null ? null : regions.message(shown, bins.edges);
    },
    status: () => composeStatus({ pulse, statusView, tracks, nowMs: now() }),
    alerts: () => alerts.list(),
    rows: (from, most) =>
      rows === null ? null : encodeRows(rows, { from, most, tracks: tracks.infos.length, generation }),
    spectrum() {
      const shown = refreshMean();
      return shown === null || rows === null ? null : encodeSpectrum(shown, generation, rows.next - 1);
    },
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

function layoutMessage(layout: Layout, bins: ChannelBins, generation: number, stream: string): LayoutMessage {
  const axis = fastAxis(layout);
  return {
    type: 'layout',
    generation,
    stream,
    axisName: axis.name,
    axisUnit: axis.unit,
    quantity: layout.quantity,
    unit: layout.unit,
    noise: layout.noise,
    sourceChannels: bins.sourceChannels,
    edges: bins.edges,
  };
}
