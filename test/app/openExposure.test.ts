import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInstrumentControl } from '../../src/app/instrumentControl.ts';
import { createLinkBoard } from '../../src/app/linkBoard.ts';
import { exposureTopic, openExposure } from '../../src/app/openExposure.ts';
import { exposureSection } from '../../src/config/exposureSchema.ts';
import type { InstrumentCommand } from '../../src/model/instrumentCommand.ts';
import { makeReading } from '../../src/model/makeReading.ts';
import { needs } from '../support/requirement.ts';
import { findProgram, startMosquitto, until, type TestServer } from '../support/servers.ts';

const advice = (seconds: number, seq = 0) =>
  makeReading({ stream: 's', seq, timeUs: seq }, 'advice', {
    name: 'exposureSeconds',
    value: seconds,
    unit: 's',
    quality: 'valid',
  });
const toStream = { use: 'simulator', with: { stream: 'eels' } };

function open(to: unknown, mode: 'live' | 'replay' = 'live') {
  const instruments = createInstrumentControl();
  const links = createLinkBoard(() => undefined);
  const exposure = exposureSection.parse({ from: 'advice', consent: true, atMostEveryMs: 1, to });
  return { instruments, links, opened: openExposure({ exposure, instrument: 'P07' }, { mode, instruments, links }) };
}

describe('exposure, with consent', () => {
  it('is commanded of a simulated stream', async () => {
    const { instruments, opened } = open(toStream);
    const heard: InstrumentCommand[] = [];
    instruments.inletOf('eels').subscribe((command) => heard.push(command));
    opened!.listener.write(advice(0.02), 'advice');
    expect(heard).toEqual([{ command: 'exposure', seconds: 0.02 }]);
    await opened!.close();
    opened!.listener.write(advice(0.05), 'advice');
    expect(heard).toHaveLength(1);
    expect(opened!.account().sentCount).toBe(1);
  });

  it('is not commanded in a replay, nor without the section', () => {
    expect(open(toStream, 'replay').opened).toBeNull();
    const { instruments, links } = open(toStream);
    expect(openExposure({ exposure: undefined, instrument: 'P07' }, { mode: 'live', instruments, links })).toBeNull();
  });

  it('needs consent in so many words', () => {
    expect(() => exposureSection.parse({ from: 'advice', consent: false, to: toStream })).toThrow(/consent only/);
    expect(() => exposureSection.parse({ from: 'advice', to: toStream })).toThrow(/consent only/);
  });
});

const isReady = needs('servers', 'mosquitto', findProgram('mosquitto') !== null);

describe.skipIf(!isReady)('exposure over MQTT', { timeout: 30_000 }, () => {
  let broker: TestServer;
  let instrument: MqttClient;
  const heard: { readonly said: unknown; readonly qos: number; readonly isRetained: boolean }[] = [];
  const listen = async (): Promise<void> => {
    instrument = await mqtt.connectAsync(broker.url, { protocolVersion: 5 });
    instrument.on('message', (_, bytes, { qos, retain }) =>
      heard.push({ said: JSON.parse(bytes.toString()), qos, isRetained: retain }),
    );
    await instrument.subscribeAsync(exposureTopic('lab', 'P07'), { qos: 1 });
  };

  beforeAll(async () => {
    broker = await startMosquitto();
    await listen();
  });
  afterAll(async () => {
    await instrument?.endAsync(true);
    await broker?.stop();
  });

  it('is published at QoS 1, not retained, and again when a lost broker is back', async () => {
    const { links, opened } = open({ use: 'mqtt', with: { url: broker.url } });
    const isUp = (): boolean => links.list().some(({ id, state }) => id === 'exposure' && state === 'ok');
    // What is advised before the link is up is sent once it is.
    opened!.listener.write(advice(0.02), 'advice');
    await until('the command', () => heard.length === 1);
    expect(heard[0]).toEqual({ said: { command: 'exposure', seconds: 0.02 }, qos: 1, isRetained: false });

    await instrument.endAsync(true);
    await broker.kill();
    await until('the loss', () => !isUp());
    opened!.listener.write(advice(0.05), 'advice');
    await broker.restart();
    await listen();
    await until('the command again', () => heard.length > 1);
    expect(heard.at(-1)!.said).toEqual({ command: 'exposure', seconds: 0.05 });
    await opened!.close();
  });
});
