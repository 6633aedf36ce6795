import type { Output } from './output.ts';

export interface MqttOutputOptions {
  readonly url: string;
  readonly site: string;
  readonly instrument: string;
  readonly stream: string;
}

const RETRY_MS = 1000;

/** Publishes to a broker, now or as soon as it is there; the layout is retained. */
export async function openMqttOutput(
  { url, site, instrument, stream }: MqttOutputOptions,
  say: (line: string) => void,
): Promise<Output> {
  const { default: mqtt } = await import('mqtt');
  const root = `operando/v1/${site}/${instrument}`;
  const link = mqtt.connect(url, { protocolVersion: 4, reconnectPeriod: RETRY_MS, queueQoSZero: false });
  let layout: Uint8Array | null = null;
  let wasThere = true;
  const publish = (topic: string, bytes: Uint8Array, isRetained: boolean): void => {
    if (!link.connected) return;
    // The client keeps the buffer until it is sent.
    link.publish(`${root}/${topic}`, Buffer.from(bytes), { qos: 0, retain: isRetained });
  };
  const publishLayout = (): void => {
    if (layout !== null) publish(`layouts/${stream}`, layout, true);
  };
  link.on('connect', () => {
    wasThere = true;
    say(`frames at ${url}, topic ${root}/frames/${stream}`);
    publishLayout();
  });
  link.on('error', (error) => {
    if (wasThere) say(`no broker at ${url} (${error.message}); trying again`);
    wasThere = false;
  });
  return {
    layout(bytes) {
      layout = bytes;
      publishLayout();
    },
    frame: (bytes) => publish(`frames/${stream}`, bytes, false),
    slow: (name, bytes) => publish(`signals/${name}`, bytes, false),
    close: () => link.endAsync(!link.connected),
  };
}
