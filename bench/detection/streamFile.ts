import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Peak } from './streamMean.ts';

/** What a detector may see of a stream. */
export interface SpectraStream {
  readonly name: string;
  readonly channels: number;
  readonly frames: number;
  /** The first frames hold no change; drift they may hold. */
  readonly calibrationFrames: number;
  /** [frames * channels], frame by frame. */
  readonly counts: Uint32Array;
}

/** The entry of a stream in `truth.json` (format `poisson-spectra-truth/1`): for the scorer alone. */
export interface StreamTruth {
  readonly file: string;
  readonly channels: number;
  readonly frames: number;
  readonly kind: string;
  readonly is_change: boolean;
  readonly change_frame: number | null;
  readonly drift: string;
  readonly affected_positions: readonly number[];
  readonly mean_counts_per_frame: number;
  readonly kl_per_frame_end: number | null;
  readonly kl_per_frame_nuisance_orthogonal_end: number | null;
  readonly bound_frames_logARL1e4_known_nuisance: number | null;
  readonly bound_frames_logARL1e4_nuisance_orthogonal: number | null;
  readonly intensity_range: readonly [low: number, high: number];
  readonly shift_total_channels: number;
  readonly bg_slope_end: number;
  readonly peaks: readonly Peak[];
  readonly bg: readonly [b0: number, b1: number];
  readonly scale: number;
}

export interface KnownStream {
  readonly stream: SpectraStream;
  readonly truth: StreamTruth;
}

const STREAM_FORMAT = 'poisson-spectra-stream/1';
const TRUTH_FORMAT = 'poisson-spectra-truth/1';

interface StreamDocument {
  readonly format: string;
  readonly name: string;
  readonly channels: number;
  readonly frames: number;
  readonly calibration_frames: number;
  readonly counts: readonly (readonly number[])[];
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** The truths of a folder, from every file of that format in it. @throws Error when there is none. */
export function readTruths(folder: string): StreamTruth[] {
  const documents = readdirSync(folder)
    .filter((file) => /truth.*\.json$/.test(file))
    .map((file) => readJson(join(folder, file)) as { format: string; streams: StreamTruth[] });
  const truths = documents.filter(({ format }) => format === TRUTH_FORMAT).flatMap(({ streams }) => streams);
  if (truths.length === 0) throw new Error(`${folder} holds no truth of format ${TRUTH_FORMAT}`);
  return truths;
}

/** One stream. @throws Error when the file is of another format or shape. */
export function readStream(file: string): SpectraStream {
  const { format, name, channels, frames, calibration_frames, counts } = readJson(file) as StreamDocument;
  if (format !== STREAM_FORMAT) throw new Error(`${file} is ${format}, expected ${STREAM_FORMAT}`);
  if (counts.length !== frames || counts.some((row) => row.length !== channels))
    throw new Error(`${file} does not hold ${frames} frames of ${channels} channels`);
  const flat = new Uint32Array(frames * channels);
  counts.forEach((row, t) => flat.set(row, t * channels));
  return { name, channels, frames, calibrationFrames: calibration_frames, counts: flat };
}

/** Streams of a folder with their truth, one at a time. */
export function* readStreams(folder: string): Generator<KnownStream> {
  for (const truth of readTruths(folder)) yield { stream: readStream(join(folder, truth.file)), truth };
}

/** Writes streams and their truth into a folder, and hands each on. */
export function* writtenStreams(streams: Iterable<KnownStream>, folder: string, seed: number): Generator<KnownStream> {
  mkdirSync(folder, { recursive: true });
  const truths: StreamTruth[] = [];
  for (const known of streams) {
    writeFileSync(join(folder, known.truth.file), JSON.stringify(documentOf(known.stream)));
    truths.push(known.truth);
    yield known;
  }
  const truth = { format: TRUTH_FORMAT, seed, streams: truths };
  writeFileSync(join(folder, 'truth.json'), `${JSON.stringify(truth, null, 1)}\n`);
}

function documentOf({ name, channels, frames, calibrationFrames, counts }: SpectraStream): StreamDocument {
  const rows = Array.from({ length: frames }, (_, t) => [...counts.subarray(t * channels, (t + 1) * channels)]);
  return { format: STREAM_FORMAT, name, channels, frames, calibration_frames: calibrationFrames, counts: rows };
}
