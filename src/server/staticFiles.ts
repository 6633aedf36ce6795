import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

export interface StaticFile {
  readonly body: Buffer;
  readonly type: string;
  /** Names of built files hold a hash of their content; the page itself does not. */
  readonly caching: 'no-store' | 'public, max-age=31536000, immutable';
}

/**
 * A file of the page.
 *
 * @param root - folder that holds the built page.
 * @param path - of the request, percent-encoded, without the query.
 * @returns null when there is no such file, its type is not one of a page, or it lies outside the folder.
 */
export async function readStaticFile(root: string, path: string): Promise<StaticFile | null> {
  const name = decode(path);
  if (name === null) return null;
  const type = TYPES[extname(name)];
  if (type === undefined) return null;
  try {
    const [folder, file] = await Promise.all([realpath(root), realpath(join(root, name))]);
    if (!file.startsWith(folder + sep)) return null;
    const isHtml = extname(name) === '.html';
    return { body: await readFile(file), type, caching: isHtml ? 'no-store' : 'public, max-age=31536000, immutable' };
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
}

function decode(path: string): string | null {
  try {
    const name = decodeURIComponent(path === '/' ? '/index.html' : path);
    return name.includes('\0') || name.includes('\\') ? null : name;
  } catch {
    return null;
  }
}

function isAbsence(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' || code === 'ENAMETOOLONG' || code === 'EACCES';
}
