import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { nextUniform, seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';
import { startInfluxd } from '../../test/support/servers.ts';
import { askInflux } from './askInflux.ts';

export interface KillResult {
  readonly kills: number;
  readonly serverKills: number;
  /** Points of which a flush said that they are safe. */
  readonly acknowledged: number;
  /** Of those, the points that are not in the database. */
  readonly lost: number;
  /** Points that are in the database more than once, after it has put equal ones together. */
  readonly duplicatedAfterDedup: number;
  /** What the sink itself counted as lost, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

interface Word {
  readonly acknowledged: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly waiting?: number;
}

const WRITER = fileURLToPath(new URL('./writer.js', import.meta.url));
/** Every so many kills of the writer the server is killed, and started again after the next. */
const SERVER_EVERY = 4;
const DATABASE = 'kills';
/** Of delivering what waits at the end. */
const MOST_TURNS = 20;

/** A writer is killed at random moments, the server now and then; then all that was acknowledged is looked for. */
export async function measureKills(
  directory: string,
  kills: number,
  seed: number,
  tell: (done: number) => void,
): Promise<KillResult> {
  const random = seedXoshiro128(seed, 0);
  const server = await startInfluxd();
  mkdirSync(join(directory, 'writer'), { recursive: true });
  let acknowledged = 0;
  let serverKills = 0;
  let dropped: Readonly<Record<string, number>> = {};
  const hear = ({ acknowledged: count, dropped: lost }: Word): void => {
    acknowledged = Math.max(acknowledged, count);
    dropped = lost;
  };
  const launch = (extra: readonly string[]): ChildProcess => {
    const child = fork(WRITER, [server.url, DATABASE, join(directory, 'writer'), String(acknowledged), ...extra]);
    child.on('message', (word) => hear(word as Word));
    return child;
  };
  const ended = (child: ChildProcess): Promise<unknown> => new Promise((resolve) => child.once('exit', resolve));

  for (let kill = 1; kill <= kills; kill++) {
    if (kill % SERVER_EVERY === 0) {
      await server.kill();
      serverKills++;
    }
    const before = acknowledged;
    const child = launch([]);
    const end = ended(child);
    while (acknowledged === before && child.exitCode === null) await pause(5);
    await pause(nextUniform(random) * 200);
    child.kill('SIGKILL');
    await end;
    if (kill % SERVER_EVERY === 0) await server.restart();
    tell(kill);
  }
  // A server under load may refuse a batch: what still waits then is for the next to deliver.
  for (let turn = 0, waiting = Infinity; turn < MOST_TURNS && waiting > 0; turn++) {
    const last = launch(['500']);
    last.on('message', (word) => (waiting = (word as Word).waiting ?? waiting));
    await ended(last);
  }
  const there = await askInflux(
    server.url,
    DATABASE,
    `SELECT count(distinct("value")) FROM operando_reading WHERE "value" < ${acknowledged}`,
  );
  const rows = await askInflux(
    server.url,
    DATABASE,
    `SELECT count("value") FROM operando_reading WHERE "value" < ${acknowledged}`,
  );
  await server.stop();
  return { kills, serverKills, acknowledged, lost: acknowledged - there, duplicatedAfterDedup: rows - there, dropped };
}
