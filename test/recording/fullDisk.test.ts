import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { openRecording } from '../../src/recording/reader.ts';
import { createRecordingWriter, type RecordingWriter } from '../../src/recording/writer.ts';
import { channelLayout, testFrame } from '../support/frames.ts';
import { needs } from '../support/requirement.ts';

const DISK_BYTES = 2 * 2 ** 20;
const layout = channelLayout(512);
const header = { run: 'full', instrument: 'xrd', modality: 'xrd', config: '', versions: {} };

const disk = mkdtempSync(join(tmpdir(), 'operando-full-'));
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', disk]).status === 0;
afterAll(() => {
  if (isMounted) spawnSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});

describe.runIf(needs('servers', 'a file system of its own (mount -t tmpfs)', isMounted))(
  'a recording on a full disk',
  () => {
    it('says so, counts what is lost, goes on when there is room, and gives back all the rest', async () => {
      const directory = join(disk, 'run');
      const filler = join(disk, 'filler');
      const reports: string[] = [];
      let lostCount = 0;
      const writer = createRecordingWriter({
        directory,
        header,
        segmentBytes: 300_000,
        retryMs: 20,
        report: ({ state, detail }) => reports.push(`${state} ${detail}`),
        countDropped: (_, count) => (lostCount += count),
      });
      writeFileSync(filler, new Uint8Array(1_200_000));
      const full = await writeUntil(writer, 0, () => reports.some((report) => report.startsWith('down')));
      expect(reports.at(-1)).toMatch(/^down the recording cannot be written: ENOSPC/);
      const before = await writeUntil(writer, full, () => lostCount > 100);

      rmSync(filler);
      await pause(50);
      const after = await writeUntil(writer, before, () => reports.at(-1)?.startsWith('ok') === true);
      for (let seq = after; seq < after + 50; seq++) writer.writeFrame(frameAt(seq));
      await writer.flush().catch(() => undefined);
      await writer.close();

      const seqs: number[] = [];
      for (const item of openRecording(directory).items()) if (item.type === 'frame') seqs.push(item.seq);
      expect(seqs.slice(-50)).toEqual(Array.from({ length: 50 }, (_, i) => after + i));
      expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
      expect(seqs.length).toBeGreaterThan(100);
      expect(readdirSync(directory).length).toBeGreaterThan(3);
    });
  },
);

const frameAt = (seq: number) => testFrame(layout, seq, new Float64Array(512).fill(seq), { stream: 'xrd' });

/** Writes frames from a number on until something is the case. @returns the number of the next. */
async function writeUntil(writer: RecordingWriter, first: number, isDone: () => boolean): Promise<number> {
  let seq = first;
  for (; !isDone(); seq++) {
    if (seq > first + 20_000) throw new Error('it never came to that');
    writer.writeFrame(frameAt(seq));
    if (seq % 20 === 19) await writer.flush().catch(() => undefined);
  }
  return seq;
}
