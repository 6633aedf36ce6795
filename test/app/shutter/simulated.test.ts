import { afterEach, describe, expect, it } from 'vitest';
import mqttLink from '../../../adapters/actuators/links/mqtt.ts';
import { createInstrumentControl } from '../../../src/app/instrumentControl.ts';
import { createLocalReceiver } from '../../../src/app/shutter/localReceiver.ts';
import { obeyText, runSimulatedInstrument } from '../../../src/app/shutter/simulatedInstrument.ts';
import { createSimulatedShutter } from '../../../src/app/shutter/simulatedShutter.ts';
import type { FrameOutlet } from '../../../src/model/adapter.ts';
import type { InstrumentCommand } from '../../../src/model/instrumentCommand.ts';
import type { PermitMessage, ShutterReport } from '../../../src/model/permit.ts';
import type { ShutterLink } from '../../../src/model/shutter.ts';
import simulatorSource from '../../../simulators/simulatorSource.ts';
import { settingOf } from '../../adapters/collect.ts';
import { startAedes, until } from '../../support/servers.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

function listen(link: ShutterLink) {
  const end = new AbortController();
  const reports: ShutterReport[] = [];
  const states: string[] = [];
  const outlet = {
    next: (report: ShutterReport) => void reports.push(report),
    report: ({ state }: { state: string }) => void states.push(state),
  };
  const running = link.run(outlet, end.signal);
  const leave = async () => {
    end.abort();
    await running;
  };
  cleanups.push(leave);
  let seq = 0;
  const permit = (more: Partial<PermitMessage> = {}): PermitMessage => ({
    ...{ run: 'r', epoch: 1, seq: ++seq, state: 'open', reason: '', ttlMs: 500 },
    answers: reports.at(-1)?.challenge ?? '',
    ...more,
  });
  return { reports, states, permit, leave, last: () => reports.at(-1) };
}

describe('a receiver inside the monitor', () => {
  it('orders the shutter of its instrument by the lease, and closes at the end', async () => {
    const orders: InstrumentCommand[] = [];
    const device = createSimulatedShutter((command) => void orders.push(command));
    const link = createLocalReceiver({ device, maxLeaseMs: 500, maxOpenMs: 1e6 });
    const { last, permit, leave, states } = listen(link);
    await until('a report', () => last() !== undefined);
    expect(states).toEqual(['ok']);
    expect(orders[0]).toEqual({ command: 'shutter', state: 'closed' });
    expect(last()).toMatchObject({ observed: 'closed', isReadBack: false });
    await until('it is open', () => {
      link.send(permit());
      return last()?.observed === 'open';
    });
    expect(orders.at(-1)).toEqual({ command: 'shutter', state: 'open' });
    await until('it is closed', () => last()?.observed === 'closed');
    expect(last()?.reason).toMatch(/ran out/);
    await until('it is open', () => {
      link.send(permit({ epoch: 2 }));
      return last()?.observed === 'open';
    });
    await leave();
    expect(orders.at(-1)).toEqual({ command: 'shutter', state: 'closed' });
  });

  it('answers no call before it is over, as over a wire', async () => {
    const device = createSimulatedShutter(() => undefined);
    const link = createLocalReceiver({ device, maxLeaseMs: 500, maxOpenMs: 1e6 });
    const { reports, permit } = listen(link);
    await until('a report', () => reports.length > 0);
    const before = reports.length;
    link.send(permit());
    expect(reports.length).toBe(before);
  });
});

describe('a simulated stream', () => {
  it('obeys commands, and tells what it refuses', async () => {
    const control = createInstrumentControl();
    const setting = settingOf('/', { stream: 'eels', commands: control.inletOf('eels') });
    const settings = { scenario: 'eels-beam-damage:steady', framesPerSecond: 100, channels: 64 };
    const source = simulatorSource.create(simulatorSource.config.parse(settings), setting);
    const end = new AbortController();
    let total = 0;
    const details: string[] = [];
    const outlet: FrameOutlet = {
      next: (item) => {
        if (item.type === 'frame') total = item.values.reduce((sum, value) => sum + value, 0);
      },
      reject: () => undefined,
      room: () => null,
      report: ({ detail }) => void details.push(detail),
    };
    const running = source.run(outlet, end.signal);
    await until('light', () => total > 0);
    control.send('eels', { command: 'exposure', seconds: 5 });
    expect(details.at(-1)).toMatch(/exposure refused: .*expected more than 0/);
    control.send('eels', { command: 'shutter', state: 'closed' });
    await until('darkness', () => total === 0);
    control.send('eels', { command: 'shutter', state: 'open' });
    await until('light', () => total > 0);
    end.abort();
    await running;
    expect(() => control.send('eels', { command: 'beam', relative: -1 })).not.toThrow();
  });
});

describe('operando simulate', () => {
  const obeyed: InstrumentCommand[] = [];
  const simulator = {
    command(command: InstrumentCommand) {
      if (command.command === 'beam') throw new RangeError('no beam today');
      obeyed.push(command);
    },
  };

  it.each([
    ['{"command":"exposure","seconds":0.05}', false, true, /Done/],
    ['{"command":"exposure","seconds":"0.05"}', false, false, /Expected/],
    ['exposure!', false, false, /Expected/],
    ['{"command":"beam","relative":2}', false, false, /no beam today/],
    ['{"command":"shutter","state":"open"}', true, false, /follows the beam permit/],
    ['{"command":"shutter","state":"open"}', false, true, /Done/],
  ])('answers %s (with a permit: %s)', (text, hasPermit, isDone, detail) => {
    const answer = JSON.parse(obeyText(simulator, text, hasPermit)) as { isDone: boolean; detail: string };
    expect(answer.isDone).toBe(isDone);
    expect(answer.detail).toMatch(detail);
  });

  it('--permit holds its shutter by the permit of a monitor over a broker of MQTT 3.1.1, and obeys cmd/exposure', async () => {
    const broker = await startAedes();
    cleanups.push(broker.stop);
    const link = mqttLink.create({ url: broker.url, site: 'demo', version: 'auto' }, { instrument: 'eels' });
    const { last, permit, states } = listen(link);
    await until('the monitor listens', () => states.includes('ok'));
    const end = new AbortController();
    const console = { out: () => undefined, err: () => undefined, progress: () => undefined };
    obeyed.length = 0;
    const running = runSimulatedInstrument({
      ...{ simulator, url: broker.url, site: 'demo', instrument: 'eels', hasPermit: true },
      console: { ...console, isTerminal: false, env: {}, interrupted: end.signal },
      signal: end.signal,
    });
    cleanups.push(async () => {
      end.abort('end');
      await running;
    });
    await until('a report', () => last() !== undefined);
    await until('it is open', () => {
      link.send(permit());
      return last()?.observed === 'open';
    });
    expect(obeyed.at(-1)).toEqual({ command: 'shutter', state: 'open' });
    await until('it is closed', () => obeyed.at(-1)?.command === 'shutter' && last()?.observed === 'closed');
    const { default: mqtt } = await import('mqtt');
    const operator = await mqtt.connectAsync(broker.url);
    await until('the exposure', async () => {
      await operator.publishAsync('operando/v1/demo/eels/cmd/exposure', '{"command":"exposure","seconds":0.05}');
      return obeyed.some(({ command }) => command === 'exposure');
    });
    await operator.endAsync();
  });
});
