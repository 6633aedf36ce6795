import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FileHead } from '../../src/model/reader.ts';

const HEAD_BYTES = 64 * 1024;

/** The beginning of a file, unpacked when it is gzipped. @throws Error of the file system; of zlib when nothing can be unpacked. */
export async function readHead(path: string): Promise<FileHead> {
  const raw = await first(createReadStream(path, { end: HEAD_BYTES - 1 }));
  const isPacked = raw[0] === 0x1f && raw[1] === 0x8b;
  const bytes = isPacked ? await first(createReadStream(path).pipe(createGunzip())) : raw;
  const name = basename(path).toLowerCase().replace(/\.gz$/, '');
  const extension = /\.([^.]+)$/.exec(name)?.[1] ?? '';
  return { path, extension, bytes, text: bytes.toString('latin1') };
}

async function first(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size >= HEAD_BYTES) break;
    }
  } catch (cause) {
    // A packed file that is cut short is still recognised by its beginning.
    if (size === 0) throw cause;
  }
  return Buffer.concat(chunks).subarray(0, HEAD_BYTES);
}
