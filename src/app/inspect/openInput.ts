import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findFiles } from '../../../adapters/files/findFiles.ts';
import { missing } from '../../../adapters/files/missing.ts';
import { openAnyFile } from '../../../adapters/files/recogniseFile.ts';
import { readers } from '../../../adapters/readers/registry.ts';
import type { FileContents } from '../../model/reader.ts';
import { recordingContents } from './recordingContents.ts';

export const isRecording = (path: string): boolean =>
  existsSync(path) && statSync(path).isDirectory() && existsSync(join(path, '000001.seg'));

/** The files that arguments name: a recording stands for itself, another folder for its files. @throws MonitorError 'ADAPTER' for one that names none. */
export function namedFiles(names: readonly string[], id: string): string[] {
  return names.flatMap((name) => {
    if (isRecording(name)) return [name];
    const found = findFiles(name);
    if (found.length === 0) throw missing(id, name, undefined);
    return found;
  });
}

/** A file of any format that is read, or a recording. @throws MonitorError. */
export const openInput = (path: string, id: string): Promise<FileContents> =>
  isRecording(path) ? Promise.resolve(recordingContents(path)) : openAnyFile(path, readers, id);
