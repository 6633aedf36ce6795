import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import h5wasm from 'h5wasm/node';
import { makeFrame, type Frame } from '../../src/model/frame.ts';
import { spectrumLayout, type Layout, type Noise } from '../../src/model/layout.ts';
import { needs } from './requirement.ts';

const root = resolve(import.meta.dirname, '../..', process.env.OPERANDO_DATA ?? '../shared/data');

/** Whether a real recording is there; see {@link needs}. */
export function hasRecording(folder: string): boolean {
  return needs('data', `the recording ${folder}`, existsSync(join(root, folder)));
}

/** A recording as frames, in order, with one number that belongs to each (a temperature, a time). */
export interface Recording {
  readonly layout: Layout;
  readonly frames: readonly Frame[];
  readonly labels: readonly number[];
}

/** Rows of values as frames, a minute apart. */
export function recordingOf(
  stream: string,
  layout: Layout,
  rows: readonly Float64Array[],
  labels: readonly number[],
): Recording {
  const frames = rows.map((values, seq) =>
    makeFrame({ stream, seq, timeUs: 1.7e15 + seq * 60e6, exposureUs: 60e6, layout, values }),
  );
  return { layout, frames, labels };
}

const layoutOf = (name: string, unit: string, x: Float64Array, noise: Noise = 'unknown') =>
  spectrumLayout({ name, unit, coordinates: x }, { quantity: 'intensity', unit: '1', noise });

/** Neutron powder diffraction of a halide perovskite, in the order of temperature (K). */
export async function readPerovskite(): Promise<Recording> {
  await h5wasm.ready;
  const file = new h5wasm.File(join(root, 'npd_halide_perovskite_temperature/Powder_Diffraction.nxs'), 'r');
  const read = (path: string) => Float64Array.from((file.get(path) as { value: Float64Array }).value);
  const intensity = read('entry/data/intensity');
  const edges = read('entry/data/dspacing');
  const temperature = read('entry/data/temperature');
  file.close();
  const n = edges.length - 1;
  const x = Float64Array.from({ length: n }, (_, i) => 0.5 * (edges[i]! + edges[i + 1]!));
  const order = [...temperature.keys()].sort((a, b) => temperature[a]! - temperature[b]!);
  return recordingOf(
    'npd',
    layoutOf('dSpacing', 'Ao', x),
    order.map((k) => intensity.slice(k * n, (k + 1) * n)),
    order.map((k) => temperature[k]!),
  );
}

/** Raman time series of silicon without an event, CCD counts on an offset; one spectrum per column. */
export function readSilicon(): Recording {
  const text = readFileSync(join(root, 'raman_witec_si_timeseries_null/Witec-timeseries_full.txt'), 'latin1');
  const table = numbers(text);
  return columns('silicon', 'ramanShift', 'cm-1', table);
}

/** Ni K edge of LiNiO2 in the first cycle, normalised absorption, by start time; labels are the frame's place. */
export function readNickelate(): Recording {
  const folder = join(root, 'xas_linio2_operando_cycling/XAS_normalized');
  const rows: Float64Array[] = [];
  let x = new Float64Array(0);
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort()) {
    const table = numbers(readFileSync(join(folder, name), 'latin1'));
    x = Float64Array.from(table, (row) => row[0]!);
    rows.push(Float64Array.from(table, (row) => row[1]!));
  }
  return recordingOf('xas', layoutOf('energy', 'eV', x), rows, [...rows.keys()]);
}

/** LabSpec time series: first line the Raman shifts, then a time and a spectrum per row. */
export function readLabSpec(name: string): Recording {
  const lines = readFileSync(join(root, 'raman_labspec_long_series', name), 'latin1')
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#') && line.trim() !== '')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const x = Float64Array.from(lines[0]!);
  const rows = lines.slice(1);
  return recordingOf(
    'raman',
    layoutOf('ramanShift', 'cm-1', x),
    rows.map((row) => Float64Array.from(row.slice(1))),
    rows.map((row) => row[0]!),
  );
}

function columns(stream: string, axis: string, unit: string, table: readonly number[][]): Recording {
  const x = Float64Array.from(table, (row) => row[0]!);
  const count = table[0]!.length - 1;
  const labels = Array.from({ length: count }, (_, k) => k);
  const rows = labels.map((k) => Float64Array.from(table, (row) => row[k + 1]!));
  return recordingOf(stream, layoutOf(axis, unit, x), rows, labels);
}

/** The lines that are numbers throughout. */
function numbers(text: string): number[][] {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter((row) => row.length > 1 && row.every(Number.isFinite));
}
