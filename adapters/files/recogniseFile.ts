import { MonitorError } from '../../src/model/error.ts';
import type { FileContents, FileHead, ReaderDefinition } from '../../src/model/reader.ts';
import { missing } from './missing.ts';
import { readHead } from './readHead.ts';
import { describeUnknown } from './signatures.ts';

/**
 * The reader of a file, by its content.
 *
 * 'certain' beats 'likely'. Between equals: a reader whose usual extension the file has, then the one of fewer
 * extensions (the more special format), then the first by name.
 * @throws MonitorError 'ADAPTER' when the file is not there, or no reader knows it: with what it looks like.
 */
export async function recogniseFile(
  path: string,
  readers: readonly ReaderDefinition[],
  id = 'file',
): Promise<ReaderDefinition> {
  const head = await headOf(path, id);
  const found = chooseReader(head, readers);
  if (found !== null) return found;
  throw new MonitorError('ADAPTER', `${path} is not a format that is read here: looks like ${describeUnknown(head)}`, {
    id,
    path,
  });
}

/** Null when no reader knows it. */
export function chooseReader(head: FileHead, readers: readonly ReaderDefinition[]): ReaderDefinition | null {
  const ranked = readers
    .map((reader) => ({ reader, recognition: reader.recognise(head) }))
    .filter(({ recognition }) => recognition !== null)
    .map(({ reader, recognition }) => ({
      reader,
      rank: [
        recognition === 'certain' ? 0 : 1,
        reader.extensions.includes(head.extension) ? 0 : 1,
        reader.extensions.length,
      ] as const,
    }))
    .sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1] || a.rank[2] - b.rank[2]);
  return ranked[0]?.reader ?? null;
}

/** What is inside a file of any format that is read. @throws MonitorError 'ADAPTER' as {@link recogniseFile} and the reader. */
export async function openAnyFile(
  path: string,
  readers: readonly ReaderDefinition[],
  id = 'file',
): Promise<FileContents> {
  const reader = await recogniseFile(path, readers, id);
  return reader.open({ path });
}

async function headOf(path: string, id: string): Promise<FileHead> {
  try {
    return await readHead(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') throw missing(id, path, undefined);
    throw new MonitorError('ADAPTER', `${path} cannot be read`, { id, path }, { cause });
  }
}
