import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { File, type Dataset } from 'h5wasm/node';
import mqtt from 'mqtt';
import type { Signal } from '../../src/model/signal.ts';
import type { Sink } from '../../src/model/sink.ts';
import { openRecording } from '../../src/recording/reader.ts';
import type { MemorySink } from '../../src/sinks/memory.ts';
import type { sinks } from '../../src/sinks/registry.ts';
import { startHookServer } from '../support/hookServer.ts';
import { startSmtpServer } from '../support/smtpServer.ts';
import { findProgram, freePort, startAedes, startInfluxd, until } from '../support/servers.ts';

/** What of it came to the other end, in the order it is read there. */
export interface Arrived {
  readonly alertSeqs: readonly number[];
  /** Sum over the channels of each frame, by its number; null where frames are not kept. */
  readonly frameTotals: ReadonlyMap<number, number> | null;
}

/** A sink's other end, empty and ready. */
export interface Place {
  readonly directory: string;
  /** Settings, as written in a pipeline file. */
  readonly settings: object;
  /** The same, of a place that is not there; null when it cannot be absent. */
  readonly absentSettings: object | null;
  arrived(sink: Sink, alertCount: number): Promise<Arrived>;
  end(): Promise<void>;
}

export interface SinkBench {
  /** A program that the bench needs; null when it needs none. */
  readonly program: string | null;
  open(): Promise<Place>;
}

type Kept = Pick<Signal, 'type' | 'seq'> & { readonly values?: ArrayLike<number> };

function arrivedOf(signals: readonly Kept[]): Arrived {
  const frames = signals.filter(({ type }) => type === 'frame');
  return {
    alertSeqs: signals.filter(({ type }) => type === 'alert').map(({ seq }) => seq),
    frameTotals: new Map(frames.map(({ seq, values }) => [seq, Array.from(values!).reduce((sum, x) => sum + x, 0)])),
  };
}

async function inDirectory(
  settings: (directory: string) => { here: object; absent: object | null },
  arrived: (directory: string, sink: Sink) => readonly Kept[],
): Promise<Place> {
  const directory = await mkdtemp(join(tmpdir(), 'operando-laws-'));
  writeFileSync(join(directory, 'blocked'), 'a file where a folder should be');
  const { here, absent } = settings(directory);
  return {
    directory,
    settings: here,
    absentSettings: absent,
    arrived: (sink) => Promise.resolve(arrivedOf(arrived(directory, sink))),
    end: () => rm(directory, { recursive: true, force: true }),
  };
}

async function openInflux(): Promise<Place> {
  const server = await startInfluxd();
  const directory = await mkdtemp(join(tmpdir(), 'operando-laws-'));
  const ask = async (query: string) => {
    const parameters = new URLSearchParams({ db: 'operando', epoch: 'u', q: query });
    const answer = await fetch(`${server.url}/query?${parameters.toString()}`);
    const { results } = (await answer.json()) as { results: { series?: { values: number[][] }[] }[] };
    return results[0]?.series?.[0]?.values ?? [];
  };
  return {
    directory,
    settings: { url: server.url, spool: false },
    absentSettings: { url: `http://127.0.0.1:${await freePort()}`, flushWithin: '300 ms', spool: false },
    async arrived() {
      const frames = await ask('SELECT seq, counts_total FROM operando_frame');
      return {
        alertSeqs: (await ask('SELECT seq FROM operando_alert')).map(([, seq]) => seq!),
        frameTotals: new Map(frames.map(([, seq, total]) => [seq!, total!])),
      };
    },
    async end() {
      await server.stop();
      await rm(directory, { recursive: true });
    },
  };
}

async function openMqtt(): Promise<Place> {
  const broker = await startAedes();
  const subscriber = await mqtt.connectAsync(broker.url);
  const alertSeqs: number[] = [];
  subscriber.on('message', (_topic, payload) =>
    alertSeqs.push((JSON.parse(payload.toString()) as { seq: number }).seq),
  );
  await subscriber.subscribeAsync('operando/v1/+/+/event', { qos: 1 });
  return {
    directory: tmpdir(),
    settings: { url: broker.url, spool: false },
    absentSettings: { url: `mqtt://127.0.0.1:${await freePort()}`, flushWithin: '300 ms', spool: false },
    async arrived(_sink, alertCount) {
      // The broker has them; the way to the subscriber is not the sink's.
      await until('the subscriber hears them', () => alertSeqs.length >= alertCount);
      return { alertSeqs: [...alertSeqs], frameTotals: null };
    },
    async end() {
      await subscriber.endAsync(true);
      await broker.stop();
    },
  };
}

/** Tells of everything, at once. */
const eager = {
  severity: 'notice',
  phases: ['raised', 'updated', 'cleared'],
  groupFor: '1 ms',
  listed: 500,
  atMost: { messages: 10_000, per: '1 s' },
  spool: false,
};
const seqsOf = (message: string) => (JSON.parse(message) as { alerts: { seq: number }[] }).alerts.map(({ seq }) => seq);

