import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { openAnyFile, recogniseFile } from '../../../adapters/files/recogniseFile.ts';
import { readHead } from '../../../adapters/files/readHead.ts';
import type { ReaderDefinition, Recognition } from '../../../src/model/reader.ts';
import { tiny } from './tinyReader.ts';

const directory = mkdtempSync(join(tmpdir(), 'operando-recognise-'));
afterAll(() => rmSync(directory, { recursive: true }));
const write = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(directory, name), content);
  return join(directory, name);
};
const reader = (name: string, recognition: Recognition | null, extensions: string[]): ReaderDefinition => ({
  ...tiny,
  name,
  extensions,
  recognise: () => recognition,
});

it('prefers a signature to a likeness, then the usual extension, then the more special format', async () => {
  const path = write('a.xy', '1 2\n');
  const nameOf = async (...readers: ReaderDefinition[]) => (await recogniseFile(path, readers)).name;
  expect(await nameOf(reader('likely', 'likely', ['xy']), reader('sure', 'certain', ['q']))).toBe('sure');
  expect(await nameOf(reader('other', 'likely', ['q']), reader('usual', 'likely', ['xy']))).toBe('usual');
  expect(await nameOf(reader('general', 'likely', ['xy', 'dat']), reader('special', 'likely', ['xy']))).toBe('special');
  expect(await nameOf(reader('a', 'likely', ['xy']), reader('b', 'likely', ['xy']), reader('no', null, ['xy']))).toBe(
    'a',
  );
});

it('recognises a gzipped file by what is in it, by its inner extension, also when it is cut short', async () => {
  const packed = gzipSync(`TINY\n${'axis 1 2 3\n'.repeat(20_000)}`);
  const path = write('b.Tiny.GZ', packed.subarray(0, packed.length - 40));
  const head = await readHead(path);
  expect(head.extension).toBe('tiny');
  expect(head.bytes).toHaveLength(65_536);
  expect((await recogniseFile(path, [tiny])).name).toBe('tiny');
});

it.each([
  ['\x89PNG\r\n\x1a\n', /PNG image/],
  ['PK\x03\x04', /ZIP archive \(xlsx/],
  ['%PDF-1.4', /PDF document/],
  ['\x89HDF\r\n\x1a\n', /HDF5/],
  ['SQLite format 3\0', /SQLite/],
  ['data_Fe2O3\n_cell_length_a 5.03\n', /crystal structure/],
  ['SIMPLE  =   T', /FITS/],
  ['', /an empty file/],
  ['\0'.repeat(100), /nothing but zero bytes/],
  ['abc\0\x01def', /binary file of an unknown kind/],
  ['Dear diary', /text of an unknown kind/],
])('says what %j looks like', async (content, message) => {
  const path = write('unknown', Buffer.from(content, 'latin1'));
  await expect(openAnyFile(path, [tiny])).rejects.toThrow(message);
  await expect(openAnyFile(path, [tiny])).rejects.toMatchObject({ code: 'ADAPTER', place: { path } });
});

it('names a file that is not there, and a folder that is no file', async () => {
  await expect(recogniseFile(join(directory, 'nowhere.xy'), [tiny])).rejects.toThrow(/there is no .*nowhere\.xy/);
  await expect(recogniseFile(directory, [tiny])).rejects.toThrow(/cannot be read/);
});
