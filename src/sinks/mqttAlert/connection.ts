import { setTimeout as pause } from 'node:timers/promises';
import type { IClientOptions, MqttClient } from 'mqtt';

/** A message as it goes out. */
export interface Message {
  readonly topic: string;
  readonly payload: string;
  readonly qos: 0 | 1;
  readonly isRetained: boolean;
}

export interface Connection {
  /** Resolves when the broker has it (QoS 1) or the socket took it (QoS 0); rejects when the connection is lost first. */
  publish(message: Message): Promise<void>;
  /** More than a megabyte is waiting for the socket. */
  isBusy(): boolean;
  /** Without the Will. */
  end(): Promise<void>;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly client: IClientOptions;
  /** 'auto' begins with 5 and goes back to 3.1.1 (4) where the broker refuses it. */
  readonly version: 'auto' | 4 | 5;
}

/** How long a broker that has gone silent holds up the end, milliseconds. */
export const GOODBYE_MS = 1000;

/** What a broker answers that does not speak the version: in 3.1.1 and in 5. */
const UNACCEPTABLE_VERSION = new Set([1, 132]);

/**
 * One connection, to be thrown away when it is lost: the client's own reconnecting drops messages published while it
 * repeats old ones, and keeps its queue without a limit.
 *
 * @param onLost - called once, when a connection that was there is gone without `end()`.
 * @throws Error when the broker is not there or refuses.
 */
export async function openConnection(options: ConnectionOptions, onLost: () => void): Promise<Connection> {
  const { version } = options;
  if (version !== 'auto') return connect(options, version, onLost);
  try {
    return await connect(options, 5, onLost);
  } catch (error) {
    if (!UNACCEPTABLE_VERSION.has(Number((error as { code?: unknown }).code))) throw error;
    return connect(options, 4, onLost);
  }
}

async function connect({ url, client }: ConnectionOptions, version: 4 | 5, onLost: () => void): Promise<Connection> {
  const { default: mqtt } = await import('mqtt');
  const link = mqtt.connect(url, { ...client, protocolVersion: version, clean: true, reconnectPeriod: 0 });
  await greeting(link);
  let isEnding = false;
  const lost = new Promise<never>((_, reject) => {
    link.once('close', () => {
      reject(new Error(`the connection to ${url} was lost`));
      link.end(true);
      if (!isEnding) onLost();
    });
  });
  lost.catch(() => undefined);
  const properties = version === 5 ? { properties: { contentType: 'application/json' } } : {};
  return {
    async publish({ topic, payload, qos, isRetained }) {
      await Promise.race([link.publishAsync(topic, payload, { qos, retain: isRetained, ...properties }), lost]);
    },
    isBusy: () => link.stream.writableLength > 1_000_000,
    async end() {
      isEnding = true;
      await Promise.race([link.endAsync(), lost.catch(() => undefined), pause(GOODBYE_MS, undefined, { ref: false })]);
      link.end(true);
    },
  };
}

function greeting(link: MqttClient): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      reject(error);
      link.end(true);
    };
    link.once('connect', () => {
      link.off('error', fail);
      link.off('close', onClose);
      // Later trouble ends in 'close'; without a listener it would end the process.
      link.on('error', () => undefined);
      resolve();
    });
    const onClose = () => fail(new Error('the broker closed the connection before it answered'));
    link.on('error', fail);
    link.on('close', onClose);
  });
}
