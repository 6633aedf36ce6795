import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../src/app/cli.ts';
import type { Console } from '../../src/app/console.ts';
import { cloneFrame, makeFrame, type Frame } from '../../src/model/frame.ts';
import { spectrumLayout } from '../../src/model/layout.ts';
import { parseTransfer } from '../../src/model/transferFile.ts';
import { createRecordingWriter } from '../../src/recording/writer.ts';
import apply from '../../src/stages/transfer/apply.ts';

const folder = mkdtempSync(join(tmpdir(), 'operando-transfer-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

async function operando(...args: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const console: Console = {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    progress: () => undefined,
    isTerminal: false,
    env: {},
    interrupted: new AbortController().signal,
  };
  const code = await main(['transfer', ...args], console);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const n = 60;
const x = Float64Array.from({ length: n }, (_, i) => 500 + 2 * i);
/** Three substances in other amounts, as an instrument shows them. */
const mixture = (standard: number, shift: number, width: number, gain: number): Float64Array =>
  x.map((_, i) => {
    const peak = (place: number): number => Math.exp(-(((i - place - shift) / width) ** 2));
    const [a, b, c] = [1 + Math.sin(standard), 1 + Math.cos(2 * standard), 1 + Math.sin(3 * standard + 1)];
    return gain * 1000 * (0.5 + a * peak(15) + b * peak(30) + c * peak(44));
  });
const master = (standard: number): Float64Array => mixture(standard, 0, 4, 1);
const slave = (standard: number): Float64Array => mixture(standard, 1.2, 5, 0.8);
const layout = spectrumLayout(
  { name: 'ramanShift', unit: 'cm-1', coordinates: x },
  { quantity: 'intensity', unit: '1', noise: 'unknown' },
);
const frameOf = (values: Float64Array, seq = 0): Frame =>
  makeFrame({ stream: 'raman', seq, timeUs: 1.7e15 + seq * 1e6, exposureUs: 500_000, layout, values });

function carried(file: string, values: Float64Array): Float64Array {
  let seen: Frame | undefined;
  apply
    .create('t', { file }, { assets: { file: readFileSync(at(file)) } })
    .process(frameOf(values), (signal) => (seen = cloneFrame(signal)));
  return seen!.values;
}
const rms = (a: Float64Array, b: Float64Array): number =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / n);

function texts(count: number): string[] {
  return Array.from({ length: count }, (_, k) => {
    const write = (name: string, values: Float64Array): string => {
      writeFileSync(at(name), `# position counts\n${Array.from(values, (y, i) => `${x[i]} ${y}`).join('\n')}\n`);
      return at(name);
    };
    return ['--master', write(`m${k}.txt`, master(k)), '--slave', write(`s${k}.txt`, slave(k))];
  }).flat();
}

describe('operando transfer', () => {
  it.each([
    ['pds', []],
    ['pds', ['--regression', 'pcr', '--half-window', '4']],
    ['pds', ['--regression', 'ridge', '--ridge', '100']],
    ['ds', ['--components', '3']],
  ])('learns %s %j from pairs of text files, and the stage tells a sample it has not seen', async (method, more) => {
    const ran = await operando(...texts(7), '--unit', 'cm-1', '--method', method, ...more, '--out', at('t.json'));
    expect(ran.err).toBe('');
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/7 standards on 60 channels[\s\S]*before +\d{3}[\s\S]*use: transfer.apply/);
    const unseen = 20.5;
    expect(rms(carried('t.json', slave(unseen)), master(unseen))).toBeLessThan(
      0.05 * rms(slave(unseen), master(unseen)),
    );
    const { error, standards, per } = parseTransfer(readFileSync(at('t.json')));
    expect({ standards, per, channels: error!.length }).toEqual({ standards: 7, per: 'frame', channels: n });
  });

  it('takes every frame of two recordings for a standard, and counts per second', async () => {
    for (const [name, see] of [['master', master] as const, ['slave', slave] as const]) {
      const header = { run: name, instrument: 'lab', modality: 'raman', config: '', versions: {} };
      const writer = createRecordingWriter({ directory: at(name), header });
      for (let k = 0; k < 6; k++) writer.writeFrame(frameOf(see(k), k));
      await writer.close();
    }
    const ran = await operando('--master', at('master'), '--slave', at('slave'), '--frames', '--out', at('r.json'));
    expect(ran).toMatchObject({ code: 0, err: '' });
    const { per, standards, master: axis } = parseTransfer(readFileSync(at('r.json')));
    expect({ per, standards, axis: axis.name }).toEqual({ per: 'second', standards: 6, axis: 'ramanShift' });
    expect(rms(carried('r.json', slave(9)), master(9))).toBeLessThan(0.05 * rms(slave(9), master(9)));
  });

  it('gives the settings of a line through pairs of predictions', async () => {
    writeFileSync(at('pairs.txt'), '# slave master\n1 2.1\n2 3.9\n3 6.1\n4 7.9\n');
    const ran = await operando('--predictions', at('pairs.txt'));
    expect(ran.out).toContain(
      'use: transfer.slopeBias, with: { reading: NAME, slope: 1.96, bias: 0.1, scatter: 0.126491',
    );
  });

  it('says when it is no better than nothing, and when it does not know', async () => {
    const both = texts(2);
    const ran = await operando(...both, '--components', '1', '--out', at('few.json'));
    expect(ran.out).toContain('not known: it takes three');
    const same = texts(4).map((word) => word.replace(/s(\d)\.txt$/, 'm$1.txt'));
    expect((await operando(...same, '--method', 'ds', '--out', at('same.json'))).err).toContain(
      'no better than before',
    );
  });

  it.each([
    [['--master', 'a'], 2, '--master, --slave and --out are needed'],
    [['--method', 'magic'], 2, "--method expects pds, ds, slopeBias, coral, got 'magic'"],
    [['--master', at('none'), '--slave', at('none'), '--out', at('o')], 1, 'no such file'],
  ])('refuses %j', async (args, code, sentence) => {
    const ran = await operando(...args);
    expect(ran.code).toBe(code);
    expect(ran.err).toContain(sentence);
  });

  it('refuses a single pair, and instruments of other channels where the method needs the same', async () => {
    expect((await operando(...texts(1), '--out', at('o'))).err).toContain('with fewer than 2 only an offset');
    writeFileSync(at('short.txt'), '0 1\n1 2\n');
    const odd = [
      '--master',
      at('short.txt'),
      '--slave',
      at('m0.txt'),
      '--master',
      at('short.txt'),
      '--slave',
      at('m1.txt'),
    ];
    expect((await operando(...odd, '--out', at('o'))).err).toContain('the master has 2 channels and the slave 60');
    const mixed = ['--master', at('m0.txt'), '--master', at('short.txt'), '--slave', at('m0.txt')];
    expect((await operando(...mixed, '--out', at('o'))).err).toContain(
      'has 2 channels from 0 to 1 1, the first standard 60',
    );
  });
});
