import { close, fsync, openSync, write } from 'node:fs';
import { promisify } from 'node:util';
import { createCborTarget } from '../wire/cborWriter.ts';
import type { CborTarget } from '../wire/cborWriter.ts';

const syncFile = promisify(fsync);
const closeFile = promisify(close);

/** Memory that is filled, waits for the disk, and is used again. */
export interface Block extends CborTarget {
  /** Bytes filled so far. */
  used: number;
}

/** Blocks that several files share. */
export interface BlockPool {
  readonly free: Block[];
  /** Of one block; a larger item gets a larger one. */
  readonly blockBytes: number;
  /** Of all blocks together; more only if three of the largest items need it. */
  readonly maxBytes: number;
  /** Of all blocks, free or not. */
  totalBytes: number;
  /** Of the blocks that are free. */
  freeBytes: number;
}

export const createBlockPool = (blockBytes: number, maxBytes: number): BlockPool => ({
  free: [],
  blockBytes,
  maxBytes,
  totalBytes: 0,
  freeBytes: 0,
});

/** A block with room for so many bytes; null when too many wait for the disk. */
function takeBlock(pool: BlockPool, bytes: number): Block | null {
  const last = pool.free.at(-1);
  if (last !== undefined && last.bytes.length >= bytes) return release(pool, pool.free.length - 1);
  const found = pool.free.findIndex((block) => block.bytes.length >= bytes);
  if (found >= 0) return release(pool, found);
  const size = pool.blockBytes * Math.ceil(bytes / pool.blockBytes);
  const limit = Math.max(pool.maxBytes, 3 * size);
  while (pool.totalBytes + size > limit && pool.free.length > 0) pool.totalBytes -= release(pool, 0).bytes.length;
  if (pool.totalBytes + size > limit) return null;
  pool.totalBytes += size;
  return { ...createCborTarget(size), used: 0 };
}

function release(pool: BlockPool, place: number): Block {
  const block = pool.free[place]!;
  if (place === pool.free.length - 1) pool.free.pop();
  else pool.free.splice(place, 1);
  pool.freeBytes -= block.bytes.length;
  return block;
}

function giveBack(pool: BlockPool, block: Block): void {
  block.used = 0;
  pool.free.push(block);
  pool.freeBytes += block.bytes.length;
}

/** A file that grows at its end; writing goes on behind the caller's back, in order. */
export interface AppendFile {
  readonly path: string;
  /** Bytes taken so far. */
  readonly size: number;
  /** A block with room for so many bytes from `used` on; null when the disk is too far behind. */
  reserve(bytes: number): Block | null;
  /** Takes what was written into the reserved block. */
  commit(bytes: number): void;
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

  const settle = (): void => {
    const settled = idle;
    idle = [];
    for (const resolve of settled) resolve();
  };
  const fail = (cause: Error): void => {
    failure = cause;
    for (const block of waiting.splice(0)) giveBack(pool, block);
    if (writing !== null) giveBack(pool, writing);
    if (filling !== null) giveBack(pool, filling);
    writing = filling = null;
    settle();
    onError(cause);
  };
  const writeFrom = (block: Block, from: number): void => {
    write(fd, block.bytes, from, block.used - from, null, (cause, written) => {
      if (cause !== null) return fail(cause);
      if (from + written < block.used) return writeFrom(block, from + written);
      giveBack(pool, block);
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
    reserve(bytes) {
      if (failure !== null) return null;
      if (filling !== null && filling.bytes.length - filling.used < bytes) push();
      filling ??= takeBlock(pool, bytes);
      return filling;
    },
    commit(bytes) {
      filling!.used += bytes;
      size += bytes;
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
