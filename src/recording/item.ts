import type { Frame } from '../model/frame.ts';
import type { Alert } from '../model/alert.ts';
import type { RunNote } from '../model/runNote.ts';
import type { Detection, Reading } from '../model/signal.ts';

/** First in every segment: what made the recording. */
export interface RecordingHeader {
  readonly type: 'header';
  readonly format: 1;
  readonly run: string;
  readonly instrument: string;
  readonly modality: string;
  /** Text of the pipeline file; empty when not known. */
  readonly config: string;
  /** Of the program and of what matters to a replay, by name. */
  readonly versions: Readonly<Record<string, string>>;
}

/** All that a recording gives back. Frames are as the pipeline saw them, and lent until the next item. */
export type RecordedItem =
  RecordingHeader | Frame | RunNote | Recorded<Reading> | Recorded<Detection> | Recorded<Alert>;

/** A signal with the node that emitted it. */
export type Recorded<Signal> = Signal & { readonly from: string };

export const isRecordedSignal = (
  item: RecordedItem,
): item is Recorded<Reading> | Recorded<Detection> | Recorded<Alert> =>
  item.type === 'reading' || item.type === 'detection' || item.type === 'alert';

/** Bytes of a recording that could not be read. */
export interface RecordingFault {
  readonly file: string;
  /** Where in the file. */
  readonly offset: number;
  readonly lostBytes: number;
  /** 'tornTail': the writer was stopped in the middle of it; 'damaged': the CRC or the item is wrong. */
  readonly kind: 'tornTail' | 'damaged';
  /** One sentence: what, and where reading went on. */
  readonly detail: string;
}
