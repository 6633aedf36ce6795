import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { File, type Dataset } from 'h5wasm/node';
import { afterEach, beforeEach, expect, it } from 'vitest';
import hdf5 from '../../src/sinks/hdf5.ts';
import { python, runPython } from '../support/h5py.ts';
import { needs } from '../support/requirement.ts';
import { alertAt, frameAt, listeningSetting } from './signals.ts';

let directory = '';
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'operando-hdf5-'))));
afterEach(() => rmSync(directory, { recursive: true }));
const open = () => hdf5.create(hdf5.config.parse({ directory: '.' }), listeningSetting(directory).setting);

/** Says, for every line it is told, how many rows there are and whether all of them are right. */
const READER = `
import sys, h5py, numpy as np
for line in sys.stdin:
    with h5py.File(sys.argv[1], 'r', swmr=True) as f:
        g = f[f.attrs['default']][f[f.attrs['default']].attrs['default']]
        n = min(g[name].shape[0] for name in ('seq', 'values', 'mask', 'time', 'signal_temperature'))
        rows = np.arange(n)
        right = (g['seq'][:n] == rows).all() and (g['values'][:n] == rows[:, None] + np.arange(64)).all()
        right = right and (g['signal_temperature'][:n] == 300 + rows).all() and abs(g['time'][:n] - 0.1 * rows).max() < 1e-6
        print(n, bool(right), g.attrs['NX_class'], g.attrs['signal'], list(g.attrs['axes']), g['twoTheta'].attrs['units'])
`;

it.skipIf(!needs('servers', 'python3-h5py', python !== null))(
  'can be read by h5py while it is written, and after the writer was killed',
  async () => {
    const argv = ['--import', 'tsx', join(import.meta.dirname, 'hdf5Child.ts'), directory];
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const flushed = async () => Number((await lines.next()).value);
    await flushed();
    const path = join(directory, 'xrd-1.h5');
    const reader = runPython(READER, [path]);
    let last = 0;
    for (let k = 0; k < 6; k++) {
      last = await flushed();
      reader.say('look');
      const [count, ...rest] = (await reader.line()).split(' ');
      expect(Number(count)).toBeGreaterThanOrEqual(last);
      expect(rest.join(' ')).toBe("True NXdata values ['time', 'twoTheta'] deg");
    }
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await reader.kill();
    const after = runPython(READER, [path]);
    after.say('look');
    const [count, right] = (await after.line()).split(' ');
    expect(Number(count)).toBeGreaterThanOrEqual(last);
    expect(right).toBe('True');
    await after.kill();
  },
  60_000,
);

it('begins a new file where the layout changes, errors or a slow signal come, and never writes over one', async () => {
  for (let run = 0; run < 2; run++) {
    const sink = open();
    sink.write(frameAt(0), 'xrd');
    sink.write(frameAt(1, 16), 'xrd');
    sink.write({ ...frameAt(2, 16), variances: new Float64Array(16).fill(4) }, 'xrd');
    sink.write({ ...frameAt(3, 16), context: { potential: 1 } }, 'xrd');
    sink.write(frameAt(4, 16), 'xrd');
    sink.write(alertAt(4), 'newPhase');
    await sink.flush();
    await sink.close();
  }
  expect(readdirSync(directory).sort()).toEqual(
    [...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `xrd-${n}.h5`), 'newPhase-1.h5', 'newPhase-2.h5'].sort(),
  );
  const file = new File(join(directory, 'xrd-4.h5'), 'r');
  const numbers = (name: string) => (file.get(`entry/data/${name}`) as Dataset).value as Float64Array;
  expect([...numbers('signal_potential')]).toEqual([1, NaN]);
  expect([...numbers('signal_temperature')]).toEqual([NaN, 304]);
  expect(numbers('values_errors')[0]).toBeNaN();
  file.close();
});
