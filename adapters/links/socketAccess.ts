import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface SocketAccess {
  readonly token: string | undefined;
  /** Origins of web pages that may push; others may not. */
  readonly origins: readonly string[];
}

/** Whether who connects may push: 401 without the token, 403 for a web page from elsewhere; null when all is well. */
export function refusalOf(request: IncomingMessage, { token, origins }: SocketAccess): 401 | 403 | null {
  const { origin, host = '' } = request.headers;
  if (origin !== undefined && !origins.includes(origin)) return 403;
  // Without a token only this machine may push, and not by a foreign name that resolves to it.
  if (token === undefined) return isLoopback(host.replace(/:\d+$/, '')) ? null : 403;
  return equal(tokenOf(request), token) ? null : 401;
}

export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|::1|\[::1\])$/.test(host);

function tokenOf({ headers, url = '' }: IncomingMessage): string {
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '');
  return bearer?.[1] ?? new URL(url, 'ws://localhost').searchParams.get('token') ?? '';
}

/** Takes the same time whatever was given. */
const equal = (given: string, wanted: string): boolean => timingSafeEqual(digest(given), digest(wanted));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
