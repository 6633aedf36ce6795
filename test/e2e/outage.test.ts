import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MonitorStatus } from '../../src/model/status.ts';
import { operando, start } from '../support/operando.ts';
import { needs } from '../support/requirement.ts';
import { findProgram, freePort, startInfluxd, until } from '../support/servers.ts';

let folder = '';
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'operando-outage-'))));
afterAll(() => rm(folder, { recursive: true }));

const pipeline = (url: string, port: number): string => `version: 1
run: outage-${port}
streams:
  xrd:
    source: { use: simulator, with: { scenario: 'xrd-heating:steady', framesPerSecond: 20 } }
    noise: poisson
    framePeriodMs: 50
pipeline:
  - { id: change, use: change.step, with: { learn: 20 } }
sinks:
  - { id: history, from: change, use: influx, with: { url: '${url}', database: operando, spectrum: null } }
page: { port: ${port} }
`;

async function statusOf(page: string): Promise<MonitorStatus | null> {
  const answer = (await (await fetch(new URL('api/v1/status', page))).json()) as { monitor: MonitorStatus | null };
  return answer.monitor;
}
const processed = async (page: string): Promise<number> => (await statusOf(page))?.streams[0]?.processedCount ?? 0;
const linkState = async (page: string, id: string): Promise<string | undefined> =>
  (await statusOf(page))?.links.find((link) => link.id === id)?.state;

describe('a database that is away', () => {
  it('is told by doctor and on the page, and the monitor goes on', async () => {
    const port = await freePort();
    await writeFile(join(folder, 'absent.yaml'), pipeline(`http://127.0.0.1:${await freePort()}`, port));
    const doctor = await operando(['doctor', 'absent.yaml'], folder);
    expect(doctor.out).toMatch(/BAD +sink history/);
    expect(doctor.out).toMatch(/ok +stream xrd: frames arrive/);
    expect(doctor.code).toBe(1);

    const monitor = start(['run', 'absent.yaml'], folder);
    const page = (await monitor.shows(/page (http\S+)/))[1]!;
    await until('the sink is down', async () => (await linkState(page, 'history')) === 'down');
    const before = await processed(page);
    await until('frames go on', async () => (await processed(page)) > before + 20);
    monitor.child.kill('SIGTERM');
    expect((await monitor.done).code).toBe(0);
  }, 60_000);

  it.runIf(needs('servers', 'influxd', findProgram('influxd') !== null))(
    'and comes back gets what it missed',
    async () => {
      const server = await startInfluxd();
      try {
        await writeFile(join(folder, 'back.yaml'), pipeline(server.url, 0));
        const monitor = start(['run', 'back.yaml'], folder);
        const page = (await monitor.shows(/page (http\S+)/))[1]!;
        await until('some are written', async () => (await countOf(server.url)) > 10);
        await server.kill();
        await until('the sink is down', async () => (await linkState(page, 'history')) === 'down');
        await server.restart();
        await until('the sink is back', async () => (await linkState(page, 'history')) === 'ok');
        monitor.child.kill('SIGTERM');
        const { out, code } = await monitor.done;
        const frameCount = Number(/= (\d+) processed/.exec(out)?.[1]);
        expect(await countOf(server.url)).toBe(frameCount - 20);
        expect(code).toBe(0);
      } finally {
        await server.stop();
      }
    },
    60_000,
  );
});

/** Statistics in the database. */
async function countOf(url: string): Promise<number> {
  const query = encodeURIComponent(`SELECT COUNT(value) FROM operando_reading WHERE "name" = 'statistic'`);
  const answer = (await (await fetch(`${url}/query?db=operando&q=${query}`)).json()) as {
    results: { series?: { values: number[][] }[] }[];
  };
  return answer.results[0]?.series?.[0]?.values[0]?.[1] ?? 0;
}
