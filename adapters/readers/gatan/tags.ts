import type { ByteFile } from '../binary/openBytes.ts';
import { takeNumber, takeText, type NumberType } from '../binary/numbers.ts';
import { tagType } from './tagTypes.ts';

/** An array that stays in the file. */
export interface TagArray {
  readonly type: NumberType;
  readonly offset: number;
  readonly count: number;
}
export type TagValue = number | string | TagArray;

/** All tags of a file by their path, 'ImageList/1/ImageData/DataType'; tags without a name are counted from 0. */
export interface TagTree {
  readonly version: 3 | 4;
  readonly isLittle: boolean;
  readonly tags: ReadonlyMap<string, TagValue>;
}

const GROUP = 20;
const DATA = 21;
const MAX_TAGS = 2 ** 18;
const MAX_DEPTH = 64;
const MAX_PATH = 1000;
const MAX_TYPE_NUMBERS = 10_000;
const MAX_STRING_BYTES = 64 * 1024;

/** Versions 3 and 4: in the fourth, sizes have 64 bits. @throws MonitorError 'ADAPTER' naming the tag at fault. */
export function readTags(file: ByteFile): TagTree {
  const version = file.view(0, 4, 'the version').getUint32(0);
  if (version !== 3 && version !== 4)
    throw file.broken(`version ${version} of DigitalMicrograph is not read, only 3 and 4`);
  const wide = version === 4 ? 8 : 4;
  const isLittle = file.view(4 + wide, 4, 'the byte order').getUint32(0) !== 0;
  const tags = new Map<string, TagValue>();
  const walk = { file, version, wide, isLittle, tags, at: 8 + wide, count: 0 } satisfies Walk;
  readGroup(walk, '', 0);
  return { version, isLittle, tags };
}

interface Walk {
  readonly file: ByteFile;
  readonly version: 3 | 4;
  /** Bytes of a size. */
  readonly wide: 4 | 8;
  readonly isLittle: boolean;
  readonly tags: Map<string, TagValue>;
  at: number;
  count: number;
}

/** A size or count: always big-endian. */
function takeSize(walk: Walk, what: string): number {
  const view = walk.file.view(walk.at, walk.wide, what);
  walk.at += walk.wide;
  return takeNumber(view, 0, walk.wide === 8 ? 'u64' : 'u32', false);
}

function readGroup(walk: Walk, path: string, depth: number): void {
  const { file } = walk;
  if (depth > MAX_DEPTH || path.length > MAX_PATH)
    throw file.broken(`the tags are nested too deep at ${path.slice(0, 80)}`);
  walk.at += 2;
  const tagCount = takeSize(walk, `the tag group '${path}'`);
  // A tag has at least its kind and the length of its name.
  if (tagCount > (file.size - walk.at) / 3)
    throw file.broken(`the tag group '${path}' has ${tagCount} tags, more than fit`);
  for (let i = 0; i < tagCount; i++) {
    if (++walk.count > MAX_TAGS) throw file.broken(`there are more than ${MAX_TAGS} tags`);
    const head = file.view(walk.at, 3, `tag ${i} of '${path}'`);
    const kind = head.getUint8(0);
    const length = head.getUint16(1);
    const name = takeText(file.view(walk.at + 3, length, `the name of tag ${i} of '${path}'`), 0, length) || String(i);
    walk.at += 3 + length + (walk.version === 4 ? 8 : 0);
    const place = path === '' ? name : `${path}/${name}`;
    if (kind === GROUP) readGroup(walk, place, depth + 1);
    else if (kind === DATA) readData(walk, place);
    else throw file.broken(`tag '${place}' is of the unknown kind ${kind}, at byte ${walk.at}`);
  }
}

function readData(walk: Walk, path: string): void {
  const { file, isLittle } = walk;
  const mark = file.view(walk.at, 4, `tag '${path}'`);
  if (takeText(mark, 0, 4) !== '%%%%') throw file.broken(`the data of tag '${path}' do not begin at byte ${walk.at}`);
  walk.at += 4;
  const listLength = takeSize(walk, `the type of tag '${path}'`);
  if (listLength < 1 || listLength > MAX_TYPE_NUMBERS)
    throw file.broken(`the type of tag '${path}' has ${listLength} numbers, expected 1 to ${MAX_TYPE_NUMBERS}`);
  const list = Array.from({ length: listLength }, () => takeSize(walk, `the type of tag '${path}'`));
  let type;
  try {
    type = tagType(list);
  } catch (cause) {
    throw file.broken(`the type of tag '${path}' is not known`, cause);
  }
  const { number, isArray, count, bytes } = type;
  const offset = walk.at;
  if (!(offset + bytes <= file.size))
    throw file.broken(`tag '${path}' would end at byte ${offset + bytes}, but the file has ${file.size}`);
  walk.at += bytes;
  if (number === null) return;
  if (!isArray) walk.tags.set(path, takeNumber(file.view(offset, bytes, path), 0, number, isLittle));
  // Text is written as an array of UTF-16.
  else if (number === 'u16' && bytes <= MAX_STRING_BYTES && !path.endsWith('ImageData/Data'))
    walk.tags.set(path, wideText(file.view(offset, bytes, path), isLittle));
  else walk.tags.set(path, { type: number, offset, count });
}

function wideText(view: DataView, isLittle: boolean): string {
  let text = '';
  for (let i = 0; i < view.byteLength; i += 2) text += String.fromCharCode(view.getUint16(i, isLittle));
  return text;
}
