import { runMqttSubscription, type MqttPublish } from '../../adapters/links/mqttSubscription.ts';
import { withReconnect } from '../../adapters/withReconnect.ts';
import type { ExposureSection } from '../config/exposureSchema.ts';
import type { PipelineConfig } from '../config/schema.ts';
import type { Sink } from '../model/sink.ts';
import {
  createExposureCommands,
  type ExposureAccount,
  type ExposureCommand,
  type ExposureCommands,
  type SentExposure,
} from './exposureCommands.ts';
import type { InstrumentControl } from './instrumentControl.ts';
import type { LinkBoard, LinkReporter } from './linkBoard.ts';

export interface OpenExposureOptions {
  readonly mode: 'live' | 'replay';
  readonly instruments: InstrumentControl;
  readonly links: LinkBoard;
  /** Hears of every command that was sent. */
  readonly noted?: ((sent: SentExposure) => void) | undefined;
}

/** Advice on exposure that is being obeyed. */
export interface OpenExposure {
  /** Gets everything that is emitted. */
  readonly listener: Sink;
  account(): ExposureAccount;
  /** Sends nothing more; the instrument keeps its exposure. */
  close(): Promise<void>;
}

/** Where exposure is commanded over MQTT: `{ command: 'exposure', seconds }`. */
export const exposureTopic = (site: string, instrument: string): string =>
  `operando/v1/${site}/${instrument}/cmd/exposure`;

/** Seconds after which a broker of MQTT 5 throws a command away that nobody fetched. */
const EXPIRY_S = 5;

/** Opens the way from the advice on exposure to the instrument; null for a file that does not consent to it, and in a replay. */
export function openExposure(
  { exposure, instrument }: Pick<PipelineConfig, 'exposure' | 'instrument'>,
  { mode, instruments, links, noted }: OpenExposureOptions,
): OpenExposure | null {
  if (exposure === undefined || mode === 'replay') return null;
  const end = new AbortController();
  let publish: ((command: ExposureCommand) => boolean) | null = null;
  const { from, atMostEveryMs, to } = exposure;
  const commands: ExposureCommands = createExposureCommands({
    from,
    atMostEveryMs,
    send: (command) => publish?.(command) ?? false,
    noted: (sent) => noted?.(sent),
    nowMs: () => performance.now(),
    after(ms, act) {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
  });
  let running = Promise.resolve();
  if (to.use === 'simulator') {
    const { stream } = to.with;
    publish = (command) => {
      instruments.send(stream, command);
      return true;
    };
  } else {
    const topic = exposureTopic(to.with.site, instrument);
    const opened = (given: MqttPublish): void => {
      publish = (command) => given(topic, JSON.stringify(command), EXPIRY_S, 1);
      commands.repeat();
    };
    const lost = (): void => void (publish = null);
    running = sendingTo(to.with, opened, lost, links.link('exposure', 'monitor').report, end.signal);
  }
  return {
    listener: {
      name: 'exposure',
      accepts: ['reading'],
      write: (signal) => (signal.type === 'reading' ? commands.hear(signal) : undefined),
      flush: () => Promise.resolve(),
      close: () => Promise.resolve(),
    },
    account: commands.account,
    async close() {
      commands.close();
      end.abort();
      await running;
    },
  };
}

function sendingTo(
  { url, version, username, password }: Extract<ExposureSection['to'], { readonly use: 'mqtt' }>['with'],
  opened: (publish: MqttPublish) => void,
  lost: () => void,
  report: LinkReporter['report'],
  signal: AbortSignal,
): Promise<void> {
  const client = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
  const link = withReconnect({
    name: 'mqtt',
    run: (outlet, until) =>
      runMqttSubscription({ url, topics: [], qos: 1, version, client, opened }, outlet, until).finally(lost),
  });
  return link.run({ report, next: () => undefined }, signal);
}
