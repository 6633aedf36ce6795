import type { ConnectionOptions } from '@nats-io/transport-node';
import type { PacketOutlet } from '../../src/model/adapter.ts';
import { untilAborted } from './untilAborted.ts';

export interface NatsSubscriptionOptions {
  readonly url: string;
  readonly subjects: readonly string[];
  /** Members of a group share the messages; undefined gets them all. */
  readonly queue: string | undefined;
  /** Text of a credentials file (JWT and seed). */
  readonly credentials: string | undefined;
  readonly client: ConnectionOptions;
  /** What to say of a link that works; empty when all is well. */
  readonly remark: string;
}

const CONNECT_MS = 5000;
const PING_MS = 5000;

/** Delivers what is published until the signal aborts; rejects when the server is not there, refuses, or is lost. */
export async function runNatsSubscription(
  { url, subjects, queue, credentials, client, remark }: NatsSubscriptionOptions,
  outlet: PacketOutlet,
  signal: AbortSignal,
): Promise<void> {
  const { connect, credsAuthenticator } = await import('@nats-io/transport-node');
  if (signal.aborted) return;
  const connection = await connect({
    ...client,
    ...(credentials === undefined ? {} : { authenticator: credsAuthenticator(new TextEncoder().encode(credentials)) }),
    servers: url,
    // Reconnecting is done for all transports in one place.
    reconnect: false,
    ignoreClusterUpdates: true,
    timeout: CONNECT_MS,
    pingInterval: PING_MS,
  }).catch((cause: unknown) => {
    throw new Error(`there is no link to ${url}`, { cause });
  });
  await untilAborted(
    signal,
    (lost) => {
      connection
        .closed()
        .then(
          (cause) => lost(new Error(`the connection to ${url} was lost`, cause === undefined ? {} : { cause })),
          lost,
        );
      for (const subject of subjects)
        connection.subscribe(subject, {
          ...(queue === undefined ? {} : { queue }),
          callback(error, message) {
            if (error !== null) return lost(new Error(`the server refuses the subject ${subject}`, { cause: error }));
            outlet.next({
              // Levels of a subject are those of a topic.
              channel: message.subject.replaceAll('.', '/'),
              bytes: message.data,
              receivedUs: Date.now() * 1000,
              reply: message.reply === undefined ? undefined : (bytes) => void message.respond(bytes),
            });
          },
        });
      // The server has answered all that was asked before, refusals of subjects included.
      connection.flush().then(() => outlet.report({ state: 'ok', detail: remark }), lost);
    },
    () => void connection.close().catch(() => undefined),
  );
}
