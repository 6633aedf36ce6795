import { takeText } from '../binary/numbers.ts';
import type { ByteFile } from '../binary/openBytes.ts';

/** A file inside the container. */
export interface Entry {
  readonly name: string;
  readonly bytes: number;
  /** Its bytes in order, chunk by chunk; each is a copy. */
  chunks(): Generator<Uint8Array>;
}

const HEADER_BYTES = 0x14c;
/** Where chunk 0 begins; every chunk has a head, whose first word is the next chunk of a chain. */
const FIRST_CHUNK = 0x118;
const CHUNK_HEAD = 32;
const ENTRY_BYTES = 0x200;
const MAX_ENTRIES = 10_000;
const MIN_CHUNK = 1024;
const MAX_CHUNK = 2 ** 24;

/** The files of a Single File System (AidAim), the container of Bruker Esprit. @throws MonitorError 'ADAPTER'. */
export function readEntries(file: ByteFile): Entry[] {
  const header = file.view(0, HEADER_BYTES, 'the header of the container');
  const chunk = header.getUint32(0x128, true);
  const first = header.getUint32(0x140, true);
  const count = header.getUint32(0x144, true);
  if (chunk < MIN_CHUNK || chunk > MAX_CHUNK || count > MAX_ENTRIES)
    throw file.broken(`the container has ${count} files in chunks of ${chunk} bytes: that cannot be`);
  const shape: Shape = { file, chunk, usable: chunk - CHUNK_HEAD };
  const perChunk = Math.floor(shape.usable / ENTRY_BYTES);
  const pieces = chain(shape, first, Math.ceil(count / perChunk), perChunk * ENTRY_BYTES, 'the list of files');
  const list = new DataView(pieces.buffer);
  const entries: Entry[] = [];
  for (let i = 0; i < count; i++) {
    const at = i * ENTRY_BYTES;
    const isFolder = list.getUint8(at + 220) !== 0;
    if (!isFolder) entries.push(entryAt(shape, list, at));
  }
  return entries;
}

interface Shape {
  readonly file: ByteFile;
  /** Bytes of a chunk, and those of them that hold contents. */
  readonly chunk: number;
  readonly usable: number;
}

function entryAt(shape: Shape, list: DataView, at: number): Entry {
  const { file, usable } = shape;
  const name = takeText(list, at + 224, 256);
  const table = list.getInt32(at, true);
  const bytes = Number(list.getBigUint64(at + 4, true));
  return {
    name,
    bytes,
    *chunks() {
      if (bytes > file.size) throw file.broken(`'${name}' would have ${bytes} bytes, the whole file has ${file.size}`);
      const chunks = Math.ceil(bytes / usable);
      const perChunk = Math.floor(usable / 4);
      const places = new DataView(chain(shape, table, Math.ceil(chunks / perChunk), perChunk * 4, `'${name}'`).buffer);
      for (let i = 0; i < chunks; i++) {
        const length = Math.min(usable, bytes - i * usable);
        yield copyOf(
          file.view(chunkAt(shape, places.getUint32(4 * i, true)) + CHUNK_HEAD, length, `chunk ${i} of '${name}'`),
        );
      }
    },
  };
}

const chunkAt = ({ chunk }: Shape, number: number): number => FIRST_CHUNK + number * chunk;
const copyOf = (view: DataView): Uint8Array =>
  Uint8Array.from(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));

/** So many chained chunks, `length` bytes of each. */
function chain(shape: Shape, first: number, count: number, length: number, what: string): Uint8Array<ArrayBuffer> {
  const { file } = shape;
  if (count * length > file.size) throw file.broken(`${what} would have ${count} chunks, more than fit into the file`);
  const all = new Uint8Array(count * length);
  let number = first;
  for (let i = 0; i < count; i++) {
    const available = Math.min(CHUNK_HEAD + length, file.size - chunkAt(shape, number));
    const view = file.view(chunkAt(shape, number), Math.max(CHUNK_HEAD, available), what);
    all.set(new Uint8Array(view.buffer, view.byteOffset + CHUNK_HEAD, view.byteLength - CHUNK_HEAD), i * length);
    number = view.getUint32(0, true);
  }
  return all;
}
