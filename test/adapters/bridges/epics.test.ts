import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import json from '../../../adapters/codecs/json.ts';
import http from '../../../adapters/transports/http.ts';
import { freePort, until } from '../../support/servers.ts';
import { createCollector } from '../collect.ts';
import { setting, useTransports } from '../transports/startTransport.ts';

const { start, afterwards } = useTransports();

/** No package of the distribution has it, so it is not asked for by REQUIRE_SERVERS. */
const hasCaproto = ((): boolean => {
  try {
    execFileSync('python3', ['-c', 'import caproto'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('skipped: caproto for python3 is not available (pip install caproto)');
    return false;
  }
})();

function runPython(argv: readonly string[], env: NodeJS.ProcessEnv): { output: () => string } {
  let output = '';
  const child = spawn('python3', argv, { env: { ...process.env, PYTHONUNBUFFERED: '1', ...env } });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-20_000)));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  afterwards(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { output: () => output };
}

it.skipIf(!hasCaproto)(
  'the bridge brings the process variables of an IOC, also after the monitor was away',
  async () => {
    const server = String(await freePort());
    const env = {
      EPICS_CAS_SERVER_PORT: server,
      EPICS_CA_SERVER_PORT: server,
      EPICS_CA_REPEATER_PORT: String(await freePort()),
      EPICS_CA_ADDR_LIST: '127.0.0.1',
      EPICS_CA_AUTO_ADDR_LIST: 'NO',
      OPERANDO_TOKEN: 'secret',
    };
    const ioc = runPython(['test/adapters/bridges/softIoc.py', 'T:'], env);
    await until('the IOC serves', () => ioc.output().includes('serving'));

    const port = await freePort();
    const listen = () =>
      start(
        http.create(http.config.parse({ port, token: 'secret' }), setting),
        json.create(json.config.parse({}), setting),
      );
    const first = listen();
    const axis = ['--axis', 'energy:eV', '--start', '100', '--step', '10'];
    const spectrum = ['--spectrum', 'T:MCA', '--exposure-ms', '50'];
    const slow = ['--slow', 'temperature=T:TEMP:K'];
    const bridge = runPython(
      ['adapters/bridges/epics.py', '--url', `http://127.0.0.1:${port}/`, ...spectrum, ...axis, ...slow],
      env,
    );
    await until('frames come', () => first.frames.length >= 12 && first.slow.length >= 12);
    const [frame] = first.frames;
    expect(frame).toMatchObject({ stream: 's', exposureUs: 50_000 });
    expect([...frame!.layout.axes[0]!.coordinates]).toEqual([100, 110, 120, 130, 140, 150, 160, 170]);
    expect(Math.abs(frame!.timeUs - Date.now() * 1000)).toBeLessThan(60e6);
    expect(first.slow[0]).toMatchObject({ name: 'temperature', unit: 'K' });
    // Every fifth spectrum is INVALID: its number is left out.
    const numbers = first.frames.map(({ seq, values }) => [seq, values[0]!] as const);
    expect(numbers.filter(([, value]) => value % 5 === 0)).toEqual([]);
    expect(new Set(numbers.map(([seq, value]) => value - seq)).size).toBe(1);

    await first.stop();
    await until('the bridge notices', () => bridge.output().includes('the monitor is away'));
    const second = listen();
    await until('frames come again', () => second.frames.length >= 3);
    expect(second.frames[0]!.seq).toBeGreaterThan(first.frames.at(-1)!.seq);
  },
);

describe('docs/epics.md', () => {
  it('shows objects that are understood as they stand there', () => {
    const page = readFileSync('docs/epics.md', 'utf8');
    const { collected, outlet } = createCollector();
    const codec = json.create(json.config.parse({}), setting);
    for (const [, text = ''] of page.matchAll(/```json\n([\s\S]*?)```/g))
      codec.decode({ channel: '', bytes: Buffer.from(text), receivedUs: 0 }, outlet);
    expect(collected.rejections).toEqual([]);
    expect(collected.arrival).toEqual([17, 'temperature']);
  });
});
