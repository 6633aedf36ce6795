import { spawnSync } from 'node:child_process';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { FrameFlag } from '../../src/model/frame.ts';
import influxSink from '../../src/sinks/influx.ts';
import { needs } from '../support/requirement.ts';
import { findProgram, freePort, startInfluxd, until, type TestServer } from '../support/servers.ts';
import { alertAt, detectionAt, frameAt, listeningSetting, PERIOD_US, readingAt, START_US } from './signals.ts';

type Row = Record<string, string | number | boolean | null>;

const canRun = needs('servers', 'influxd', findProgram('influxd') !== null);

describe.skipIf(!canRun)('the influx sink on a real InfluxDB', () => {
  let server: TestServer;
  let directory: string;
  let database = '';
  let round = 0;

  beforeAll(async () => {
    server = await startInfluxd();
    directory = await mkdtemp(join(tmpdir(), 'operando-influx-'));
  }, 30_000);
  afterAll(async () => {
    await server.stop();
    await rm(directory, { recursive: true });
  });
  beforeEach(() => {
    database = `operando${round++}`;
  });

  async function ask(query: string): Promise<Row[]> {
    const parameters = new URLSearchParams({ db: database, epoch: 'u', q: query });
    const answer = await fetch(`${server.url}/query?${parameters.toString()}`, { method: 'POST' });
    const { results } = (await answer.json()) as {
      results: { series?: { columns: string[]; values: (string | number | boolean | null)[][]; tags?: Row }[] }[];
    };
    return (results[0]?.series ?? []).flatMap(({ columns, values, tags }) =>
      values.map((row) => ({ ...tags, ...Object.fromEntries(columns.map((column, i) => [column, row[i] ?? null])) })),
    );
  }

  function open(settings: z.input<typeof influxSink.config> = {}) {
    const listening = listeningSetting(directory);
    const config = influxSink.config.parse({
      url: server.url,
      database,
      batchWithin: '50 ms',
      spool: false,
      ...settings,
    });
    return { sink: influxSink.create(config, listening.setting), ...listening };
  }

  it('writes a frame under its names, with the tags of the house and a time stamp in microseconds', async () => {
    const { sink, lastState } = open();
    const frame = frameAt(7);
    frame.mask = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);
    frame.flags = FrameFlag.masked;
    sink.write(frame, 'xrd');
    await sink.flush();
    expect(await ask('SELECT * FROM operando_frame')).toEqual([
      {
        time: START_US + 7 * PERIOD_US,
        detector: 'xrd',
        instrument: 'lab-3',
        modality: 'xrd',
        run: 'run_1',
        site: 'lab',
        stream: 'xrd',
        seq: 7,
        counts_total: 8 + 9 + 10 + 11 + 12 + 13 + 14,
        exposure_us: 90_000,
        unseen_exposure_us: 0,
        shift: 0,
        masked_count: 1,
        flags: 16,
        context_temperature: 307,
      },
    ]);
    expect(lastState()).toBe('ok');
    await sink.close();
  });

  it('writes readings, doses, detections and alerts, and never a NaN', async () => {
    const { sink } = open();
    sink.write(readingAt(1, { value: 2.5, standardError: 0.5, systematicError: NaN, region: [1, 2] }), 'onset');
    sink.write(readingAt(2, { value: NaN, quality: 'invalid' }), 'onset');
    sink.write(readingAt(1, { stage: 'dose', name: 'dose', value: 40, unit: 'nm-2' }), 'dose');
    sink.write(readingAt(1, { stage: 'dose', name: 'doseRate', value: 3, unit: 'nm-2.s-1' }), 'dose');
    sink.write(detectionAt(5), 'onset');
    sink.write(detectionAt(5, { sign: -1, region: [30, 31] }), 'onset');
    sink.write(alertAt(6), 'newPhase');
    await sink.flush();
    expect(await ask('SELECT value, error, systematic_error, valid, region_to, unit FROM operando_reading')).toEqual([
      {
        time: START_US + PERIOD_US,
        value: 2.5,
        error: 0.5,
        valid: true,
        region_to: 2,
        unit: '1',
        systematic_error: null,
      },
      {
        time: START_US + 2 * PERIOD_US,
        value: null,
        error: null,
        valid: false,
        region_to: null,
        unit: '1',
        systematic_error: null,
      },
    ]);
    expect(await ask('SELECT dose, dose_rate, unit FROM operando_dose')).toEqual([
      { time: START_US + PERIOD_US, dose: 40, dose_rate: null, unit: 'nm-2' },
      { time: START_US + PERIOD_US, dose: null, dose_rate: 3, unit: 'nm-2.s-1' },
    ]);
    expect(await ask('SELECT sign, region_from, onset_us FROM operando_detect')).toEqual([
      { time: START_US + 5 * PERIOD_US, sign: 1, region_from: 24.1, onset_us: START_US + 2 * PERIOD_US },
      { time: START_US + 5 * PERIOD_US + 1, sign: -1, region_from: 30, onset_us: START_US + 2 * PERIOD_US },
    ]);
    expect(await ask('SELECT severity, phase, message, detector FROM operando_alert')).toEqual([
      {
        time: START_US + 6 * PERIOD_US,
        severity: 'warning',
        phase: 'raised',
        message: 'A "new" line at 24.3 deg, 12.5 sigma',
        detector: 'newPhase',
      },
    ]);
    await sink.close();
  });

  it('folds a spectrum onto 256 zero-padded fields, one per second of event time, and the axis once', async () => {
    const { sink } = open();
    for (let seq = 0; seq < 30; seq++) sink.write(frameAt(seq, 1000), 'xrd');
    await sink.flush();
    const spectra = await ask('SELECT * FROM operando_spectrum');
    expect(spectra.map(({ seq }) => seq)).toEqual([0, 10, 20]);
    const names = Object.keys(spectra[0]!).filter((name) => /^ch\d/.test(name));
    expect(names).toHaveLength(256);
    expect(names.toSorted()).toEqual(Array.from({ length: 256 }, (_, i) => `ch${String(i).padStart(3, '0')}`));
    // 1000 channels on 256 fields: the first field holds channels 0 to 3, whose counts are seq + i.
    expect(spectra[1]).toMatchObject({ ch000: 10 + 1.5, ch255: 10 + 998, unit: '1' });
    const [axis, ...more] = await ask('SELECT ch000, ch255, unit, "name" FROM operando_axis');
    expect(more).toEqual([]);
    expect(axis).toMatchObject({ unit: 'deg', name: 'twoTheta' });
    expect(axis!.ch000).toBeCloseTo(10.03, 10);
    await sink.close();
  });

  it('writes every n-th spectrum when asked to, and none when told not to', async () => {
    const { sink } = open({ spectrum: { every: 4, channels: 4 } });
    for (let seq = 0; seq < 9; seq++) sink.write(frameAt(seq), 'xrd');
    await sink.flush();
    const spectra = await ask('SELECT * FROM operando_spectrum');
    expect(spectra.map(({ seq, ch003 }) => [seq, ch003])).toEqual([
      [0, 6.5],
      [4, 10.5],
      [8, 14.5],
    ]);
    await sink.close();
    database += 'none';
    const quiet = open({ spectrum: null });
    quiet.sink.write(frameAt(0), 'xrd');
    await quiet.sink.flush();
    expect(await ask('SELECT * FROM operando_spectrum')).toEqual([]);
    expect(await ask('SELECT * FROM operando_frame')).toHaveLength(1);
    await quiet.sink.close();
  });

  it('changes nothing when the same run is written again', async () => {
    for (let time = 0; time < 2; time++) {
      const { sink } = open();
      for (let repeat = 0; repeat < 2; repeat++)
        for (let seq = 0; seq < 20; seq++) {
          sink.write(frameAt(seq), 'xrd');
          sink.write(readingAt(seq), 'onset');
          sink.write(detectionAt(seq), 'onset');
          sink.write(detectionAt(seq, { sign: -1 }), 'onset');
        }
      await sink.close();
    }
    for (const [measurement, field, expected] of [
      ['operando_frame', 'seq', 20],
      ['operando_reading', 'value', 20],
      ['operando_detect', 'sign', 40],
      ['operando_spectrum', 'ch000', 2],
    ])
      expect(await ask(`SELECT count("${field}") AS n FROM ${measurement}`), String(measurement)).toEqual([
        expect.objectContaining({ n: expected }),
      ]);
  });

  it('keeps what the server misses while it is dead, and delivers it exactly once', async () => {
    const { sink, reports, dropped, lastState } = open();
    const write = (from: number, to: number) => {
      for (let seq = from; seq < to; seq++) {
        sink.write(readingAt(seq), 'onset');
        sink.write(frameAt(seq), 'xrd');
      }
    };
    write(0, 500);
    await sink.flush();
    await server.kill();
    write(500, 1500);
    await until('the outage is noticed', () => lastState() === 'down');
    expect(reports.at(-1)!.detail).toMatch(/^InfluxDB unreachable since 20\d\d-.*Z, \d+ points wait: /);
    write(1500, 2000);
    await server.restart();
    write(2000, 2500);
    await sink.flush();
    expect(lastState()).toBe('ok');
    expect(dropped).toEqual({});
    expect(await ask('SELECT count(value) AS n, sum(value) AS s FROM operando_reading')).toMatchObject([
      { n: 2500, s: (2499 * 2500) / 8 },
    ]);
    expect(await ask('SELECT count(seq) AS n FROM operando_frame')).toMatchObject([{ n: 2500 }]);
    await sink.close();
  }, 60_000);

  it('makes the database again when somebody dropped it', async () => {
    const { sink, lastState } = open();
    sink.write(frameAt(0), 'xrd');
    await sink.flush();
    await ask(`DROP DATABASE ${database}`);
    sink.write(frameAt(1), 'xrd');
    await sink.flush();
    expect((await ask('SELECT seq FROM operando_frame')).map(({ seq }) => seq)).toEqual([1]);
    expect(lastState()).toBe('ok');
    await sink.close();
  });

  it('puts the one point of a conflicting type into the dead-letter file, and writes all others', async () => {
    await ask(`CREATE DATABASE ${database}`);
    const line = `operando_reading region_from="text" ${START_US}`;
    await fetch(`${server.url}/write?db=${database}&precision=u`, { method: 'POST', body: line });
    const { sink, dropped, lastState } = open({ deadLetters: { path: `${database}.jsonl` } });
    for (let seq = 0; seq < 100; seq++) sink.write(readingAt(seq), 'onset');
    sink.write(readingAt(100, { region: [1, 2] }), 'onset');
    for (let seq = 101; seq < 200; seq++) sink.write(seq % 2 ? frameAt(seq) : readingAt(seq), 'onset');
    await sink.flush();
    expect(dropped).toEqual({ refused: 1 });
    expect(lastState()).toBe('ok');
    expect(await ask('SELECT count(seq) AS n FROM operando_reading')).toMatchObject([{ n: 149 }]);
    expect(await ask('SELECT count(seq) AS n FROM operando_frame')).toMatchObject([{ n: 50 }]);
    const letters = readFileSync(join(directory, `${database}.jsonl`), 'utf8')
      .trim()
      .split('\n');
    expect(letters).toHaveLength(1);
    expect(JSON.parse(letters[0]!)).toMatchObject({
      reason: expect.stringContaining('field type conflict') as string,
      line: expect.stringMatching(/^operando_reading,.*seq=100,/) as string,
    });
    await sink.close();
  });

  it('asks a limited number of times when every point is refused', async () => {
    await ask(`CREATE DATABASE ${database}`);
    const line = `operando_reading value="text" ${START_US}`;
    await fetch(`${server.url}/write?db=${database}&precision=u`, { method: 'POST', body: line });
    const { sink, dropped, reports } = open({ deadLetters: { path: `${database}.jsonl` } });
    for (let seq = 0; seq < 1000; seq++) sink.write(readingAt(seq), 'onset');
    await sink.flush();
    expect(dropped).toEqual({ refused: 1000 });
    expect(reports.filter(({ detail }) => detail.includes('refused')).length).toBeLessThan(100);
    await sink.close();
  });

  it('refuses to call a flush done when the dead-letter file has no room', async () => {
    await ask(`CREATE DATABASE ${database}`);
    const line = `operando_frame counts_total="text" ${START_US}`;
    await fetch(`${server.url}/write?db=${database}&precision=u`, { method: 'POST', body: line });
    const { sink, dropped } = open({ spectrum: null, deadLetters: { path: 'tiny.jsonl', maxMegabytes: 1e-6 } });
    sink.write(frameAt(0), 'xrd');
    await expect(sink.flush()).rejects.toThrow('0 points still wait, 1 were lost');
    expect(dropped).toEqual({ refused: 1 });
    expect(existsSync(join(directory, 'tiny.jsonl'))).toBe(false);
    await sink.close();
  });

  it('proves a write to the doctor by reading it back', async () => {
    const config = influxSink.config.parse({ url: server.url, database });
    expect(await influxSink.probe!(config)).toMatch(
      /^InfluxDB 1\.\d.*, database operando\d+: a point was written and read back$/,
    );
    const lost = influxSink.config.parse({ url: `http://127.0.0.1:${await freePort()}`, timeout: '500 ms' });
    await expect(influxSink.probe!(lost)).rejects.toThrow(/no database answers at http:.*ECONNREFUSED/);
  });
});

