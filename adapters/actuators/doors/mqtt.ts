import { permitMessage } from '../../../src/model/permit.ts';
import type { PermitDoor } from '../../../src/model/shutter.ts';
import { runMqttSubscription, type MqttPublish } from '../../links/mqttSubscription.ts';
import { permitClient, permitTopics, readLive, type PermitBroker } from '../permitMqtt.ts';

/** A report that is older tells nothing, whole seconds. */
const EXPIRY_S = 1;

/** Hears permits on their topic and reports on the other; what the broker kept is no permit. */
export function createMqttDoor({ url, site, version, ...account }: PermitBroker, instrument: string): PermitDoor {
  const topics = permitTopics(site, instrument);
  let publish: MqttPublish | null = null;
  return {
    name: 'mqtt',
    send(report) {
      publish?.(topics.shutter, JSON.stringify(report), EXPIRY_S);
    },
    async run(outlet, signal) {
      let ignored = 0;
      const opened = (given: MqttPublish): void => void (publish = given);
      const client = permitClient(account);
      try {
        await runMqttSubscription(
          { url, topics: [[topics.permit]], qos: 0, version, client, opened },
          {
            report: outlet.report,
            next(packet) {
              const message = readLive(packet, permitMessage);
              if (message !== null) return outlet.next(message);
              ignored++;
              outlet.report({ state: 'ok', detail: `${ignored} on ${topics.permit} ignored: retained, or no permits` });
            },
          },
          signal,
        );
      } finally {
        publish = null;
      }
    },
  };
}
