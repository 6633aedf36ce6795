import { close, fsync, openSync, write } from 'node:fs';
import { promisify } from 'node:util';

const syncFile = promisify(fsync);
const closeFile = promisify(close);

interface Block {
  readonly bytes: Uint8Array;
  used: number;
}

/** Blocks that wait for the disk, used again and again; at most `maxBlocks`. */
export interface BlockPool {
  readonly free: Block[];
  readonly blockBytes: number;
  readonly maxBlocks: number;
  blockCount: number;
}

export const createBlockPool = (blockBytes: number, maxBlocks: number): BlockPool => ({
  free: [],
  blockBytes,
  maxBlocks,
  blockCount: 0,
});

/** A file that grows at its end; writing goes on behind the caller's back, in order. */
export interface AppendFile {
  readonly path: string;
  /** Bytes taken so far. */
  readonly size: number;
  /** Copies `bytes`; false when the disk is so far behind that there is no room for them. */
  append(bytes: Uint8Array): boolean;
  /** Hands what was taken to the system; rejects when that fails. */
  drain(): Promise<void>;
  /** As drain, and to the disk itself. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** @throws what the file system says when the file exists or cannot be made. */
export function openAppendFile(path: string, pool: BlockPool, onError: (cause: Error) => void): AppendFile {
  const fd = openSync(path, 'wx');
  const waiting: Block[] = [];
  let idle: (() => void)[] = [];
  let filling: Block | null = null;
  let writing: Block | null = null;
  let failure: Error | null = null;
  let size = 0;

  const giveBack = (block: Block): void => {
    block.used = 0;
    pool.free.push(block);
  };
  const settle = (): void => {
    const settled = idle;
    idle = [];
    for (const resolve of settled) resolve();
  };
  const fail = (cause: Error): void => {
    failure = cause;
    for (const block of waiting.splice(0)) giveBack(block);
    if (writing !== null) giveBack(writing);
    if (filling !== null) giveBack(filling);
    writing = filling = null;
    settle();
    onError(cause);
  };
  const writeFrom = (block: Block, from: number): void => {
    write(fd, block.bytes, from, block.used - from, null, (cause, written) => {
      if (cause !== null) return fail(cause);
      if (from + written < block.used) return writeFrom(block, from + written);
      giveBack(block);
      writing = null;
      pump();
    });
  };
  const pump = (): void => {
    if (writing !== null) return;
    const block = waiting.shift();
    if (block === undefined) return settle();
    writing = block;
    writeFrom(block, 0);
  };
  const push = (): void => {
    if (filling === null) return;
    waiting.push(filling);
    filling = null;
    pump();
  };
  const take = (): Block => {
    const block = pool.free.pop();
    if (block !== undefined) return block;
    pool.blockCount++;
    return { bytes: new Uint8Array(pool.blockBytes), used: 0 };
  };
  const room = (): number =>
    (pool.free.length + pool.maxBlocks - pool.blockCount) * pool.blockBytes +
    (filling === null ? 0 : pool.blockBytes - filling.used);
  const drain = async (): Promise<void> => {
    push();
    if (writing !== null) await new Promise<void>((resolve) => idle.push(resolve));
    if (failure !== null) throw failure;
  };

  return {
    path,
    get size() {
      return size;
    },
    append(bytes) {
      if (failure !== null || room() < bytes.length) return false;
      for (let from = 0; from < bytes.length;) {
        filling ??= take();
        const count = Math.min(bytes.length - from, pool.blockBytes - filling.used);
        filling.bytes.set(bytes.subarray(from, from + count), filling.used);
        filling.used += count;
        from += count;
        if (filling.used === pool.blockBytes) push();
      }
      size += bytes.length;
      return true;
    },
    drain,
    async sync() {
      await drain();
      await syncFile(fd);
    },
    async close() {
      try {
        await drain();
      } finally {
        await closeFile(fd);
      }
    },
  };
}
