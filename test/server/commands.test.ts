import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { AcceptCommand, AcceptRequest } from '../../src/model/operatorCommand.ts';
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
