import { createHash } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import type { Checkpoint } from '../model/checkpoint.ts';
import { MonitorError } from '../model/error.ts';

/** First bytes of a checkpoint file; the digit is the format. */
const MAGIC = Buffer.from('operando checkpoint 1\n');
const DIGEST_BYTES = 32;

/**
 * A checkpoint as bytes: magic, SHA-256 of what follows, and the checkpoint by structured clone.
 * Structured clone, not JSON: it keeps typed arrays, NaN and -0 to the bit.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const body = serialize(checkpoint);
  return Buffer.concat([MAGIC, createHash('sha256').update(body).digest(), body]);
}

/** @throws MonitorError CHECKPOINT when the bytes are no whole checkpoint. */
export function decodeCheckpoint(bytes: Uint8Array, path = 'checkpoint'): Checkpoint {
  const place = { id: 'checkpoint', path };
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!buffer.subarray(0, MAGIC.length).equals(MAGIC))
    throw new MonitorError('CHECKPOINT', `${path} is not a checkpoint of this version`, place);
  const digest = buffer.subarray(MAGIC.length, MAGIC.length + DIGEST_BYTES);
  const body = buffer.subarray(MAGIC.length + DIGEST_BYTES);
  if (!createHash('sha256').update(body).digest().equals(digest))
    throw new MonitorError('CHECKPOINT', `${path} is damaged: its digest does not match`, place);
  return deserialize(body) as Checkpoint;
}

/** Writes beside the file, syncs, renames: after a crash the file is the old one or the new one, whole. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(encodeCheckpoint(checkpoint));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** The checkpoint in a file; null when there is none. */
export async function readCheckpoint(path: string): Promise<Checkpoint | null> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new MonitorError('CHECKPOINT', `cannot read ${path}`, { id: 'checkpoint', path }, { cause: error });
  }
  return decodeCheckpoint(bytes, path);
}
