import { writeFile } from 'node:fs/promises';
import type { AppendFile } from './appendFile.ts';
import { encodeSegmentIndex, type SegmentIndex } from './segmentIndex.ts';
import { indexPath } from './segments.ts';

/** Brings a segment to the disk, writes its index beside it, and closes it. */
export async function finishSegment(file: AppendFile, index: SegmentIndex): Promise<void> {
  try {
    await file.sync();
    await writeFile(indexPath(file.path), encodeSegmentIndex(index));
  } finally {
    await file.close();
  }
}