async function openWebhook(): Promise<Place> {
  const server = await startHookServer();
  return {
    directory: tmpdir(),
    settings: { ...eager, url: server.url },
    absentSettings: { ...eager, url: `http://127.0.0.1:${await freePort()}`, flushWithin: '300 ms' },
    arrived: () => Promise.resolve({ alertSeqs: server.posts.flatMap(({ body }) => seqsOf(body)), frameTotals: null }),
    end: () => server.stop(),
  };
}

async function openEmail(): Promise<Place> {
  const server = await startSmtpServer();
  const who = { host: '127.0.0.1', security: 'none', from: 'operando@example.org', to: ['me@example.org'] };
  return {
    directory: tmpdir(),
    settings: { ...eager, ...who, port: server.port },
    absentSettings: { ...eager, ...who, port: await freePort(), flushWithin: '300 ms' },
    arrived() {
      const texts = server.messages.map((message) => message.replaceAll(/=\n/g, ''));
      // Ten alerts a second: the time of an alert tells its number.
      const times = texts.flatMap((text) => [...text.matchAll(/^2026-03-01T12:00:(\d\d\.\d)/gm)]);
      return Promise.resolve({ alertSeqs: times.map(([, s]) => Math.round(10 * Number(s))), frameTotals: null });
    },
    end: () => server.stop(),
  };
}

async function openCommand(): Promise<Place> {
  const directory = await mkdtemp(join(tmpdir(), 'operando-laws-'));
  const path = join(directory, 'heard.jsonl');
  const program = `process.stdin.on('data', (d) => require('node:fs').appendFileSync(process.argv[1], d)).on('end', () => require('node:fs').appendFileSync(process.argv[1], '\\n'))`;
  return {
    directory,
    settings: { ...eager, program: process.execPath, arguments: ['-e', program, path] },
    absentSettings: { ...eager, program: join(directory, 'nobody'), attempts: 100, flushWithin: '300 ms' },
    arrived: () =>
      Promise.resolve({
        alertSeqs: readFileSync(path, 'utf8').trim().split('\n').flatMap(seqsOf),
        frameTotals: null,
      }),
    end: () => rm(directory, { recursive: true, force: true }),
  };
}

const parseLines = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Kept);

/** Frames of a recording are lent until the next item. */
function recordedSignals(directory: string): Kept[] {
  const kept: Kept[] = [];
  for (const item of openRecording(directory).items())
    if (item.type === 'frame') kept.push({ type: 'frame', seq: item.seq, values: item.values.slice() });
    else if (item.type === 'alert') kept.push({ type: 'alert', seq: item.seq });
  return kept;
}

/** All files of the sink, read as another program would: while it may still write them. */
function hdf5Signals(directory: string): Kept[] {
  return readdirSync(directory).flatMap((name) => {
    const file = new File(join(directory, name), 'Sr');
    const dataset = (path: string) => file.get(`entry/data/${path}`);
    const seqs = (dataset('seq') as Dataset).value as BigInt64Array;
    const values = dataset('values') as Dataset | null;
    const rows = values?.value as Float64Array | undefined;
    const width = values?.shape?.[1] ?? 0;
    file.close();
    return Array.from(seqs, (seq, k): Kept =>
      rows === undefined
        ? { type: 'alert', seq: Number(seq) }
        : { type: 'frame', seq: Number(seq), values: rows.slice(k * width, (k + 1) * width) },
    );
  });
}

/** One for every registered sink. */
export const sinkBenches: Readonly<Record<(typeof sinks)[number]['name'], SinkBench>> = {
  influx: { program: 'influxd', open: openInflux },
  mqttAlert: { program: null, open: openMqtt },
  webhook: { program: null, open: openWebhook },
  email: { program: null, open: openEmail },
  command: { program: null, open: openCommand },
  jsonLines: {
    program: null,
    open: () =>
      inDirectory(
        () => ({
          here: { path: 'signals.jsonl', frames: 'full' },
          absent: { path: 'blocked/signals.jsonl', frames: 'full', flushWithin: '300 ms' },
        }),
        (directory) => parseLines(readFileSync(join(directory, 'signals.jsonl'), 'utf8')),
      ),
  },
  memory: {
    program: null,
    open: () =>
      inDirectory(
        () => ({ here: { capacity: 10_000 }, absent: null }),
        (_directory, sink) => (sink as MemorySink).kept().map(({ signal }) => signal),
      ),
  },
  hdf5: {
    program: null,
    open: () =>
      inDirectory(
        () => ({ here: { directory: 'run' }, absent: { directory: 'blocked/run' } }),
        (directory) => hdf5Signals(join(directory, 'run')),
      ),
  },
  recording: {
    program: null,
    open: () =>
      inDirectory(
        () => ({ here: { directory: 'run' }, absent: { directory: 'blocked/run' } }),
        (directory) => recordedSignals(join(directory, 'run')),
      ),
  },
};

/** Whether the program of a bench is installed. */
export const isPresent = ({ program }: SinkBench) => program === null || findProgram(program) !== null;
