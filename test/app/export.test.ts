import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/app/cli.ts';
import { makeFrame } from '../../src/model/frame.ts';
import { spectrumLayout, type Layout } from '../../src/model/layout.ts';
import { createRecordingWriter } from '../../src/recording/writer.ts';
import { alertAt, detectionAt, readingAt } from '../sinks/signals.ts';
import { python } from '../support/h5py.ts';
import { needs } from '../support/requirement.ts';

const START_US = 1_795_000_000_000_000;
const FRAMES = 2500;

const layoutOf = (size: number, name: string, unit: string, noise: Layout['noise'] = 'poisson'): Layout =>
  spectrumLayout(
    { name, unit, coordinates: Float64Array.from({ length: size }, (_, i) => 10 + i / 2) },
    { quantity: 'counts', unit: '1', noise },
  );
const narrow = layoutOf(20, 'twoTheta', 'deg');
const wide = layoutOf(30, 'twoTheta', 'deg');
const line = layoutOf(16, 'energy', 'eV', 'gaussian');

let folder = '';
let run = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'operando-export-'));
  run = join(folder, 'run');
  const header = {
    run: 'heated',
    instrument: 'beamline',
    modality: 'XRD',
    config: 'version: 1\n',
    versions: { operando: '9.8.7', zod: '4.0.0' },
  };
  const writer = createRecordingWriter({ directory: run, header, segmentBytes: 200_000 });
  for (let seq = 0; seq < FRAMES; seq++) {
    const timeUs = START_US + seq * 1e5;
    writer.writeSlow({ type: 'slow', name: 'temperature', timeUs, value: 300 + seq, unit: 'K' });
    const layout = seq < 2000 ? narrow : wide;
    const values = Float64Array.from({ length: layout.size }, (_, i) => seq + 4 * i);
    const mask = seq === 1500 ? new Uint8Array(layout.size).fill(1) : undefined;
    const context = { temperature: 300 + seq };
    const contextAgeUs = { temperature: 0 };
    writer.writeFrame(
      makeFrame({ stream: 'xrd', seq, timeUs, exposureUs: 9e4, layout, values, mask, context, contextAgeUs }),
    );
    writer.writeFrame(
      makeFrame({
        stream: 'xps',
        seq,
        timeUs: timeUs + 10,
        exposureUs: 5e4,
        layout: line,
        values: new Float64Array(16).fill(seq),
        variances: new Float64Array(16).fill(seq * seq),
      }),
    );
    writer.writeSignal(
      {
        ...readingAt(seq),
        stream: 'xrd',
        stage: 'dose',
        name: 'doseRate',
        unit: 'Gy/s',
        timeUs,
        value: 2 * seq,
        standardError: 0.5,
      },
      'dose',
    );
    if (seq % 100 !== 0) continue;
    writer.writeSignal({ ...detectionAt(seq), stream: 'xrd', timeUs }, 'change');
    writer.writeSignal({ ...alertAt(seq, { message: 'a "line", 30°' }), stream: 'xrd', timeUs }, 'call');
    await writer.flush();
  }
  const event = {
    event: 'tripped',
    timeUs: START_US,
    run: 'heated',
    epoch: 3,
    state: 'stopped',
    by: 'mk',
    via: 'page',
  } as const;
  writer.writeNote({ type: 'permit', ...event, reason: 'enough' });
  writer.writeNote({ type: 'checkpoint', position: {}, bytes: new Uint8Array(8) });
  await writer.flush();
  await writer.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function operando(...args: string[]): Promise<{ code: number; out: string }> {
  const lines: string[] = [];
  const say = (text: string): void => void lines.push(text);
  const interrupted = new AbortController().signal;
  const code = await main(args, {
    out: say,
    err: say,
    progress: () => undefined,
    isTerminal: false,
    env: {},
    interrupted,
  });
  return { code, out: lines.join('\n') };
}
/** What a Python program says of a file, as JSON. */
function askPython(file: string, program: string): unknown {
  const script = `import h5py, json, sys\nf = h5py.File(sys.argv[1], 'r')\nt = lambda v: v.decode() if isinstance(v, bytes) else v\n${program}`;
  const { stdout, stderr, status } = spawnSync(python ?? '', ['-c', script, file], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

describe.runIf(needs('servers', 'python3-h5py', python !== null))('a NeXus export, read by h5py', () => {
  const file = (): string => join(folder, 'run.nxs');
  beforeAll(async () => {
    const { code, out } = await operando('export', run, '--out', file());
    expect(out).toMatch(/5000 frames in .*run\.nxs/);
    expect(code).toBe(0);
  });

  it('leads from @default to @default to the signal, its axes, units and errors', () => {
    const found = askPython(
      file(),
      `e = f[f.attrs['default']]
d = e[e.attrs['default']]
s = d[d.attrs['signal']]
axes = [t(a) for a in d.attrs['axes']]
print(json.dumps(dict(
  classes=[t(x.attrs['NX_class']) for x in (f, e, d)], shape=s.shape, units=t(s.attrs['units']),
  axes=[[a, d[a].shape, t(d[a].attrs['units']), int(d.attrs[a + '_indices'])] for a in axes],
  row=list(s[1999][:3]), errors=list(d['data_errors'][1999][:3]), time=float(d['time'][1999]), start=t(d['time'].attrs['start']),
  mask=[int(d['mask'][:].sum()), d['mask'].shape], second=e['data_2/data'].shape)))`,
    );
    expect(found).toMatchObject({
      classes: ['NXroot', 'NXentry', 'NXdata'],
      shape: [2000, 20],
      units: 'counts',
      axes: [
        ['time', [2000], 's', 0],
        ['twoTheta', [20], 'deg', 1],
      ],
      row: [1999, 2003, 2007],
      time: 199.9,
      start: new Date(START_US / 1000).toISOString(),
      mask: [20, [2000, 20]],
      second: [500, 30],
    });
    expect((found as { errors: number[] }).errors[0]).toBeCloseTo(Math.sqrt(1999), 10);
  });

  it('says what it is: title, times, program, definition, instrument, configuration', () => {
    const found = askPython(
      file(),
      `e = f['xrd']
print(json.dumps(dict((k, t(e[k][()])) for k in ('title', 'start_time', 'end_time', 'definition', 'program_name', 'instrument/name', 'configuration/data'))
  | dict(version=t(e['program_name'].attrs['version']), zod=t(f['run/versions/zod'][()]), count_time=float(e['instrument/detector/count_time'][0]))))`,
    );
    expect(found).toEqual({
      title: 'heated: xrd',
      start_time: new Date(START_US / 1000).toISOString(),
      end_time: new Date(START_US / 1000 + (FRAMES - 1) * 100).toISOString(),
      definition: 'NXmonopd',
      program_name: 'operando',
      'instrument/name': 'beamline',
      'configuration/data': 'version: 1\n',
      version: '9.8.7',
      zod: '4.0.0',
      count_time: 0.09,
    });
  });

  it('holds slow signals and readings as logs, dose rate, alerts and permit', () => {
    const found = askPython(
      file(),
      `e = f['xrd']
log = lambda p: [t(e[p].attrs['NX_class']), e[p + '/time'].shape, t(e[p + '/value'].attrs['units']), float(e[p + '/value'][7])]
print(json.dumps(dict(slow=log('slow_signals/temperature'), context=log('context/temperature'), reading=log('readings/dose.doseRate'),
  error=float(e['readings/dose.doseRate/value_errors'][7]), rate=float(e['instrument/optical_system/dose_rate'][7]),
  alerts=[len(e['alerts/time']), t(e['alerts/message'][0]), float(e['alerts/time'][2])], permit=[t(f['run/permit/event'][0]), t(f['run/permit/reason'][0])],
  gaussian=float(f['xps/data/data_errors'][1000][3]))))`,
    );
    expect(found).toEqual({
      slow: ['NXlog', [FRAMES], 'K', 307],
      context: ['NXlog', [FRAMES], 'K', 307],
      reading: ['NXlog', [FRAMES], 'Gy/s', 14],
      error: 0.5,
      rate: 14,
      alerts: [25, 'a "line", 30°', 20],
      permit: ['tripped', 'enough'],
      gaussian: 1000,
    });
  });

  it('gives a part of one stream', async () => {
    const part = join(folder, 'part.h5');
    const { code } = await operando('export', run, '--out', part, '--stream', 'xps', '--from', '1200', '--to', '1300');
    expect(code).toBe(0);
    const found = askPython(
      part,
      `print(json.dumps([list(f), f['xps/data/data'].shape, int(f['xps/data/sequence_number'][0])]))`,
    );
    expect(found).toEqual([['run', 'xps'], [100, 16], 1200]);
  });
});

describe('a CSV export', () => {
  it('is a file of spectra per stream and layout with the axis as header row, and one of everything else', async () => {
    const out = join(folder, 'tables');
    expect((await operando('export', run, '--out', out)).code).toBe(0);
    const lines = (name: string): string[] =>
      readFileSync(join(out, `${name}.csv`), 'utf8')
        .trimEnd()
        .split('\n');
    const spectra = lines('xrd-spectra');
    expect(spectra).toHaveLength(2001);
    expect(spectra[0]).toMatch(/^time,seconds,frame,exposure_s,10,10\.5,11,/);
    expect(spectra[1500]).toMatch(/^2026-.*Z,149\.9,1499,0\.09,1499,1503,/);
    expect(lines('xrd-spectra-2')).toHaveLength(501);
    expect(lines('readings')).toHaveLength(FRAMES + 1);
    expect(lines('alerts')[1]).toContain('"a ""line"", 30°"');
    expect(lines('slow')[8]).toMatch(/,temperature,,307,K$/);
    expect(lines('permit')[1]).toMatch(/tripped,stopped,3,mk,page,enough/);
  });

  it('of one stream to a .csv has the spectra under that name', async () => {
    const out = join(folder, 'one.csv');
    expect((await operando('export', run, '--out', out, '--stream', 'xps')).code).toBe(0);
    expect(readFileSync(out, 'utf8').trimEnd().split('\n')).toHaveLength(FRAMES + 1);
    expect(existsSync(join(folder, 'one-slow.csv'))).toBe(true);
  });

  it('writes over nothing unless told to, and knows its formats and streams', async () => {
    const out = join(folder, 'one.csv');
    expect(await operando('export', run, '--out', out)).toMatchObject({
      code: 2,
      out: expect.stringMatching(/--force/) as string,
    });
    expect((await operando('export', run, '--out', join(folder, 'x.xlsx'))).out).toMatch(/expects a name that ends in/);
    expect((await operando('export', run, '--out', join(folder, 'y.nxs'), '--stream', 'raman')).out).toMatch(
      /no stream 'raman', but xrd, xps/,
    );
  });
});
