import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import influxSink from '../../../src/sinks/influx.ts';
import { startScriptedInflux, type ScriptedInflux } from '../../support/scriptedInflux.ts';
import { needs } from '../../support/requirement.ts';
import { findProgram, startVictoriaMetrics, until, type TestServer } from '../../support/servers.ts';
import { listeningSetting, readingAt, START_US } from '../signals.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'operando-influx-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function open(settings: z.input<typeof influxSink.config>) {
  const listening = listeningSetting(directory);
  const config = influxSink.config.parse({
    batchWithin: '20 ms',
    spool: { directory: 'spool' },
    deadLetters: { path: 'refused.jsonl' },
    ...settings,
  });
  return { sink: influxSink.create(config, listening.setting), ...listening };
}

describe.each([2, 3] as const)('the influx sink on an InfluxDB %i.x', (version) => {
  let server: ScriptedInflux;
  const settings = () => ({
    url: server.url,
    token: 'right-token',
    ...(version === 2 ? { organisation: 'lab' } : {}),
  });
  beforeEach(async () => {
    server = await startScriptedInflux(version);
  });
  afterEach(() => server.stop());

  const written = (count: number) => until(`${count} points are there`, () => server.lines.size >= count);

  it('finds out its version and writes with its names of things', async () => {
    const { sink, lastState } = open(settings());
    for (let seq = 0; seq < 50; seq++) sink.write(readingAt(seq), 'onset');
    await written(50);
    expect([...server.lines.values()][4]).toBe(
      'operando_reading,detector=onset,instrument=lab-3,modality=xrd,name=statistic,run=run_1,site=lab,stream=xrd,unit=1 ' +
        `seq=4,value=1,valid=true ${START_US + 400_000}`,
    );
    await sink.close();
    expect(lastState()).toBe('ended');
  });

  it('puts the points of a clashing type aside with the answer of the server, and writes all others', async () => {
    const { sink, dropped } = open(settings());
    sink.write(readingAt(0), 'onset');
    await written(1);
    // Another program has written a text where a number belongs.
    const line = `operando_reading,a=b region_from="text" ${START_US}`;
    const [path, scheme] =
      version === 2
        ? ['/api/v2/write?org=lab&bucket=operando&precision=us', 'Token']
        : ['/api/v3/write_lp?db=operando&precision=microsecond&accept_partial=false', 'Bearer'];
    const headers = { Authorization: `${scheme} right-token` };
    expect((await fetch(server.url + path, { method: 'POST', headers, body: line })).status).toBe(204);
    for (let seq = 1; seq < 60; seq++) sink.write(readingAt(seq, seq % 20 === 7 ? { region: [1, 2] } : {}), 'onset');
    await written(1 + 1 + 56);
    await until('the others are told', () => dropped.refused === 3);
    const letters = readFileSync(join(directory, 'refused.jsonl'), 'utf8').trim().split('\n');
    expect(letters).toHaveLength(3);
    expect(JSON.parse(letters[0]!)).toMatchObject({
      line: expect.stringContaining('region_from=1') as string,
      reason: expect.stringContaining('field type conflict') as string,
    });
    await sink.close();
  });

  it('waits as long as it is asked to, and no attempt comes before', async () => {
    const { sink, reports } = open(settings());
    server.answers.push({ status: 503, headers: { 'Retry-After': '1' }, body: 'busy' });
    sink.write(readingAt(0), 'onset');
    await written(1);
    expect(server.attemptsMs[1]! - server.attemptsMs[0]!).toBeGreaterThan(950);
    expect(reports.some(({ state, detail }) => state === 'down' && /asks for patience \(503 busy\)/.test(detail))).toBe(
      true,
    );
    await sink.close();
  });

  it('loses nothing while its token is refused, and says so', async () => {
    const { sink, lastState, reports, dropped } = open(settings());
    sink.write(readingAt(0), 'onset');
    await written(1);
    server.token = 'another-token';
    for (let seq = 1; seq < 20; seq++) sink.write(readingAt(seq), 'onset');
    await until('it is told', () => lastState() === 'down');
    expect(reports.at(-1)!.detail).toMatch(/refuses the account or token \(401/);
    expect(reports.at(-1)!.detail).not.toContain('right-token');
    server.token = 'right-token';
    await written(20);
    expect(dropped).toEqual({});
    await sink.close();
  });

  it('divides what is too large for one request', async () => {
    const { sink } = open(settings());
    server.answers.push({ status: 413, body: 'too large' }, { status: 413 });
    for (let seq = 0; seq < 40; seq++) sink.write(readingAt(seq), 'onset');
    await written(40);
    await sink.close();
  });

  it('proves a write to the doctor by reading it back', async () => {
    const config = influxSink.config.parse(settings());
    expect(await influxSink.probe!(config)).toMatch(
      /^InfluxDB v?\d.*(bucket|database) operando: a point was written and read back$/,
    );
    await expect(influxSink.probe!(influxSink.config.parse({ ...settings(), token: 'wrong' }))).rejects.toThrow(
      /refuses the account or token \(401/,
    );
  });

  it('takes up again after a crash what was not acknowledged, and nothing is there twice', async () => {
    const first = open(settings());
    server.answers.push(...Array.from({ length: 200 }, () => ({ status: 500, body: 'no' })));
    for (let seq = 0; seq < 300; seq++) first.sink.write(readingAt(seq), 'onset');
    await first.sink.flush();
    await first.sink.close();
    expect(server.lines.size).toBe(0);
    expect(first.dropped).toEqual({});
    server.answers.length = 0;
    const second = open(settings());
    await written(300);
    await second.sink.close();
    expect(server.lines.size).toBe(300);
  });
});

const canRun = needs('servers', 'victoria-metrics', findProgram('victoria-metrics') !== null);

describe.skipIf(!canRun)('the influx sink on VictoriaMetrics', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startVictoriaMetrics();
  }, 30_000);
  afterAll(() => server.stop());

  it('recognises it, writes, and gets through its death without a loss', async () => {
    const { sink, dropped, lastState } = open({ url: server.url });
    const nowUs = Date.now() * 1000;
    const write = (from: number, to: number) => {
      for (let seq = from; seq < to; seq++) sink.write(readingAt(seq, { timeUs: nowUs + seq * 1000 }), 'onset');
    };
    write(0, 500);
    await until('some are there', async () => (await valuesOf(server.url)).size === 500);
    await server.kill();
    write(500, 1000);
    await until('its death is noticed', () => lastState() === 'down');
    await server.restart();
    // What it had in memory only is its own loss.
    const all = Array.from({ length: 500 }, (_, i) => (500 + i) / 4);
    const isThere = async () => {
      const values = await valuesOf(server.url);
      return all.every((value) => values.has(value));
    };
    await until('all are there', isThere, 40_000);
    expect(dropped).toEqual({});
    await sink.close();
  }, 60_000);

  it('proves a write to the doctor by reading it back', async () => {
    const config = influxSink.config.parse({ url: server.url });
    expect(await influxSink.probe!(config)).toBe(
      'VictoriaMetrics, database operando: a point was written and read back',
    );
  }, 20_000);
});

/** The values of the readings in the database. */
async function valuesOf(url: string): Promise<Set<number>> {
  await fetch(`${url}/internal/force_flush`);
  const answer = await fetch(`${url}/api/v1/export?match[]=operando_reading_value`);
  const text = await answer.text();
  const series = text.split('\n').filter((line) => line !== '');
  return new Set(series.flatMap((line) => (JSON.parse(line) as { values: number[] }).values));
}
