import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** An answer given instead of the server's own. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A server that behaves as the documentation of InfluxDB 2.x or 3.x says, and as told. */
export interface ScriptedInflux {
  readonly url: string;
  /** Lines it has, by all of a line but its fields: the same point overwrites. */
  readonly lines: Map<string, string>;
  /** Given to the next write requests, in turn. */
  readonly answers: ScriptedAnswer[];
  /** When write requests came, monotonic milliseconds. */
  readonly attemptsMs: number[];
  /** What it takes; may be changed. */
  token: string;
  stop(): Promise<void>;
}

const SPLIT = /^((?:\\.|[^ \\])+) (.*) (\d+)$/;

export async function startScriptedInflux(version: 2 | 3): Promise<ScriptedInflux> {
  const lines = new Map<string, string>();
  const types = new Map<string, string>();
  const answers: ScriptedAnswer[] = [];
  const attemptsMs: number[] = [];
  const state = { token: 'right-token' };

  /** What is wrong with a line; null when it is taken. */
  function faultOf(line: string): string | null {
    const match = SPLIT.exec(line);
    if (match === null) return `unable to parse '${line}': invalid format`;
    const measurement = match[1]!.split(',')[0]!;
    for (const [, name, value] of match[2]!.matchAll(/([\w.]+)=("(?:\\.|[^"\\])*"|[^,]+)/g)) {
      const key = `${measurement}.${name}`;
      const type = value!.startsWith('"') ? 'string' : /^(true|false)$/.test(value!) ? 'boolean' : 'float';
      const known = types.get(key) ?? type;
      if (known !== type)
        return `field type conflict: input field "${name}" on measurement "${measurement}" is type ${type}, already exists as type ${known}`;
      types.set(key, type);
    }
    return null;
  }
  const keep = (line: string): void => {
    const [, head, , time] = SPLIT.exec(line)!;
    lines.set(`${head} ${time}`, line);
  };

  function write(body: string): ScriptedAnswer {
    const given = body.split('\n').filter((line) => line !== '');
    const faults = given.map(faultOf);
    const bad = faults.flatMap((fault, i) => (fault === null ? [] : [{ line: given[i]!, number: i + 1, fault }]));
    if (version === 3) {
      if (bad.length === 0) given.forEach(keep);
      const data = bad.map(({ line, number, fault }) => ({
        original_line: line,
        line_number: number,
        error_message: fault,
      }));
      return bad.length === 0
        ? { status: 204 }
        : { status: 400, body: JSON.stringify({ error: 'parsing failed for write_lp endpoint', data }) };
    }
    given.filter((_, i) => faults[i] === null).forEach(keep);
    if (bad.length === 0) return { status: 204 };
    const message = `failure writing points to database: partial write: ${bad[0]!.fault} dropped=${bad.length}`;
    return { status: 422, body: JSON.stringify({ code: 'unprocessable entity', message }) };
  }

  function answer(request: IncomingMessage, body: Buffer): ScriptedAnswer {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
    const headers = { 'X-Influxdb-Version': version === 2 ? 'v2.7.6' : '3.0.2' };
    if (pathname === '/ping') return { status: 204, headers };
    if (request.headers.authorization !== `${version === 2 ? 'Token' : 'Bearer'} ${state.token}`)
      return { status: 401, body: JSON.stringify({ code: 'unauthorized', message: 'unauthorized access' }) };
    const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
    const expected = version === 2 ? '/api/v2/write' : '/api/v3/write_lp';
    if (pathname === expected) {
      attemptsMs.push(performance.now());
      const scripted = answers.shift();
      if (scripted !== undefined) return scripted;
      const precision = version === 2 ? 'us' : 'microsecond';
      const isComplete =
        searchParams.get('precision') === precision &&
        (version === 2
          ? searchParams.get('org') === 'lab' && searchParams.get('bucket') === 'operando'
          : searchParams.get('db') === 'operando' && searchParams.get('accept_partial') === 'false');
      return isComplete
        ? write(text)
        : { status: 404, body: `{"code":"not found","message":"${searchParams.toString()}"}` };
    }
    const newest = [...lines.values()].at(-1);
    const probe = /probe=(\d+)/.exec(newest ?? '')?.[1] ?? '';
    if (pathname === '/api/v2/query')
      return {
        status: 200,
        body: `,result,table,_time,_value,detector\r\n,_result,0,2026-01-01T00:00:00Z,${probe},doctor\r\n`,
      };
    if (pathname === '/api/v3/query_sql') return { status: 200, body: JSON.stringify([{ probe: Number(probe) }]) };
    return { status: 404 };
  }

  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { status, headers = {}, body = '' } = answer(request, Buffer.concat(chunks));
      response.writeHead(status, headers).end(body);
    });
  };
  const server = createServer(respond);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lines,
    answers,
    attemptsMs,
    get token() {
      return state.token;
    },
    set token(token) {
      state.token = token;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
