import type { ByteFile } from '../binary/openBytes.ts';
import { takeText } from '../binary/numbers.ts';

/** Part of a WDF file; its contents begin after a head of 16 bytes. */
export interface Block {
  readonly name: string;
  /** Of its contents. */
  readonly offset: number;
  /** Bytes of its contents. */
  readonly length: number;
}

const HEAD_BYTES = 16;
const MAX_BLOCKS = 10_000;

/** The blocks that lie in the file as a whole, and what is wrong with the one after them; null when nothing is. */
export function readBlocks(file: ByteFile): { blocks: readonly Block[]; cut: string | null } {
  const blocks: Block[] = [];
  let offset = 0;
  while (offset + HEAD_BYTES <= file.size) {
    const head = file.view(offset, HEAD_BYTES, 'the head of a block');
    const name = takeText(head, 0, 4);
    const length = Number(head.getBigUint64(8, true));
    if (!/^[A-Z][A-Z0-9 ]*$/.test(name) || length < HEAD_BYTES || blocks.length === MAX_BLOCKS)
      return { blocks, cut: `no block begins at byte ${offset}` };
    if (offset + length > file.size)
      return { blocks, cut: `block ${name} at byte ${offset} is cut short: ${file.size - offset} of ${length} bytes` };
    blocks.push({ name, offset: offset + HEAD_BYTES, length: length - HEAD_BYTES });
    offset += length;
  }
  return { blocks, cut: null };
}
