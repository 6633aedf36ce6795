import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Rejection } from '../../src/model/adapter.ts';

const inflate = promisify(gunzip);

/** Why the body of a request cannot be used, with the status to answer. */
export interface BodyRefusal extends Omit<Rejection, 'bytes'> {
  readonly status: 400 | 413 | 415;
}

/**
 * What can be said of a body by the head of its request: its length and how it is packed.
 *
 * @param maxBytes - of the body as sent, and again of what it unpacks to.
 */
export function refusalByHead({ headers }: IncomingMessage, maxBytes: number): BodyRefusal | null {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (!['identity', 'gzip', 'x-gzip'].includes(encoding))
    return { status: 415, reason: 'garbage', detail: `content-encoding ${encoding}, expected gzip or none` };
  const length = Number(headers['content-length'] ?? 0);
  return length > maxBytes ? tooLarge(`${length} bytes`, maxBytes) : null;
}

/**
 * The body of a request, unpacked.
 *
 * @param taken - called with the length of every piece as it comes in.
 */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
  taken: (bytes: number) => void,
): Promise<Uint8Array | BodyRefusal> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > maxBytes) return tooLarge('more', maxBytes);
      taken(part.length);
      parts.push(part);
    }
  } catch {
    return { status: 400, reason: 'truncated', detail: `the sender hung up after ${length} bytes` };
  }
  const body = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  return /gzip/.test(request.headers['content-encoding'] ?? '') ? unpack(body, maxBytes) : body;
}

async function unpack(body: Buffer, maxBytes: number): Promise<Uint8Array | BodyRefusal> {
  try {
    return await inflate(body, { maxOutputLength: maxBytes });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(`${body.length} bytes of gzip unpack to more`, maxBytes);
    const reason = code === 'Z_BUF_ERROR' ? 'truncated' : 'garbage';
    return { status: 400, reason, detail: `the gzip of the body is damaged: ${message}` };
  }
}

const tooLarge = (got: string, maxBytes: number): BodyRefusal => ({
  status: 413,
  reason: 'tooLarge',
  detail: `${got}, at most ${maxBytes} bytes are taken`,
});
