import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const COOKIE = 'operando_token';

export interface Access {
  /** Null when the request may pass, else the status to refuse it with. */
  refuse(request: IncomingMessage): 401 | 403 | null;
  /** As `refuse`, for what must not be asked for by a foreign page: the socket, and commands. */
  refuseForeign(request: IncomingMessage): 401 | 403 | null;
  /** The cookie to set when the token came in the address, so that it need not stay there. */
  cookieFor(request: IncomingMessage): string | null;
}

/** Is this address only reachable from the machine itself? */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare);
}

/**
 * Who may look. Without a token only those on this machine, and only under its local names: a foreign page whose name
 * was pointed at 127.0.0.1 comes with another Host. A socket must come from a page of the same host.
 */
export function createAccess(token: string | null): Access {
  const wanted = token === null ? null : digest(token);
  const matches = (given: string | null) => wanted !== null && given !== null && timingSafeEqual(digest(given), wanted);

  function refuse(request: IncomingMessage): 401 | 403 | null {
    if (wanted === null) return isLoopback(hostnameOf(request)) ? null : 403;
    const given = [queryTokenOf(request), cookieTokenOf(request), bearerTokenOf(request)];
    return given.some(matches) ? null : 401;
  }
  return {
    refuse,
    refuseForeign(request) {
      const { origin, host } = request.headers;
      // Only a browser sends an Origin, and a browser always does; other programs are held by the token alone.
      if (origin !== undefined && hostOfOrigin(origin) !== host) return 403;
      return refuse(request);
    },
    cookieFor: (request) =>
      token !== null && matches(queryTokenOf(request))
        ? `${COOKIE}=${encodeURIComponent(token)}; Path=/; HttpOnly; SameSite=Strict`
        : null,
  };
}

/** Fixed length, so that the comparison takes the same time whatever was given. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function hostnameOf(request: IncomingMessage): string {
  return (request.headers.host ?? '').replace(/:\d+$/, '');
}

function hostOfOrigin(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

function queryTokenOf(request: IncomingMessage): string | null {
  const query = (request.url ?? '').split('?')[1];
  return query === undefined ? null : new URLSearchParams(query).get('token');
}

const bearerTokenOf = ({ headers }: IncomingMessage): string | null =>
  /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;

function cookieTokenOf(request: IncomingMessage): string | null {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=');
    if (name !== COOKIE || value === undefined) continue;
    try {
      return decodeURIComponent(value);
    } catch {
      return null;
    }
  }
  return null;
}
