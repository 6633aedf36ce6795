import { setTimeout as pause } from 'node:timers/promises';
import { GOODBYE_MS, openConnection, type Connection, type ConnectionOptions, type Message } from './connection.ts';

/** Keeps one connection for as long as it lasts; a new one says again what the retained topics should hold. */
export function createLink(
  where: ConnectionOptions,
  root: string,
  retained: () => readonly Message[],
  onLost: () => void,
) {
  let current: Connection | null = null;
  const presence = (online: boolean, timestamp: number): Message => ({
    topic: `${root}/state`,
    payload: JSON.stringify({ online, timestamp }),
    qos: 1,
    isRetained: true,
  });
  return {
    now: () => current,
    async ensure(): Promise<Connection> {
      if (current !== null) return current;
      // The Will carries the time of its birth, so that a reader can tell whose death it is.
      const birthMs = Date.now();
      const { topic, payload, qos } = presence(false, birthMs);
      const will = { topic, payload: Buffer.from(payload), qos, retain: true };
      const { url, version } = where;
      const client = { ...where.client, will };
      const opened: Connection = await openConnection({ url, version, client }, () => {
        current = null;
        onLost();
      });
      try {
        await Promise.all([presence(true, birthMs), ...retained()].map((message) => opened.publish(message)));
      } catch (error) {
        await opened.end();
        throw error;
      }
      current = opened;
      return opened;
    },
    async end(): Promise<void> {
      const ending = current;
      current = null;
      const goodbye = ending?.publish(presence(false, Date.now())).catch(() => undefined);
      await Promise.race([goodbye, pause(GOODBYE_MS, undefined, { ref: false })]);
      await ending?.end();
    },
  };
}
