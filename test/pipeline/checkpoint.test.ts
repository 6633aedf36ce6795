import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../src/model/checkpoint.ts';
import { decodeCheckpoint, encodeCheckpoint, readCheckpoint, writeCheckpoint } from '../../src/pipeline/checkpoint.ts';

const checkpoint: Checkpoint = {
  format: 1,
  configDigest: 'abc',
  position: { xrd: { seq: 7, timeUs: 1_767_225_600_000_001 } },
  stages: {
    dose: {
      kind: 'dose.fluence',
      version: 1,
      state: { total: 0.1 + 0.2, lost: -0, unknown: NaN, rows: Float64Array.of(1, NaN, -Infinity) },
    },
  },
  slowSamples: [{ type: 'slow', name: 'temperature', timeUs: 1_767_225_600_000_000, value: 300, unit: 'K' }],
};

let directory = '';
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'operando-'))));
afterEach(() => rm(directory, { recursive: true }));

describe('checkpoint', () => {
  it('comes back to the bit', () => {
    const back = decodeCheckpoint(encodeCheckpoint(checkpoint));
    expect(back).toEqual(checkpoint);
    expect(Object.is(back.stages['dose']!.state!['lost'], -0)).toBe(true);
  });

  it('is replaced whole and leaves nothing beside it', async () => {
    const path = join(directory, 'run.checkpoint');
    await writeCheckpoint(path, checkpoint);
    await writeCheckpoint(path, { ...checkpoint, configDigest: 'def' });
    expect((await readCheckpoint(path))?.configDigest).toBe('def');
    expect(await readdir(directory)).toEqual(['run.checkpoint']);
  });

  it('is null where there is none', async () => {
    expect(await readCheckpoint(join(directory, 'none'))).toBeNull();
  });

  it('is refused when a bit has changed, naming the file', async () => {
    const bytes = encodeCheckpoint(checkpoint);
    bytes[bytes.length - 3]! ^= 1;
    const path = join(directory, 'damaged');
    await writeFile(path, bytes);
    await expect(readCheckpoint(path)).rejects.toThrow(/damaged is damaged/);
  });

  it('is refused when it is something else', async () => {
    const path = join(directory, 'notes.txt');
    await writeFile(path, 'hello');
    await expect(readCheckpoint(path)).rejects.toThrow(/not a checkpoint/);
  });
});
