import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { AcceptCommand, AcceptRequest } from '../../src/model/operatorCommand.ts';
import type { PermitView } from '../../src/model/permit.ts';
import type { PermitRequest } from '../../src/model/permitCommand.ts';
import { startPageServer, type PageServer, type PageServerOptions } from '../../src/server/pageServer.ts';
import { alertOf, feedOf, stoppedClock } from './fixtures.ts';

const open: PageServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/** A server whose monitor accepts everything, and says what it was asked. */
async function serve(options: Partial<PageServerOptions> = {}) {
  const asked: AcceptRequest[] = [];
  const accept: AcceptCommand = (request) => {
    asked.push(request);
    return Promise.resolve({ id: request.id, isDone: request.by !== 'nobody', detail: 'told' });
  };
  const feed = feedOf(stoppedClock().now);
  const server = await startPageServer({ feed, port: 0, token: null, webRoot: '.', accept, ...options });
  open.push(server);
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${server.port}/api/v1/accept`, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  return { asked, server, feed, post };
}

/** The answers to commands that a page hears. */
async function ask(server: PageServer, ...texts: string[]): Promise<unknown[]> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/live`);
  const answers: unknown[] = [];
  socket.on('message', (data, isBinary) => {
    if (isBinary || !Buffer.isBuffer(data)) return;
    const message = JSON.parse(data.toString()) as { type: string };
    if (message.type === 'answer') answers.push(message);
  });
  await once(socket, 'open');
  for (const text of texts) socket.send(text);
  await expect.poll(() => answers.length, { interval: 5 }).toBeGreaterThan(0);
  socket.terminate();
  return answers;
}

describe('a command to accept a new state', () => {
  it('comes by the socket of a page and is answered there, under its id', async () => {
    const { server, asked } = await serve();
    const bad = ['{"accept":{}}', '{"accept":{"id":""}}', `{"accept":{"id":"${'x'.repeat(65)}"}}`, '{"accept":7}'];
    const answers = await ask(server, ...bad, '{"accept":{"id":"a1","by":" mk "}}');
    expect(answers).toEqual([{ type: 'answer', id: 'a1', isDone: true, detail: 'told' }]);
    expect(asked).toEqual([{ id: 'a1', by: 'mk', via: 'page' }]);
  });

  it('comes by a post, and the status tells what became of it', async () => {
    const { post, asked } = await serve();
    const done = await post('{"id":"b"}');
    expect([done.status, await done.json()]).toEqual([200, { id: 'b', isDone: true, detail: 'told' }]);
    expect((await post('{"id":"c","by":"nobody"}')).status).toBe(409);
    expect(asked.map(({ id, by, via }) => [id, by, via])).toEqual([
      ['b', '', 'command line'],
      ['c', 'nobody', 'command line'],
    ]);
    expect((await post('{"id":7}')).status).toBe(400);
    expect((await post('no JSON')).status).toBe(400);
    expect((await post(`{"id":"d","by":"${'x'.repeat(5000)}"}`)).status).toBe(413);
    expect((await post('{"id":"e"}', { 'Content-Type': 'text/plain' })).status).toBe(415);
    expect(asked).toHaveLength(2);
  });

  it('is refused from a page of another host, and without the token', async () => {
    const local = await serve();
    expect((await local.post('{"id":"a"}', { Origin: 'http://evil.example' })).status).toBe(403);
    const guarded = await serve({ token: 'a long secret' });
    expect((await guarded.post('{"id":"a"}')).status).toBe(401);
    expect((await guarded.post('{"id":"a"}', { Cookie: 'operando_token=a%20long%20secret' })).status).toBe(200);
    expect([local.asked.length, guarded.asked.length]).toEqual([0, 1]);
  });

  it('is answered with a no where nobody obeys', async () => {
    const { server } = await serve({ accept: undefined });
    expect(await ask(server, '{"accept":{"id":"a","by":""}}')).toMatchObject([{ id: 'a', isDone: false }]);
  });
});

