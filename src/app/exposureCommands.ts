import type { InstrumentCommand } from '../model/instrumentCommand.ts';
import type { Reading } from '../model/signal.ts';

/** Name of the reading that is sent: seconds per frame. */
const ADVICE = 'exposureSeconds';
/** So many commands are kept for the account of the run. */
const REMEMBERED = 20;

export type ExposureCommand = Extract<InstrumentCommand, { readonly command: 'exposure' }>;

/** A command that left the monitor. */
export interface SentExposure {
  readonly seconds: number;
  /** Of the frame whose evidence it follows. */
  readonly stream: string;
  readonly seq: number;
  readonly timeUs: number;
}

/** All that was sent in a run. */
export interface ExposureAccount {
  readonly sentCount: number;
  /** Times that advice could not be sent, because the way to the instrument was closed. */
  readonly unsentCount: number;
  /** The last ones, oldest first. */
  readonly last: readonly SentExposure[];
}

export interface ExposureCommandsOptions {
  /** Id of the stage whose advice is sent. */
  readonly from: string;
  readonly atMostEveryMs: number;
  /** Sends now or not at all; whether it was sent. */
  send(command: ExposureCommand): boolean;
  /** Hears of every command that was sent. */
  noted(sent: SentExposure): void;
  nowMs(): number;
  /** @returns cancels it. */
  after(ms: number, act: () => void): () => void;
}

/** Turns advice on exposure into commands. */
export interface ExposureCommands {
  hear(reading: Reading): void;
  /** The instrument may have forgotten, as after a lost link: the present advice is sent again. */
  repeat(): void;
  account(): ExposureAccount;
  close(): void;
}

/** Sends advice when it changes, rate-limited: within the limit only the newest waits. Nothing is ever queued for a closed way. */
export function createExposureCommands(options: ExposureCommandsOptions): ExposureCommands {
  const last: SentExposure[] = [];
  let sentCount = 0;
  let unsentCount = 0;
  let advice: SentExposure | null = null;
  let obeyed: number | null = null;
  let triedMs = -Infinity;
  let cancel: (() => void) | null = null;
  let isClosed = false;

  const send = (): void => {
    if (advice === null || advice.seconds === obeyed) return;
    triedMs = options.nowMs();
    if (!options.send({ command: 'exposure', seconds: advice.seconds })) {
      unsentCount++;
      obeyed = null;
      return;
    }
    obeyed = advice.seconds;
    sentCount++;
    last.push(advice);
    if (last.length > REMEMBERED) last.shift();
    options.noted(advice);
  };
  const sendInTime = (): void => {
    if (isClosed || cancel !== null || advice === null || advice.seconds === obeyed) return;
    const waitMs = triedMs + options.atMostEveryMs - options.nowMs();
    if (waitMs <= 0) return send();
    cancel = options.after(waitMs, () => {
      cancel = null;
      send();
    });
  };
  return {
    hear({ stage, name, value: seconds, quality, stream, seq, timeUs }) {
      // None at all is no exposure: taking the beam off is the permit's.
      if (stage !== options.from || name !== ADVICE || quality !== 'valid' || !(seconds > 0)) return;
      advice = { seconds, stream, seq, timeUs };
      sendInTime();
    },
    repeat() {
      obeyed = null;
      sendInTime();
    },
    account: () => ({ sentCount, unsentCount, last: [...last] }),
    close() {
      isClosed = true;
      cancel?.();
      cancel = null;
    },
  };
}
