import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { MonitorError } from '../../src/model/error.ts';
import type { FileContents, FileFrame, ReaderDefinition } from '../../src/model/reader.ts';

/** Files of one test, in a folder of their own. */
export function createFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'readers-'));
  return {
    path: (name: string): string => join(folder, name),
    write(name: string, bytes: Uint8Array): string {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
export type Folder = ReturnType<typeof createFolder>;

/** What the reader gives of a series, copied. */
export interface ReadSeries {
  readonly frames: readonly FileFrame[];
  readonly faults: readonly string[];
}

/** Reads all of a file, series by series. */
export async function readAll(
  reader: ReaderDefinition,
  path: string,
): Promise<{ contents: FileContents; read: readonly ReadSeries[] }> {
  const contents = await reader.open({ path });
  const read: ReadSeries[] = [];
  try {
    for (const series of contents.series) {
      const frames: FileFrame[] = [];
      const faults: string[] = [];
      for await (const item of series.frames(0))
        if ('fault' in item) faults.push(item.fault);
        else frames.push({ ...item, values: item.values.slice() });
      read.push({ frames, faults });
    }
  } finally {
    contents.close();
  }
  return { contents, read };
}

/** What is expected of any bytes: contents, or an error of the house that names the file. */
export async function expectHonest(reader: ReaderDefinition, folder: Folder, bytes: Uint8Array, note: string) {
  const path = folder.write('hostile.bin', bytes);
  try {
    const { read } = await readAll(reader, path);
    for (const { frames } of read)
      for (const { layout, values } of frames) expect(values.length, note).toBe(layout.size);
  } catch (error) {
    expect(error, note).toBeInstanceOf(MonitorError);
    expect((error as MonitorError).code, note).toBe('ADAPTER');
    expect((error as MonitorError).message, note).toContain(path);
  }
}

/** Cut at every `step`-th byte, every `step`-th byte set to 0, 0x7f, 0xff, and garbage behind the signature. */
export async function expectHonestWhenBroken(reader: ReaderDefinition, folder: Folder, bytes: Uint8Array, step = 1) {
  for (let end = 0; end < bytes.length; end += step)
    await expectHonest(reader, folder, bytes.subarray(0, end), `cut at ${end}`);
  for (let at = 0; at < bytes.length; at += step)
    for (const value of [0, 0x7f, 0xff]) {
      const changed = bytes.slice();
      changed[at] = value;
      await expectHonest(reader, folder, changed, `byte ${at} is ${value}`);
    }
  let state = 12345;
  const garbage = bytes.map((byte, i) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return i < 8 ? byte : state >> 16;
  });
  await expectHonest(reader, folder, garbage, 'garbage');
}

/** Puts numbers one behind the other. */
export function createByteWriter(isLittle = true) {
  const parts: Buffer[] = [];
  const number = (bytes: number, set: (view: DataView) => void): void => {
    const view = new DataView(new ArrayBuffer(bytes));
    set(view);
    parts.push(Buffer.from(view.buffer));
  };
  const writer = {
    u8: (value: number) => (number(1, (view) => view.setUint8(0, value)), writer),
    u16: (value: number, little = isLittle) => (number(2, (view) => view.setUint16(0, value, little)), writer),
    u32: (value: number, little = isLittle) => (number(4, (view) => view.setUint32(0, value, little)), writer),
    u64: (value: number | bigint, little = isLittle) => (
      number(8, (view) => view.setBigUint64(0, BigInt(value), little)),
      writer
    ),
    f32: (value: number, little = isLittle) => (number(4, (view) => view.setFloat32(0, value, little)), writer),
    f64: (value: number, little = isLittle) => (number(8, (view) => view.setFloat64(0, value, little)), writer),
    text: (value: string, length = value.length) => {
      const bytes = Buffer.alloc(length);
      bytes.write(value, 'latin1');
      parts.push(bytes);
      return writer;
    },
    bytes: (value: Uint8Array) => (parts.push(Buffer.from(value)), writer),
    zeros: (count: number) => (parts.push(Buffer.alloc(count)), writer),
    get length() {
      return parts.reduce((sum, part) => sum + part.length, 0);
    },
    done: () => new Uint8Array(Buffer.concat(parts)),
  };
  return writer;
}

/** The beginning of a file as readers are shown it. */
export const headOf = (bytes: Uint8Array, extension: string) => ({
  path: `a.${extension}`,
  extension,
  bytes: bytes.subarray(0, 65536),
  text: Buffer.from(bytes.subarray(0, 65536)).toString('latin1'),
});
