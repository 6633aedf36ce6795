import type { IncomingMessage } from 'node:http';
import { createRateLimit } from './rateLimit.ts';
import { digestOfToken, holderOf, type Holder, type TokenList } from './tokenList.ts';
import type { WatchedFiles } from './watchedFiles.ts';

const COOKIE = 'operando_token';
/** Of one address, wrong tokens: so many at once, then one in six seconds. */
const WRONG_TOKENS = { burst: 10, perSecond: 1 / 6 };
/** Of one address, requests of those who may not operate. */
const REQUESTS = { burst: 400, perSecond: 100 };

export interface AccessOptions {
  /** Lets its holder operate; null for none. */
  readonly token: string | null;
  /** Further tokens, which may be revoked while we run; null for none. */
  readonly tokens?: WatchedFiles<TokenList> | null;
  /** Where the page is reached through a proxy: the origin that browsers see, 'https://beam.example.org'. */
  readonly origin?: string | null;
  readonly isEncrypted?: boolean;
  /** @default performance.now */
  readonly now?: () => number;
}

/** Who came, or the status to refuse with. */
export type Admission =
  | { readonly holder: Holder; readonly refusal: null }
  | { readonly refusal: 401 | 403 | 429; readonly retryAfterS: number };

export interface Access {
  admit(request: IncomingMessage): Admission;
  /** As `admit`, for what must not be asked for by a foreign page: the socket, and commands. */
  admitOwn(request: IncomingMessage): Admission;
  /** Whether who was admitted with this request would be now, in the same role: a token may have been revoked. */
  isStillHeld(request: IncomingMessage, holder: Holder): boolean;
  /** The cookie to set when the token came in the address, so that it need not stay there. */
  cookieFor(request: IncomingMessage): string | null;
}

/** Is this address only reachable from the machine itself? */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare);
}

const NOBODY: TokenList = { tokens: [], problems: [] };
const SOMEBODY_HERE: Holder = { name: null, role: 'operate' };

/**
 * Who may look, and who may operate. Where no token is demanded only those on this machine, and only under its local
 * names: a foreign page whose name was pointed at 127.0.0.1 comes with another Host. A socket and a command must come
 * from a page of the same origin.
 */
export function createAccess(options: AccessOptions): Access {
  const { token, tokens = null, origin = null, isEncrypted = false, now = () => performance.now() } = options;
  const ownDigest = token === null ? null : digestOfToken(token);
  const wrongTokens = createRateLimit(WRONG_TOKENS);
  const requests = createRateLimit(REQUESTS);
  const isOpen = ownDigest === null && tokens === null;

  function heldBy(given: string | null): Holder | null {
    if (given === null) return null;
    const { tokens: listed } = tokens?.current() ?? NOBODY;
    const own = ownDigest === null ? [] : [{ digest: ownDigest, name: '', role: 'operate' as const }];
    const holder = holderOf(digestOfToken(given), [...listed, ...own]);
    return holder?.name === '' ? SOMEBODY_HERE : holder;
  }
  function holderOfRequest(request: IncomingMessage): Holder | null {
    if (isOpen) return isLoopback(hostnameOf(request)) ? SOMEBODY_HERE : null;
    return heldBy(bearerTokenOf(request)) ?? heldBy(queryTokenOf(request)) ?? heldBy(cookieTokenOf(request));
  }
  function admit(request: IncomingMessage): Admission {
    const holder = holderOfRequest(request);
    // Whoever may stop the beam never waits.
    if (holder?.role === 'operate') return { holder, refusal: null };
    const address = addressOf(request, origin !== null);
    const waitS = requests.take(address, now());
    if (waitS > 0) return { refusal: 429, retryAfterS: waitS };
    if (holder !== null) return { holder, refusal: null };
    if (isOpen) return { refusal: 403, retryAfterS: 0 };
    const wrongS = isAnyGiven(request) ? wrongTokens.take(address, now()) : 0;
    return { refusal: wrongS > 0 ? 429 : 401, retryAfterS: wrongS };
  }
  return {
    admit,
    admitOwn(request) {
      const { origin: from, host } = request.headers;
      // Only a browser sends an Origin, and a browser always does; other programs are held by the token alone.
      if (from !== undefined && from !== origin && hostOfOrigin(from) !== host) return { refusal: 403, retryAfterS: 0 };
      return admit(request);
    },
    isStillHeld(request, { name, role }) {
      const holder = holderOfRequest(request);
      return holder !== null && holder.name === name && holder.role === role;
    },
    cookieFor(request) {
      const given = queryTokenOf(request);
      if (given === null || heldBy(given) === null) return null;
      const isSecure = isEncrypted || origin?.startsWith('https:') === true;
      return `${COOKIE}=${encodeURIComponent(given)}; Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
    },
  };
}

/** Whom requests are counted for. A proxy on this machine says whom it speaks for; nobody else is believed. */
function addressOf({ socket, headers }: IncomingMessage, isProxied: boolean): string {
  const peer = socket.remoteAddress ?? '';
  if (!isProxied || !isLoopback(peer.replace(/^::ffff:/, ''))) return peer;
  const forwarded = headers['x-forwarded-for'];
  return (Array.isArray(forwarded) ? forwarded.join() : (forwarded ?? '')).split(',').at(-1)?.trim() || peer;
}

const isAnyGiven = (request: IncomingMessage): boolean =>
  [bearerTokenOf, queryTokenOf, cookieTokenOf].some((read) => read(request) !== null);

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

function bearerTokenOf({ headers }: IncomingMessage): string | null {
  return /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}

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
