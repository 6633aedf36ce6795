import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a token allows: to look, or to stop the beam, grant the permit and accept a new state as well. */
export type Role = 'view' | 'operate';
export const ROLES: readonly Role[] = ['view', 'operate'];

/** Who holds a token. */
export interface Holder {
  /** As written when the token was made; null for the token of the pipeline file, and where none is demanded. */
  readonly name: string | null;
  readonly role: Role;
}

/** A token as a file keeps it: enough to know it again, not enough to use it. */
export interface KnownToken extends Holder {
  readonly name: string;
  /** SHA-256 of the token. */
  readonly digest: Buffer;
}

/** What a file of tokens says, and which lines say nothing. */
export interface TokenList {
  readonly tokens: readonly KnownToken[];
  /** One sentence each, with the line. */
  readonly problems: readonly string[];
}

const LINE = /^(view|operate)\s+sha256:([0-9a-f]{64})\s+(\S.{0,39})$/;

/** Fixed length, so that a comparison takes the same time whatever was given. */
export const digestOfToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/** A token of 192 random bits, in letters that need no escaping in an address. */
export const newToken = (): string => randomBytes(24).toString('base64url');

/** One line of a file of tokens. @param name - 1 to 40 characters, no line break. */
export const tokenLine = ({ role, name, digest }: KnownToken): string =>
  `${role.padEnd(7)} sha256:${digest.toString('hex')} ${name}\n`;

/**
 * Reads a file of tokens: a line each of role, `sha256:` and 64 hexadecimal digits, and a name; `#` begins a remark. A line
 * that is none of these is told and lets nobody in; the others hold.
 */
export function parseTokens(text: string): TokenList {
  const tokens: KnownToken[] = [];
  const problems: string[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const [, role, hex, name] = LINE.exec(trimmed) ?? [];
    if (role === undefined || hex === undefined || name === undefined)
      problems.push(`line ${i + 1}: expected 'view' or 'operate', 'sha256:' with 64 hexadecimal digits, and a name`);
    else if (tokens.some((token) => token.name === name)) problems.push(`line ${i + 1}: there are two named '${name}'`);
    else tokens.push({ role: role as Role, digest: Buffer.from(hex, 'hex'), name });
  }
  return { tokens, problems };
}

/** Whose it is; null for nobody's. All are compared, so that the time tells nothing. */
export function holderOf(digest: Buffer, tokens: readonly KnownToken[]): Holder | null {
  let holder: Holder | null = null;
  for (const { digest: known, name, role } of tokens) if (timingSafeEqual(digest, known)) holder = { name, role };
  return holder;
}
