import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { readers } from '../../adapters/readers/registry.ts';
import { recogniseFile } from '../../adapters/files/recogniseFile.ts';
import type { FileContents, FileFrame, ReaderDefinition } from '../../src/model/reader.ts';
import { dataRoot } from '../support/operando.ts';
import { createFolder, expectHonestWhenBroken, readAll, type Folder } from './binaryFiles.ts';

/** Text files of one test file, in a folder of their own. */
export function createTexts(reader: ReaderDefinition) {
  let folder: Folder;
  beforeAll(() => void (folder = createFolder()));
  afterAll(() => folder.remove());
  const write = (name: string, text: string, encoding: BufferEncoding = 'utf8'): string =>
    folder.write(name, Buffer.from(text, encoding));
  return {
    write,
    /** Written, recognised by what is registered, and read. */
    read: async (name: string, text: string, encoding: BufferEncoding = 'utf8'): Promise<ReadFile> =>
      readFile(write(name, text, encoding)),
    /** Cut at and changed at every `step`-th byte: contents, or an error that names the file. */
    expectHonest: (text: string, step = 1): Promise<void> =>
      expectHonestWhenBroken(reader, folder, new Uint8Array(Buffer.from(text, 'utf8')), step),
  };
}

/** What is in a file, by the reader that is chosen for it. */
export interface ReadFile {
  readonly reader: string;
  readonly contents: FileContents;
  /** Of each series. */
  readonly frames: readonly (readonly FileFrame[])[];
  readonly faults: readonly string[];
}

export async function readFile(path: string): Promise<ReadFile> {
  const reader = await recogniseFile(path, readers);
  const { contents, read } = await readAll(reader, path);
  return {
    reader: reader.name,
    contents,
    frames: read.map(({ frames }) => frames),
    faults: read.flatMap(({ faults }) => faults),
  };
}

/** Paths of real files whose names fit, in order. */
export const realFiles = (folder: string, name: RegExp): string[] =>
  readdirSync(join(dataRoot, folder))
    .filter((file) => name.test(file))
    .sort()
    .map((file) => join(dataRoot, folder, file));

/** Name, unit, first and last coordinate, number of channels of the first series. */
export function axisOf({ contents }: ReadFile, series = 0) {
  const { size, axes } = contents.series[series]!.layout;
  const { name, unit, coordinates } = axes[0]!;
  return { name, unit, first: coordinates[0]!, last: coordinates.at(-1)!, channels: size };
}
