import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { permitMessage, type ShutterReport } from '../../../src/model/permit.ts';
import type { PermitDoor, PermitOutlet } from '../../../src/model/shutter.ts';
import { isLoopback, refusalOf } from '../../links/socketAccess.ts';
import { untilAborted } from '../../links/untilAborted.ts';
import { parseJson } from '../permitMqtt.ts';

/** Settings of a receiver that is asked directly. */
export const permitServer = z
  .strictObject({
    port: z.int().min(0).max(65535).describe('TCP port; 0 takes a free one.'),
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('Address to listen on; any but the loopback demands a token.'),
    token: z.string().min(1).optional().describe("What the monitor must show, as '${NAME}', from the environment."),
  })
  .refine(
    ({ host, token }) => isLoopback(host) || token !== undefined,
    'expected a token, since other machines can reach this address',
  );
export type PermitServer = z.output<typeof permitServer>;

const MOST_BYTES = 4096;

/** `POST /permit` takes a permit, `GET /report` nothing; both are answered with a report that has a new challenge. */
export function createHttpDoor({ port, host, token }: PermitServer, report: () => ShutterReport): PermitDoor {
  const answer = (response: ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    response.end(JSON.stringify(body));
  };
  const serve = async (request: IncomingMessage, response: ServerResponse, outlet: PermitOutlet): Promise<void> => {
    const refusal = refusalOf(request, { token, origins: [] });
    if (refusal !== null) return answer(response, refusal, { detail: 'Not allowed: the token is missing or wrong.' });
    const what = `${request.method} ${new URL(request.url ?? '/', 'http://localhost').pathname}`;
    if (what === 'GET /report') return answer(response, 200, report());
    if (what !== 'POST /permit') return answer(response, 404, { detail: 'There is POST /permit and GET /report.' });
    const text = await bodyOf(request);
    const message = text === null ? null : parseJson(text, permitMessage);
    if (message === null) return answer(response, 400, { detail: 'Expected a permit: run, epoch, seq, state, ...' });
    outlet.next(message);
    answer(response, 200, report());
  };
  return {
    name: 'http',
    // Reports are asked for.
    send: () => undefined,
    async run(outlet, signal) {
      const server = createServer({ requestTimeout: 5000 }, (request, response) => {
        serve(request, response, outlet).catch(() => request.destroy());
      });
      await untilAborted(
        signal,
        (lost) => {
          server.on('error', lost);
          server.listen(port, host, () => {
            const at = server.address();
            const taken = typeof at === 'object' && at !== null ? at.port : port;
            outlet.report({ state: 'ok', detail: `listening at http://${host}:${taken}` });
          });
        },
        () => {
          server.close();
          server.closeAllConnections();
        },
      );
    },
  };
}

/** Null when it is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