describe('the influx sink without a server', () => {
  it('drops the oldest points beyond its limit, counts them, and says on flush what is left', async () => {
    const { setting, dropped, lastState, reports } = listeningSetting();
    const url = `http://127.0.0.1:${await freePort()}`;
    const config = influxSink.config.parse({
      url,
      spool: false,
      waitingPoints: 100,
      flushWithin: '200 ms',
      spectrum: null,
    });
    const sink = influxSink.create(config, setting);
    for (let seq = 0; seq < 1000; seq++) sink.write(frameAt(seq), 'xrd');
    await expect(sink.flush()).rejects.toThrow(/points still wait, \d+ were lost/);
    expect(lastState()).toBe('down');
    expect(reports.at(-1)!.detail).toContain('ECONNREFUSED');
    await sink.close();
    expect(dropped.overflow! + dropped.closed!).toBe(1000);
    expect(dropped.closed).toBeLessThanOrEqual(100);
    sink.write(frameAt(1), 'xrd');
    await sink.close();
    expect(dropped.closed! + dropped.overflow!).toBe(1001);
  });

  it('gives up a request that is not answered, and says so', async () => {
    const held = new Set<Socket>();
    const silent = createServer((socket) => held.add(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const { setting, reports, lastState } = listeningSetting();
    const url = `http://127.0.0.1:${port}`;
    const sink = influxSink.create(
      influxSink.config.parse({ url, spool: false, timeout: '50 ms', flushWithin: '200 ms' }),
      setting,
    );
    sink.write(frameAt(0), 'xrd');
    await expect(sink.flush()).rejects.toThrow('still wait');
    expect(lastState()).toBe('down');
    expect(reports.at(-1)!.detail).toContain('timed out');
    await sink.close();
    for (const socket of held) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });

  it('loads its client in a process of its own, as the command does', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const program = `
      const { default: sink } = await import('./src/sinks/influx.ts');
      await sink.probe(sink.config.parse({ url: '${url}' })).catch((error) => console.log(error.message));`;
    const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    expect(stdout).toContain(`no database answers at ${url} (ECONNREFUSED`);
  });
});