describe('a command to the beam permit', () => {
  async function servePermit(options: Partial<PageServerOptions> = {}) {
    const ordered: PermitRequest[] = [];
    const served = await serve({
      permit(request) {
        ordered.push(request);
        return Promise.resolve({ id: request.id, isDone: request.by !== 'nobody', detail: 'told' });
      },
      ...options,
    });
    const address = `http://127.0.0.1:${served.server.port}/api/v1/permit`;
    const post = (body: string, headers: Record<string, string> = {}) =>
      fetch(address, { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } });
    return { ...served, ordered, post, get: (headers: Record<string, string> = {}) => fetch(address, { headers }) };
  }

  it('comes by the socket of a page and is answered there, under its id', async () => {
    const { server, ordered, asked } = await servePermit();
    const bad = ['{"permit":{}}', '{"permit":{"command":"open","id":"x"}}', '{"permit":{"command":"stop"}}'];
    const good = '{"permit":{"command":"rearm","id":"r1","by":"rs","reason":"moved"}}';
    expect(await ask(server, ...bad, good)).toEqual([{ type: 'answer', id: 'r1', isDone: true, detail: 'told' }]);
    expect(ordered).toEqual([{ command: 'rearm', id: 'r1', by: 'rs', reason: 'moved', via: 'page' }]);
    expect(asked).toEqual([]);
  });

  it('comes by a post, and the status tells what became of it', async () => {
    const { post, ordered } = await servePermit();
    const done = await post('{"command":"stop","id":"s"}');
    expect([done.status, await done.json()]).toEqual([200, { id: 's', isDone: true, detail: 'told' }]);
    expect((await post('{"command":"rearm","id":"t","by":"nobody"}')).status).toBe(409);
    expect(ordered).toEqual([
      { command: 'stop', id: 's', by: '', reason: '', via: 'command line' },
      { command: 'rearm', id: 't', by: 'nobody', reason: '', via: 'command line' },
    ]);
    expect((await post('{"command":"open","id":"u"}')).status).toBe(400);
    expect((await post('no JSON')).status).toBe(400);
    expect((await post('{"command":"stop","id":"u"}', { 'Content-Type': 'text/plain' })).status).toBe(415);
    expect(ordered).toHaveLength(2);
  });

  it('is refused from a page of another host, and without the token', async () => {
    const local = await servePermit();
    expect((await local.post('{"command":"stop","id":"a"}', { Origin: 'http://evil.example' })).status).toBe(403);
    const guarded = await servePermit({ token: 'a long secret' });
    expect((await guarded.post('{"command":"stop","id":"a"}')).status).toBe(401);
    expect((await guarded.get()).status).toBe(401);
    expect([local.ordered.length, guarded.ordered.length]).toEqual([0, 0]);
  });

  it('is answered with a no where no permit is given', async () => {
    const { server } = await serve();
    const answers = await ask(server, '{"permit":{"command":"stop","id":"a"}}');
    expect(answers).toMatchObject([{ id: 'a', isDone: false }]);
  });

  it('can be followed: the view as it was last set, null without one', async () => {
    const { get, feed } = await servePermit();
    expect(await (await get()).json()).toEqual({ permit: null });
    const view = { state: 'stopped', cause: 'by hand' } as PermitView;
    const before = feed.versionOf('permit');
    feed.setPermit(view);
    expect(feed.versionOf('permit')).toBeGreaterThan(before);
    expect(feed.message('permit')).toEqual({ type: 'permit', permit: view });
    expect(await (await get()).json()).toEqual({ permit: view });
  });
});

it('shows who accepted what an alert of that stream speaks of, and no other', () => {
  const feed = feedOf(stoppedClock().now);
  for (const [id, stream] of [
    ['here', 'camera'],
    ['there', 'diode'],
  ] as const)
    feed.write(alertOf(id, 'raised', { stream }), 'rule');
  const version = feed.versionOf('alerts');
  feed.noteAct({ id: 'x', by: 'mk', via: 'page', count: 1, afterUs: { camera: 1 } });
  expect(feed.versionOf('alerts')).toBeGreaterThan(version);
  feed.write(alertOf('here', 'cleared'), 'rule');
  const shown = Object.fromEntries(feed.alerts().map(({ alert, acceptedBy }) => [alert.id, acceptedBy]));
  expect(shown).toEqual({ here: 'mk', there: null });
});
