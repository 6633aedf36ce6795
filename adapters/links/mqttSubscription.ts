import type { IClientOptions, IPublishPacket, MqttClient } from 'mqtt';
import type { PacketOutlet } from '../../src/model/adapter.ts';
import { untilAborted } from './untilAborted.ts';

export interface MqttSubscriptionOptions {
  readonly url: string;
  /** Subscribed to one after the other, each acknowledged before the next. */
  readonly topics: readonly (readonly string[])[];
  readonly qos: 0 | 1;
  /** 'auto' begins with 5 and goes back to 3.1.1 where the broker refuses it. */
  readonly version: 'auto' | '3.1.1' | '5';
  readonly client: IClientOptions;
  /** The broker keeps the session so long when the link is lost, seconds. @default 0, it begins anew */
  readonly sessionS?: number;
  /** Of a packet's payload; larger ones are refused, with MQTT 5 by the broker. @default no limit */
  readonly maxBytes?: number;
  /** What to say of a link that works. @default '', all is well */
  readonly remark?: string;
  /** Called when all is subscribed; what it is given works until the run ends. */
  opened?(publish: MqttPublish): void;
}

/**
 * Publishes now or not at all, never retained; false when it was not sent.
 *
 * @param expiryS - whole seconds after which a broker of MQTT 5 throws it away; null for never.
 * @param qos - 1: sent again until the broker has it, while the link lasts. @default 0
 */
export type MqttPublish = (topic: string, text: string, expiryS: number | null, qos?: 0 | 1) => boolean;

/** So much unsent means that the link is stuck: more would only arrive too late, bytes. */
const STUCK_BYTES = 16_384;

/** What a broker answers that does not speak the version: in 3.1.1 and in 5. */
const UNACCEPTABLE_VERSION = new Set([1, 132]);
const REFUSED = 128;
/** More than the head of a packet takes: topic and properties. */
const HEAD_BYTES = 131_072;

/** Delivers what is published until the signal aborts; rejects when the broker is not there, refuses, or is lost. */
export async function runMqttSubscription(
  options: MqttSubscriptionOptions,
  outlet: PacketOutlet,
  signal: AbortSignal,
): Promise<void> {
  if (options.version !== 'auto') return subscribeWith(options.version === '5' ? 5 : 4, options, outlet, signal);
  try {
    await subscribeWith(5, options, outlet, signal);
  } catch (error) {
    if (!UNACCEPTABLE_VERSION.has(Number((error as { code?: unknown }).code))) throw error;
    await subscribeWith(4, options, outlet, signal);
  }
}

async function subscribeWith(
  protocolVersion: 4 | 5,
  options: MqttSubscriptionOptions,
  outlet: PacketOutlet,
  signal: AbortSignal,
): Promise<void> {
  const { url, topics, qos, opened, maxBytes = Infinity, remark = '' } = options;
  const { default: mqtt } = await import('mqtt');
  if (signal.aborted) return;
  const link = mqtt.connect(url, clientOptions(protocolVersion, options));
  await untilAborted(
    signal,
    (lost) => {
      link.on('error', (cause) => lost(refusal(url, cause)));
      link.on('close', () => lost(new Error(`the connection to ${url} was lost`)));
      link.on('message', (channel, bytes, { retain, properties }) => {
        if (bytes.length > maxBytes) {
          outlet.reject?.({
            reason: 'tooLarge',
            detail: `${bytes.length} bytes, at most ${maxBytes} are taken`,
            bytes,
          });
          return;
        }
        outlet.next({
          channel,
          bytes,
          receivedUs: Date.now() * 1000,
          isRetained: retain,
          reply: properties?.responseTopic === undefined ? undefined : replier(link, properties),
        });
      });
      link.once('connect', () => {
        subscribe(link, topics, qos).then(
          () => {
            opened?.(publisher(link, protocolVersion));
            outlet.report({ state: 'ok', detail: remark });
          },
          (error: unknown) => lost(error instanceof Error ? error : new Error(String(error))),
        );
      });
    },
    () => void link.end(true),
  );
}

function clientOptions(
  protocolVersion: 4 | 5,
  { client, sessionS = 0, maxBytes }: MqttSubscriptionOptions,
): IClientOptions {
  const properties = {
    ...(sessionS === 0 ? {} : { sessionExpiryInterval: sessionS }),
    ...(maxBytes === undefined ? {} : { maximumPacketSize: maxBytes + HEAD_BYTES }),
  };
  return {
    ...client,
    protocolVersion,
    clean: sessionS === 0,
    ...(protocolVersion === 5 ? { properties } : {}),
    // Reconnecting is done for all transports in one place.
    reconnectPeriod: 0,
    connectTimeout: 5000,
  };
}

function publisher(link: MqttClient, protocolVersion: 4 | 5): MqttPublish {
  return (topic, text, expiryS, qos = 0) => {
    if (!link.connected || link.stream.writableLength > STUCK_BYTES) return false;
    const properties = protocolVersion === 5 && expiryS !== null ? { messageExpiryInterval: expiryS } : {};
    link.publish(topic, text, { qos, properties }, () => undefined);
    return true;
  };
}

/** With the code of the broker's answer, which tells whether another version would do. */
const refusal = (url: string, cause: Error): Error =>
  Object.assign(new Error(`there is no link to ${url} (${cause.message || cause.name})`), {
    code: (cause as { code?: unknown }).code,
  });

/** Answers of MQTT 5: to the topic that the sender named, with what it wants to see again. */
function replier(link: MqttClient, { responseTopic = '', correlationData }: NonNullable<IPublishPacket['properties']>) {
  const properties = {
    contentType: 'application/json',
    ...(correlationData === undefined ? {} : { correlationData }),
  };
  return (bytes: Uint8Array): void => {
    // Who asked will ask again when the link is lost.
    link.publish(responseTopic, Buffer.from(bytes), { qos: 1, properties }, () => undefined);
  };
}

async function subscribe(link: MqttClient, topics: readonly (readonly string[])[], qos: 0 | 1): Promise<void> {
  for (const together of topics)
    for (const { topic, qos: granted } of await link.subscribeAsync([...together], { qos }))
      if (granted >= REFUSED) throw new Error(`the broker refuses the topic ${topic}`);
}
