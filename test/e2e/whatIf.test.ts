import { rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/app/cli.ts';
import type { Console } from '../../src/app/console.ts';

const FILE = 'examples/eels-beam-damage.yaml';

async function say(args: readonly string[]): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const console: Console = {
    out: (line) => lines.push(line),
    err: (line) => lines.push(line),
    progress: () => undefined,
    isTerminal: false,
    env: {},
    interrupted: new AbortController().signal,
  };
  return { code: await main(args, console), lines };
}

describe('replay --what-if', { timeout: 60_000 }, () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'operando-what-if-'));
    await say(['simulate', 'eels-beam-damage:damage', '--frames', '200', '--out', join(directory, 'run')]);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));
  const ask = (...changes: string[]) =>
    say(['replay', join(directory, 'run'), '--config', FILE, ...changes.flatMap((change) => ['--what-if', change])]);

  it('tells the frame before which a smaller budget would have stopped the beam, and never passes it', async () => {
    const { code, lines } = await ask('dose.budget=2e6');
    expect(code).toBe(0);
    const at = lines.findIndex((line) => line.startsWith('what if dose.budget=2e6: the beam stops after frame '));
    expect(at).toBeGreaterThan(0);
    expect(lines[at + 1]).toMatch(/Budget dose: the next frame would pass it/);
    const then = Number(/dose: (\d+) nm-2 then/.exec(lines[at + 2] ?? '')?.[1]);
    expect(then).toBeLessThanOrEqual(2e6);
    expect(then).toBeGreaterThan(1.9e6);
  });
  it('tells that nothing would have stopped it, and what the run took', async () => {
    const { lines } = await ask('dose.limit=1e9', 'response.tolerance=0.5', 'permit.alerts=none');
    expect(lines).toContainEqual(
      'what if dose.limit=1e9, response.tolerance=0.5, permit.alerts=none: no rule stops the beam',
    );
    expect(lines.at(-1)).toMatch(/dose: \d+ nm-2 at the end of the run/);
  });
  it('names what it does not know', async () => {
    expect(await ask('dos.limit=1')).toMatchObject({ code: 2 });
    expect((await ask('dose.limt=1')).lines.join('\n')).toMatch(/did you mean "limit"/);
  });
});
