import type { Alarm } from '../model/alarm.ts';
import type { AlarmVerb } from '../model/alarmCommand.ts';
import type { Alert } from '../model/alert.ts';
import type { Noise } from '../model/layout.ts';
import type { AcceptAnswer } from '../model/operatorCommand.ts';
import type { PermitView } from '../model/permit.ts';
import type { LinkHealth } from '../model/status.ts';
import type { DoseMessage } from './doseMessage.ts';
import type { Role } from './tokenList.ts';

export type * from './doseMessage.ts';

/**
 * What the page is told. Text panels are JSON with a `type`; number panels are binary, little-endian:
 * a header of 32 bytes, then typed arrays.
 *
 * Header: u8 version, u8 panel, u16 flags (1: expected and variance follow), u32 generation, u32 first row,
 * u32 count (rows; of a spectrum the frames in its mean), u32 channels, u32 tracks, f64 time (us).
 *
 * Panel 1, spectrum: f32 now[channels], and with flag 1 f32 expected[channels], f32 sigma[channels], all per frame.
 *
 * Panel 2, rows: per row f64[8] (start us, time of the last frame us, last seq, frames, lost before them, total,
 * referenced 0 or 1, 0), f32 counts[channels], with flag 1 f32 expected[channels], f32 variance[channels],
 * then f32 (minimum, maximum)[tracks]; each row padded to a multiple of 8 bytes. Sums over the frames of the row.
 */
export type ProtocolVersion = 1;
export type BinaryPanel = 1 | 2;

export type DataState = 'waiting' | 'live' | 'stale' | 'replay' | 'ended';

export interface HelloMessage {
  readonly type: 'hello';
  readonly version: ProtocolVersion;
  readonly run: string;
  readonly instrument: string;
  readonly modality: string;
  /** At most this many rows are kept. */
  readonly historyRows: number;
  /** Is a reference expected at all? */
  readonly hasReference: boolean;
  /** What this page may do. */
  readonly role: Role;
}

/** Geometry of the rows; a new generation begins with every change of it, and older rows are void. */
export interface LayoutMessage {
  readonly type: 'layout';
  readonly generation: number;
  readonly stream: string;
  readonly axisName: string;
  readonly axisUnit: string;
  readonly quantity: string;
  readonly unit: string;
  readonly noise: Noise;
  /** Of the detector, before channels were added together. */
  readonly sourceChannels: number;
  /** [channels + 1], in axisUnit, ascending. */
  readonly edges: readonly number[];
}

export interface TrackInfo {
  /** 'statistic' is statistic over threshold. */
  readonly kind: 'statistic' | 'gain' | 'shift' | 'context';
  /** Stage id, or the name of the slow signal. */
  readonly name: string;
  readonly unit: string;
}

export interface TracksMessage {
  readonly type: 'tracks';
  readonly tracks: readonly TrackInfo[];
}

export interface LinkView extends LinkHealth {
  /** How long it has been in this state, ms. */
  readonly forMs: number;
}

export interface DetectorView {
  readonly stage: string;
  readonly statistic: number;
  readonly threshold: number;
}

/** What a detector, or a stage that measures drift, last said of itself. */
export interface DetectorState {
  readonly stage: string;
  /** Null while it has none, and while it learns. */
  readonly statistic: number | null;
  readonly threshold: number | null;
  /** How much of its reference it has learned, 0..1; null when it is not learning. */
  readonly learning: number | null;
  /** Drift, dispersion and trim: `error` is one standard deviation; null when not known. */
  readonly estimates: readonly {
    readonly name: string;
    readonly value: number;
    readonly error: number | null;
    readonly unit: string;
  }[];
}

export interface DetectorsMessage {
  readonly type: 'detectors';
  readonly detectors: readonly DetectorState[];
}

export interface ContextView {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly ageUs: number;
  readonly isStale: boolean;
}

