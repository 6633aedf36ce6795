import { closeSync, createReadStream, existsSync, openSync, readSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { MonitorError } from '../../../src/model/error.ts';
import type { FileHead } from '../../../src/model/reader.ts';
import { missing } from '../../files/missing.ts';
import { brokenFile } from '../binary/openBytes.ts';

/** More text is not held in memory at once. */
const MAX_TEXT = 256 * 1024 * 1024;
/** No line of a measurement is as long. */
const MAX_LINE = 32 * 1024 * 1024;

/** An error that names file and line (from 1; null for the file as a whole). */
export const brokenLine = (path: string, line: number | null, what: string, cause?: unknown): MonitorError =>
  brokenFile(path, line === null ? what : `line ${line}: ${what}`, cause);

/** The beginning of a file as text, whatever its encoding; the last line, which may be cut, is left out. */
export function headText(head: FileHead): string {
  const text = decoderFor(head.bytes).decode(head.bytes, { stream: true });
  return head.bytes.length < 64 * 1024 ? text : text.slice(0, text.lastIndexOf('\n') + 1);
}

/** @throws MonitorError 'ADAPTER' when it is not there, cannot be unpacked, or is too large to be held. */
export async function readWholeText(path: string): Promise<string> {
  const parts: string[] = [];
  let size = 0;
  for await (const part of textParts(path)) {
    parts.push(part);
    size += part.length;
    if (size > MAX_TEXT) throw brokenLine(path, null, `more than ${MAX_TEXT} characters: too large for its format`);
  }
  return parts.join('');
}

/** The lines of a whole text, whatever their ends. */
export const splitLines = (text: string): string[] => text.split(/\r\n|\n|\r/);

/** Line by line, without their ends (LF, CR LF, or CR alone); never the whole file. @throws MonitorError 'ADAPTER' as {@link readWholeText}. */
export async function* readTextLines(path: string): AsyncGenerator<string, void> {
  let rest = '';
  for await (const part of textParts(path)) {
    const text = rest + part;
    // A CR at the end may be half of a CR LF.
    const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r', text.length - 2));
    rest = text.slice(end + 1);
    if (end >= 0) yield* splitLines(text.slice(0, text[end - 1] === '\r' && text[end] === '\n' ? end - 1 : end));
    if (rest.length > MAX_LINE) throw brokenLine(path, null, `a line of more than ${MAX_LINE} characters`);
  }
  if (rest.trim() !== '') yield rest.replace(/\r$/, '');
}

async function* textParts(path: string): AsyncGenerator<string, void> {
  let decoder: TextDecoder | null = null;
  try {
    for await (const chunk of byteParts(path)) {
      decoder ??= decoderFor(chunk);
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder?.decode() ?? '';
  } catch (cause) {
    if (cause instanceof MonitorError) throw cause;
    if (!existsSync(path)) throw missing(path, path, undefined, cause);
    throw brokenLine(path, null, 'the file cannot be read', cause);
  }
}

async function* byteParts(path: string): AsyncGenerator<Buffer, void> {
  const packed = isPacked(path);
  const file = createReadStream(path, { highWaterMark: 1024 * 1024 });
  const stream = packed ? pipeline(file, createGunzip(), () => undefined) : file;
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } finally {
    file.destroy();
  }
}

function isPacked(path: string): boolean {
  const descriptor = openSync(path, 'r');
  try {
    const magic = new Uint8Array(2);
    return readSync(descriptor, magic) === 2 && magic[0] === 0x1f && magic[1] === 0x8b;
  } finally {
    closeSync(descriptor);
  }
}

/** UTF-16 by its mark, UTF-8 where the bytes are, else the Windows code page of western Europe. */
function decoderFor(bytes: Uint8Array): TextDecoder {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be');
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return new TextDecoder('utf-8');
  } catch {
    return new TextDecoder('windows-1252');
  }
}
