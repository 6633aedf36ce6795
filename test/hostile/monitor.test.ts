import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { encodeCborItem } from '../../src/wire/cborItem.ts';
import { freePort, until } from '../support/servers.ts';
import { start } from '../support/operando.ts';
import { goodFrame, goodLayout, hostileCorpus } from './corpus.ts';

let folder = '';
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'operando-hostile-'))));
afterAll(() => rm(folder, { recursive: true }));

const MAX_BYTES = 65_536;
const pipeline = (port: number): string => `version: 1
streams:
  s:
    transport: { use: websocket, with: { listen: { port: ${port} } } }
    codec: { use: cbor, with: { maxBytes: ${MAX_BYTES} } }
    framePeriodMs: 1
pipeline:
  - { id: all, use: reduce.rebin, with: { factor: 2 } }
sinks:
  - { id: log, from: all, use: jsonLines, with: { path: out.jsonl, frames: summary } }
page: { port: 0 }
`;

/** A socket to a server that may not listen yet. */
async function connected(url: string): Promise<WebSocket> {
  let socket: WebSocket | null = null;
  await until('the door is open', async () => {
    const tried = new WebSocket(url);
    const isOpen = await new Promise<boolean>((resolve) => {
      tried.once('open', () => resolve(true));
      tried.once('error', () => resolve(false));
    });
    if (isOpen) socket = tried;
    return isOpen;
  });
  if (socket === null) throw new Error(`no connection to ${url}`);
  return socket;
}

it('counts everything hostile by reason, keeps some for inspection, and loses no good frame', async () => {
  const port = await freePort();
  await writeFile(join(folder, 'hostile.yaml'), pipeline(port));
  const monitor = start(['run', 'hostile.yaml'], folder);
  const page = (await monitor.shows(/^page (\S+)/m))[1]!;
  const instrument = await connected(`ws://127.0.0.1:${port}/`);
  const sent: Record<string, number> = {};
  let good = 0;
  instrument.send(encodeCborItem(goodLayout));
  for (const { cbor, reason } of hostileCorpus) {
    if (cbor === undefined) continue;
    const expected = cbor.length > MAX_BYTES ? 'tooLarge' : reason;
    sent[expected] = (sent[expected] ?? 0) + 1;
    instrument.send(cbor);
    // A hostile layout may have replaced the good one.
    instrument.send(encodeCborItem(goodLayout));
    instrument.send(encodeCborItem({ ...goodFrame, seq: 100 + good, timeUs: goodFrame.timeUs + 1000 * good }));
    good++;
  }
  const processed = async (): Promise<number> => {
    const answer = (await (await fetch(new URL('api/v1/status', page))).json()) as {
      monitor: { streams: { processedCount: number }[] } | null;
    };
    return answer.monitor?.streams[0]?.processedCount ?? 0;
  };
  await until('all good frames are through', async () => (await processed()) === good);
  const rejected = (await (await fetch(new URL('api/v1/rejected', page))).json()) as { s: { headBase64: string }[] };
  expect(rejected.s).toHaveLength(8);

  instrument.close();
  monitor.child.kill('SIGTERM');
  const { out, code } = await monitor.done;
  expect(out).toMatch(/^stream s refused \(\w+\): /m);
  const bad = Object.values(sent).reduce((a, b) => a + b, 0);
  expect(out).toContain(`${good + bad} received = ${good} processed + 0 summed into others + ${bad} dropped`);
  for (const [reason, count] of Object.entries(sent)) expect(out).toContain(`${count} ${reason}`);
  const frames = (await readFile(join(folder, 'out.jsonl'), 'utf8')).trimEnd().split('\n');
  expect(frames).toHaveLength(good);
  expect(code).toBe(0);
}, 60_000);
