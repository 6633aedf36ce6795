import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { shutterDevices } from '../../../adapters/registry.ts';
import { shutter } from '../../../src/app/commands/shutter.ts';
import { UsageError } from '../../../src/app/command.ts';
import { createReceiverLog } from '../../../src/app/shutter/receiverLog.ts';
import { checkShutterSettings, parseShutterFile } from '../../../src/app/shutter/shutterFile.ts';

const LINK = { use: 'mqtt', with: { url: 'mqtt://broker', site: 'lab' } };
const DEVICE = { use: 'datagram', with: { port: 4191 } };

describe('the file of a shutter', () => {
  it.each(shutterDevices.map(({ name, example }) => ({ name, example })))(
    'takes the example of the device $name',
    ({ name, example }) => {
      const text = stringify({ instrument: 'tem', link: LINK, device: { use: name, with: example } });
      expect(parseShutterFile(text, 'shutter.yaml', {}).device.use).toBe(name);
    },
  );

  it('has a backup timer of 8 h and takes leases up to 10 s unless it says otherwise', () => {
    const settings = { instrument: 'tem', link: LINK, device: DEVICE };
    expect(checkShutterSettings(settings, {})).toMatchObject({ maxOpen: 8 * 3600e6, maxLeaseMs: 10_000 });
    const other = { ...settings, maxOpen: '20 min', maxLeaseMs: 500 };
    expect(checkShutterSettings(other, {})).toMatchObject({ maxOpen: 1200e6, maxLeaseMs: 500 });
  });

  it('takes secrets from the environment, and says which is missing', () => {
    const link = { use: 'http', with: { host: '0.0.0.0', port: 4190, token: '${PERMIT_TOKEN}' } };
    const settings = { instrument: 'tem', link, device: DEVICE };
    const { link: checked } = checkShutterSettings(settings, { PERMIT_TOKEN: 'abc' });
    expect(checked.with).toMatchObject({ token: 'abc' });
    expect(() => checkShutterSettings(settings, {})).toThrow(/environment variable PERMIT_TOKEN/);
  });

  it.each([
    [{ device: { use: 'datagramm', with: {} } }, /device.use.*did you mean "datagram"/],
    [{ link: { use: 'http', with: { host: '0.0.0.0', port: 1 } } }, /link.with.*token/],
    [{ instrument: 'a/b' }, /instrument.*without spaces/],
    [{ maxOpen: '8 hours' }, /maxOpen.*as in '8 h'/],
    [{ maxLease: 5 }, /maxLease.*did you mean "maxLeaseMs"/],
  ])('refuses %j in words', (more, message) => {
    expect(() => checkShutterSettings({ instrument: 'tem', link: LINK, device: DEVICE, ...more }, {})).toThrow(message);
  });
});

describe('operando shutter', () => {
  const console = {
    ...{ out: () => undefined, err: () => undefined, progress: () => undefined },
    ...{ isTerminal: false, env: {}, interrupted: new AbortController().signal },
  };
  it.each([
    [[], /FILE.yaml, --mqtt or --http/],
    [['--mqtt', 'mqtt://a', '--http', '1'], /FILE.yaml, --mqtt or --http/],
    [['--mqtt', 'mqtt://a', '--instrument', 'x'], /--device is missing/],
    [['--mqtt', 'mqtt://a', '--device', 'command'], /--instrument is missing/],
    [['--http', 'all', '--device', 'command', '--instrument', 'x'], /--http expects a port/],
    [['--http', '1', '--device', 'datagram', '--instrument', 'x', '--with', 'port'], /NAME=VALUE/],
    [['shutter.yaml', '--mqtt', 'mqtt://a'], /--mqtt and a file/],
  ])('refuses %j in words', async (args, message) => {
    const refused = shutter.run(args, console);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(message);
  });

  it('prints one line per change, for people or for machines, and a link that stays as it is once', () => {
    const lines: string[] = [];
    const to = { out: (line: string) => void lines.push(line), err: () => undefined };
    for (const isJson of [false, true]) {
      const log = createReceiverLog(to, isJson);
      const change = { driven: 'closed', observed: 'open', epoch: 3, reason: 'dose', trouble: 'stuck' } as const;
      log.changed({ atMs: 1500, ...change });
      log.link({ state: 'ok', detail: '' }, 1600);
      log.link({ state: 'ok', detail: '' }, 1700);
      log.refused('oldEpoch', 2, 1800);
    }
    expect(lines.slice(0, 3)).toEqual([
      '1.500 s  closed, seen open, epoch 3: dose; stuck',
      '1.600 s  link ok',
      '1.800 s  permit refused: oldEpoch, 2 times',
    ]);
    expect(JSON.parse(lines[3]!)).toEqual({
      ...{ event: 'changed', atMs: 1500, driven: 'closed', observed: 'open' },
      ...{ epoch: 3, reason: 'dose', trouble: 'stuck' },
    });
    expect(lines.slice(4).map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(['link', 'refused']);
  });
});
