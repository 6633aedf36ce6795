import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { MonitorError } from '../../../src/model/error.ts';
import { missing } from '../../files/missing.ts';

/** What is read at once when little is asked for, so that a walk through a file is not one system call per number. */
const WINDOW_BYTES = 64 * 1024;
const PAGE_BYTES = 4096;
/** More is not taken in one piece, whatever the file says. */
const MAX_PIECE_BYTES = 256 * 1024 * 1024;
const MAX_UNPACKED_BYTES = 1024 * 1024 * 1024;

/** A file that is read in pieces. Every piece is checked against its size first. */
export interface ByteFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /**
   * Bytes [offset, offset + length), lent until the next call.
   *
   * @param what - For the error: 'the axis'.
   * @throws MonitorError 'ADAPTER' when they do not all lie in the file.
   */
  view(offset: number, length: number, what: string): DataView;
  /** An error that names the file. */
  broken(what: string, cause?: unknown): MonitorError;
  close(): void;
}

/** An error about the contents of a file. */
export const brokenFile = (path: string, what: string, cause?: unknown): MonitorError =>
  new MonitorError('ADAPTER', what, { id: path, path }, cause === undefined ? undefined : { cause });

/** A gzipped file is unpacked in memory; any other is read where it lies. @throws MonitorError 'ADAPTER'. */
export function openBytes(path: string): ByteFile {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (cause) {
    throw missing(path, path, undefined, cause);
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw brokenFile(path, 'this is no file');
    const magic = new Uint8Array(2);
    readSync(descriptor, magic, 0, 2, 0);
    if (magic[0] === 0x1f && magic[1] === 0x8b) return unpacked(path, descriptor);
    return onDisk(path, descriptor, stat.size);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function unpacked(path: string, descriptor: number): ByteFile {
  let bytes: Uint8Array;
  try {
    bytes = gunzipSync(readFileSync(descriptor), { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (cause) {
    throw brokenFile(path, 'the file cannot be unpacked', cause);
  }
  closeSync(descriptor);
  return checked(
    path,
    bytes.byteLength,
    (offset, length) => new DataView(bytes.buffer, bytes.byteOffset + offset, length),
    () => undefined,
  );
}

function onDisk(path: string, descriptor: number, size: number): ByteFile {
  const window = new Uint8Array(Math.min(size, WINDOW_BYTES));
  let from = 0;
  let to = 0;
  let isOpen = true;
  const fill = (target: Uint8Array, offset: number): void => {
    if (!isOpen) throw brokenFile(path, 'the file was closed already');
    for (let done = 0; done < target.length;) {
      const count = readSync(descriptor, target, done, target.length - done, offset + done);
      if (count === 0) throw brokenFile(path, `the file became shorter while it was read, at byte ${offset + done}`);
      done += count;
    }
  };
  const read = (offset: number, length: number): DataView => {
    if (length > window.length) {
      const piece = new Uint8Array(length);
      fill(piece, offset);
      return new DataView(piece.buffer);
    }
    if (offset < from || offset + length > to) {
      // Reading ahead pays only for who reads on.
      const readsOn = offset >= from && offset <= to;
      from = to = 0;
      const end = Math.min(size, offset + (readsOn ? window.length : Math.max(length, PAGE_BYTES)));
      fill(window.subarray(0, end - offset), offset);
      from = offset;
      to = end;
    }
    return new DataView(window.buffer, offset - from, length);
  };
  return checked(path, size, read, () => {
    if (isOpen) closeSync(descriptor);
    isOpen = false;
  });
}

function checked(
  path: string,
  size: number,
  read: (offset: number, length: number) => DataView,
  close: () => void,
): ByteFile {
  const broken = (what: string, cause?: unknown): MonitorError => brokenFile(path, what, cause);
  return {
    path,
    size,
    broken,
    close,
    view(offset, length, what) {
      const isPlace = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
      if (!isPlace || offset + length > size)
        throw broken(`${what} would lie at bytes ${offset} to ${offset + length}, but the file has ${size}`);
      if (length > MAX_PIECE_BYTES)
        throw broken(`${what} would be ${length} bytes, more than ${MAX_PIECE_BYTES} are not read at once`);
      return read(offset, length);
    },
  };
}