/** Sent every 0.5 s whatever happens, and at once when the state changes. */
export interface StatusMessage {
  readonly type: 'status';
  readonly state: DataState;
  /** Of a replay; null means as fast as it goes. */
  readonly speed: number | null;
  readonly mode: 'live' | 'replay';
  /** Since the newest frame arrived; null before the first. */
  readonly ageMs: number | null;
  /** Older than this is stale. */
  readonly limitMs: number;
  readonly listeningMs: number;
  readonly stream: string;
  readonly lastSeq: number | null;
  readonly lastTimeUs: number | null;
  readonly framePeriodUs: number | null;
  readonly framesPerSecond: number;
  readonly lostCount: number;
  /** Dropped or merged by the monitor, on purpose or because they could not be used. */
  readonly shedCount: number;
  /** What was dropped, by reason, and what else was unusual, one phrase each. */
  readonly arrivals: readonly string[];
  readonly links: readonly LinkView[];
  /** Null until a detector has spoken or a reference frame has come. */
  readonly watch: {
    readonly sinceUs: number;
    readonly sinceSeq: number;
    readonly detectors: readonly DetectorView[];
  } | null;
  readonly context: readonly ContextView[];
}

export interface AlertView {
  /** As it last stood. */
  readonly alert: Alert;
  readonly raisedUs: number;
  readonly raisedSeq: number;
  readonly clearedUs: number | null;
  /** Does it speak of a changed spectrum (and not of dose or a link)? */
  readonly isChange: boolean;
  /** Who accepted the new state as the reference while the alert stood, and '' when that was not said; null when nobody did. */
  readonly acceptedBy: string | null;
  /** Where it stands as an alarm. */
  readonly life: Pick<Alarm, 'state' | 'count' | 'acknowledged' | 'shelf'>;
  /** Slow signals at the onset, where still known. */
  readonly context: readonly { readonly name: string; readonly value: number; readonly unit: string }[];
}

export interface AlertsMessage {
  readonly type: 'alerts';
  /** Newest first. */
  readonly alerts: readonly AlertView[];
  /** Alarms that are not shown, by design. */
  readonly suppressedCount: number;
}

/** Where the beam permit stands; sent ten times a second and with every change. */
export interface PermitStateMessage {
  readonly type: 'permit';
  /** Null where this monitor gives no permit. */
  readonly permit: PermitView | null;
}

export interface RegionView {
  readonly from: number;
  readonly to: number;
  readonly sign: -1 | 0 | 1;
  readonly sinceUs: number;
  /** Of the shown mean against the reference; null without a reference. */
  readonly sigma: number | null;
  readonly percent: number | null;
}

export interface RegionsMessage {
  readonly type: 'regions';
  /** Strongest first. */
  readonly regions: readonly RegionView[];
  /** Of the shown mean; null without a reference. */
  readonly residual: {
    readonly outsideCount: number;
    readonly channelCount: number;
    readonly largestAt: number;
    readonly largestSigma: number;
  } | null;
}

/** The whole run in few bins: the highest statistic over threshold in each. */
export interface RunMessage {
  readonly type: 'run';
  readonly startUs: number;
  readonly binUs: number;
  readonly values: readonly (number | null)[];
}

export type TextMessage =
  | HelloMessage
  | LayoutMessage
  | TracksMessage
  | DetectorsMessage
  | StatusMessage
  | AlertsMessage
  | DoseMessage
  | PermitStateMessage
  | RegionsMessage
  | RunMessage
  | AnswerMessage;

/** What became of a command of this page. */
export interface AnswerMessage extends AcceptAnswer {
  readonly type: 'answer';
}

/** What a page may say. */
export interface PageMessage {
  /** Whether somebody looks at it. Away, it gets status and alerts only. */
  readonly looking: boolean;
  /** The operator takes the present state for the new reference. Every try of one act has the same id. */
  readonly accept: { readonly id: string; readonly by: string };
  /** The operator sees to an alarm. Every try of one act has the same id. */
  readonly alarm: {
    readonly command: AlarmVerb;
    readonly id: string;
    /** That of the alarm. */
    readonly alarm: string;
    readonly by: string;
    readonly reason?: string;
    readonly forSeconds?: number;
  };
  /** The operator stops the beam, or grants the permit. Every try of one act has the same id. */
  readonly permit: {
    readonly command: 'stop' | 'rearm';
    readonly id: string;
    readonly by: string;
    readonly reason: string;
  };
}
