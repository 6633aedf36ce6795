import type {
  AnswerMessage,
  AlertView,
  DetectorState,
  DoseMessage,
  HelloMessage,
  LayoutMessage,
  PermitStateMessage,
  RegionsMessage,
  RunMessage,
  StatusMessage,
  TextMessage,
  TrackInfo,
} from '../../../src/server/protocol.ts';
import { decodePanel, type SpectrumPanel } from './decode.ts';
import { createRowStore, type RowStore } from './rowStore.ts';

export type Spectrum = Omit<SpectrumPanel, 'panel' | 'generation'>;

/** All that the monitor has told, as it last told it. */
export interface Model {
  hello: HelloMessage | null;
  layout: LayoutMessage | null;
  tracks: readonly TrackInfo[];
  detectors: readonly DetectorState[];
  status: StatusMessage | null;
  /** When the status came, by `performance.now()`. */
  statusAtMs: number;
  alerts: readonly AlertView[];
  /** Alarms that are not shown, by design. */
  suppressedCount: number;
  dose: DoseMessage;
  permit: PermitStateMessage['permit'];
  /** When the permit was last told of, by `performance.now()`. */
  permitAtMs: number;
  regions: RegionsMessage;
  run: RunMessage | null;
  rows: RowStore | null;
  spectrum: Spectrum | null;
  /** Null while the monitor is heard. */
  lostAtMs: number | null;
  nextAttemptMs: number | null;
  /** The monitor does not accept the token any more. */
  isRefused: boolean;
}

/** Parts of the page that a message may have changed. */
export type Part = 'text' | 'permit' | 'dose' | 'alerts' | 'spectrum' | 'rows' | 'all';

export function createModel(): Model {
  return {
    hello: null,
    layout: null,
    tracks: [],
    detectors: [],
    status: null,
    statusAtMs: 0,
    alerts: [],
    suppressedCount: 0,
    dose: { type: 'dose', account: null, agreement: null, damage: null, exposure: null, floors: [] },
    permit: null,
    permitAtMs: 0,
    regions: { type: 'regions', regions: [], residual: null },
    run: null,
    rows: null,
    spectrum: null,
    lostAtMs: null,
    nextAttemptMs: null,
    isRefused: false,
  };
}

/** Takes in a text message; says what it changed. */
export function takeText(model: Model, message: Exclude<TextMessage, AnswerMessage>, nowMs: number): Part {
  switch (message.type) {
    case 'hello':
      // The monitor may be another one than before: nothing it said is known to hold.
      Object.assign(model, createModel(), { hello: message });
      return 'all';
    case 'layout':
      model.layout = message;
      model.spectrum = null;
      model.rows = createRowStore(model.hello?.historyRows ?? 1000, message.edges.length - 1);
      return 'all';
    case 'tracks':
      model.tracks = message.tracks;
      return 'rows';
    case 'detectors':
      model.detectors = message.detectors;
      return 'text';
    case 'status':
      model.status = message;
      model.statusAtMs = nowMs;
      return 'text';
    case 'alerts':
      model.alerts = message.alerts;
      model.suppressedCount = message.suppressedCount;
      return 'alerts';
    case 'dose':
      model.dose = message;
      return 'dose';
    case 'permit':
      model.permit = message.permit;
      model.permitAtMs = nowMs;
      return 'permit';
    case 'regions':
      model.regions = message;
      return 'spectrum';
    case 'run':
      model.run = message;
      return 'rows';
  }
}

/** Takes in a binary message; rows of another geometry than the told one are left out. */
export function takeBinary(model: Model, buffer: ArrayBuffer): Part | null {
  const panel = decodePanel(buffer);
  if (panel === null || panel.generation !== model.layout?.generation || model.rows === null) return null;
  if (panel.panel === 1) {
    model.spectrum = panel;
    return 'spectrum';
  }
  panel.rows.forEach((row, k) => model.rows?.push(panel.first + k, row));
  return 'rows';
}

/** Age of the newest frame, s; counts on between messages, so that a frozen link is seen to age. */
export function ageSeconds(model: Model, nowMs: number): number {
  const told = model.status?.ageMs;
  return told === null || told === undefined ? Number.NaN : (told + nowMs - model.statusAtMs) / 1000;
}

/** Are the data shown to be old? */
export function isOld(model: Model): boolean {
  return model.lostAtMs !== null || model.status?.state === 'stale';
}

/** Is there nothing left to acknowledge? A shelved alarm waits for nobody. */
export function isSeen({ alert, life }: AlertView): boolean {
  return alert.clearedBy === 'operator' || (life.state !== 'unacknowledged' && life.state !== 'returned');
}

/** Is it over and done with? */
export const isDone = ({ alert, life }: AlertView): boolean =>
  life.state === 'normal' || alert.clearedBy === 'operator';

/** Why the monitor obeys nothing now; empty when it does. */
export function commandHindrance(model: Model): string {
  if (model.lostAtMs !== null) return 'No link to the monitor.';
  if (model.hello?.role === 'view') return 'This page may only look.';
  if (model.status?.mode === 'replay') return 'Commands are off: this is a replay.';
  if (model.status?.state === 'ended') return 'The run has ended.';
  return '';
}

/** The alert the page speaks of first: the strongest that stands, else the strongest that has gone back. */
export function leadingChange(model: Model): AlertView | null {
  const rank = (view: AlertView) =>
    (view.clearedUs === null ? 2e9 : 0) + (isSeen(view) ? 0 : 1e9) + view.alert.statistic / view.alert.threshold;
  return model.alerts
    .filter((view) => view.isChange && !isDone(view))
    .reduce<AlertView | null>((best, view) => (best === null || rank(view) > rank(best) ? view : best), null);
}
