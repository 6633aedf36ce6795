import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSimulator } from '../../simulators/createSimulator.ts';
import { channelCentres, fastAxis } from '../../src/model/layout.ts';
import { operando, root } from '../support/operando.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'operando-readme-'));
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  await writeFile(join(folder, 'my.yaml'), /```yaml\n(# my\.yaml\n.*?)```/s.exec(readme)?.[1] ?? '');
  await mkdir(join(folder, 'scans'));
  const simulator = createSimulator('xrd-heating:event-fast', { eventAtFrame: 25 });
  const x = channelCentres(fastAxis(simulator.layout));
  for (let i = 0; i < 40; i++) {
    const { values } = simulator.next().frame;
    const lines = Array.from(values, (count, k) => `${x[k]!.toFixed(3)} ${count}`);
    await writeFile(join(folder, `scans/scan_${i}.xy`), `# T = ${(300 + 2.5 * i).toFixed(1)} K\n${lines.join('\n')}\n`);
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe("the README's own example", () => {
  it('is a file without mistakes', async () => {
    expect(await operando(['check', 'my.yaml'], folder)).toMatchObject({ code: 0 });
  });

  it('finds the change in a folder of text files, with the temperature of the header', async () => {
    const { code, out } = await operando(['replay', 'my.yaml', '--speed', 'max', '--no-page'], folder);
    const match = /frame (\d+) +WARNING +Pattern changed at .* \[temperature (\S+)\]/.exec(out);
    expect(out).toContain('40 received = 40 processed');
    expect(Number(match?.[1])).toBeGreaterThanOrEqual(25);
    expect(Number(match?.[1])).toBeLessThanOrEqual(29);
    expect(Number(match?.[2])).toBeCloseTo(300 + 2.5 * Number(match?.[1]), 5);
    expect(code).toBe(0);
  });
});
