import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { PatienceError } from '../delivery/delivery.ts';

/** The databases that take line protocol. */
export type ServerKind = 'influx1' | 'influx2' | 'influx3' | 'victoriaMetrics';

export interface ServerSettings {
  readonly url: string;
  /** 'auto' asks the server. */
  readonly version: ServerKind | 'auto';
  /** Database of 1.x and 3.x, bucket of 2.x. */
  readonly database: string;
  readonly organisation: string | undefined;
  readonly retentionPolicy: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly token: string | undefined;
  readonly gzip: boolean;
  readonly timeoutMs: number;
}

/** What became of a batch that reached the server. */
export type WriteAnswer =
  | { readonly kind: 'written' }
  /** Too large for one request. */
  | { readonly kind: 'tooLarge'; readonly reason: string }
  /** Some or all lines will never be taken; `lines`: which, where the server says it and has written none. */
  | { readonly kind: 'refused'; readonly reason: string; readonly lines: readonly number[] | null };

export interface LineServer {
  readonly kind: ServerKind;
  /** Rejects when the server is away, busy (a PatienceError with its `Retry-After`) or refuses who is asking. */
  write(lines: readonly string[]): Promise<WriteAnswer>;
}

const pack = promisify(gzip);
const LONGEST_PATIENCE_MS = 300_000;

/** Finds out what answers at the address. Rejects when nothing does. */
export async function findServer(settings: ServerSettings): Promise<{ kind: ServerKind; version: string }> {
  const response = await ask(settings, '/ping', { headers: authorization(settings, 'Bearer') });
  const version = response.headers.get('x-influxdb-version') ?? '';
  await response.arrayBuffer();
  if (settings.version !== 'auto') return { kind: settings.version, version };
  const major = /^v?(\d+)\./.exec(version)?.[1];
  if (major === '1') return { kind: 'influx1', version };
  if (major === '2') return { kind: 'influx2', version };
  if (major === '3') return { kind: 'influx3', version };
  if (response.status === 401 || response.status === 403) return { kind: 'influx3', version };
  if (version !== '')
    throw new Error(
      `${settings.url} is an InfluxDB ${version}, which is not known here; say which 'version' it behaves as`,
    );
  return { kind: 'victoriaMetrics', version };
}

/** The way to write lines to a server of that kind. */
export function openServer(settings: ServerSettings, kind: ServerKind): LineServer {
  const path = writePath(settings, kind);
  const headers = {
    ...authorization(settings, kind === 'influx2' ? 'Token' : 'Bearer'),
    'Content-Type': 'text/plain; charset=utf-8',
    ...(settings.gzip ? { 'Content-Encoding': 'gzip' } : {}),
  };
  return {
    kind,
    async write(lines) {
      const text = Buffer.from(lines.join('\n'));
      const body = settings.gzip ? await pack(text, { level: 1 }) : text;
      const response = await ask(settings, path, { method: 'POST', headers, body });
      return answerOf(response, await response.text());
    },
  };
}

/** Precision has another name in every version. */
function writePath({ database, organisation, retentionPolicy }: ServerSettings, kind: ServerKind): string {
  if (kind === 'influx2') return `/api/v2/write?${query({ org: organisation, bucket: database, precision: 'us' })}`;
  if (kind === 'influx3')
    return `/api/v3/write_lp?${query({ db: database, precision: 'microsecond', accept_partial: 'false', no_sync: 'false' })}`;
  return `/write?${query({ db: database, precision: 'u', rp: retentionPolicy })}`;
}

const query = (parts: Readonly<Record<string, string | undefined>>): string =>
  new URLSearchParams(
    Object.entries(parts).filter((part): part is [string, string] => part[1] !== undefined),
  ).toString();

export function authorization(
  { token, username, password }: ServerSettings,
  scheme: 'Token' | 'Bearer',
): Record<string, string> {
  if (token !== undefined) return { Authorization: `${scheme} ${token}` };
  if (username === undefined) return {};
  return { Authorization: `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}` };
}

/** One request; rejects with a sentence when there is no answer in time. */
export async function ask({ url, timeoutMs }: ServerSettings, path: string, init: RequestInit): Promise<Response> {
  const where = url.replace(/\/+$/, '') + path;
  try {
    return await fetch(where, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  } catch (cause) {
    if ((cause as Error).name === 'TimeoutError')
      throw new Error(`the request timed out after ${timeoutMs} ms`, { cause });
    const inner = (cause as Error).cause as (Error & { code?: string }) | undefined;
    throw new Error(inner?.code ?? inner?.message ?? (cause as Error).message, { cause });
  }
}

function answerOf(response: Response, text: string): WriteAnswer {
  const { status, headers } = response;
  if (status >= 200 && status < 300) return { kind: 'written' };
  const reason = `${status} ${sentenceOf(text)}`.trim().slice(0, 500);
  if (status === 413) return { kind: 'tooLarge', reason };
  if (status === 400 || status === 422) return { kind: 'refused', reason, lines: linesAtFault(text) };
  if (status === 401 || status === 403) throw new Error(`it refuses the account or token (${reason})`);
  const seconds = Number(headers.get('retry-after'));
  if ((status === 429 || status === 503) && seconds > 0)
    throw new PatienceError(`it asks for patience (${reason})`, Math.min(seconds * 1000, LONGEST_PATIENCE_MS));
  throw new Error(reason);
}

/** What an answer says, whichever form its version has. */
function sentenceOf(text: string): string {
  try {
    const { error, message, data } = JSON.parse(text) as { error?: unknown; message?: unknown; data?: unknown };
    const first = Array.isArray(data) ? (data[0] as { error_message?: unknown } | undefined)?.error_message : undefined;
    const said = [error ?? message, first].filter((part): part is string => typeof part === 'string');
    return said.length > 0 ? said.join(': ') : text;
  } catch {
    return text;
  }
}

/** 3.x names the lines it does not take, counted from 1, and with accept_partial=false it has written none of the others. */
function linesAtFault(text: string): number[] | null {
  try {
    const { data } = JSON.parse(text) as { data?: unknown };
    if (!Array.isArray(data)) return null;
    const lines = data.map((entry) => Number((entry as { line_number?: unknown }).line_number) - 1);
    return lines.length > 0 && lines.every((line) => Number.isSafeInteger(line) && line >= 0) ? lines : null;
  } catch {
    return null;
  }
}
