import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An address that takes posts, and answers as told. */
export interface HookServer {
  readonly url: string;
  readonly posts: { readonly headers: IncomingHttpHeaders; readonly body: string }[];
  /** Statuses (and seconds of patience) of the next answers, in turn; else 200. */
  readonly answers: { readonly status: number; readonly retryAfter?: number }[];
  stop(): Promise<void>;
}

export async function startHookServer(): Promise<HookServer> {
  const posts: HookServer['posts'] = [];
  const answers: HookServer['answers'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { status, retryAfter } = answers.shift() ?? { status: 200 };
      if (status < 300) posts.push({ headers: request.headers, body });
      response.writeHead(status, retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }).end('heard');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    posts,
    answers,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
