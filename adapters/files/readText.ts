import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

export type Encoding = 'utf8' | 'latin1';

/** A whole text file; unpacked when its name ends in .gz. */
export async function readText(path: string, encoding: Encoding): Promise<string> {
  const bytes = await readFile(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString(encoding);
}

/** Lines whatever their ends: LF, CR LF, or both mixed. A file that is not packed is never in memory as a whole. */
export async function* readLines(path: string, encoding: Encoding): AsyncGenerator<string, void> {
  if (path.endsWith('.gz')) {
    yield* linesOf(await readText(path, encoding));
    return;
  }
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding, highWaterMark: 1024 * 1024 })) {
    const text = rest + String(chunk);
    const end = text.lastIndexOf('\n');
    rest = text.slice(end + 1);
    if (end >= 0) yield* linesOf(text.slice(0, end));
  }
  if (rest !== '') yield rest;
}

/** The lines of a text, without their ends. */
export const linesOf = (text: string): string[] => text.split(/\r?\n/);
