import { shutterReport } from '../../../src/model/permit.ts';
import { defineShutterLink } from '../../../src/model/shutter.ts';
import { runMqttSubscription, type MqttPublish } from '../../links/mqttSubscription.ts';
import { permitBroker, permitClient, permitTopics, readLive } from '../permitMqtt.ts';

export default defineShutterLink({
  name: 'mqtt',
  summary: 'Permits to `operando shutter --mqtt`, or any receiver of the same topics, through a broker.',
  config: permitBroker,
  example: { url: 'mqtt://127.0.0.1:1883', site: 'lab' },
  create: ({ url, version, site, ...account }, { instrument }) => {
    const topics = permitTopics(site, instrument);
    let publish: MqttPublish | null = null;
    return {
      name: 'mqtt',
      // QoS 0: what the broker would repeat is out of date, and the next permit is on its way.
      send(message) {
        publish?.(topics.permit, JSON.stringify(message), Math.ceil(message.ttlMs / 1000));
      },
      async run(outlet, signal) {
        let ignored = 0;
        const opened = (given: MqttPublish): void => void (publish = given);
        const client = permitClient(account);
        const options = { url, topics: [[topics.shutter]], qos: 0, version, client, opened } as const;
        try {
          await runMqttSubscription(
            options,
            {
              report: outlet.report,
              next(packet) {
                const report = readLive(packet, shutterReport);
                if (report !== null) return outlet.next(report);
                ignored++;
                outlet.report({
                  state: 'ok',
                  detail: `${ignored} on ${topics.shutter} ignored: retained, or no reports`,
                });
              },
            },
            signal,
          );
        } finally {
          publish = null;
        }
      },
    };
  },
});
