import type { AdapterSetting, FrameOutlet } from '../../src/model/adapter.ts';
import { explainError, MonitorError } from '../../src/model/error.ts';
import { makeFrame } from '../../src/model/frame.ts';
import type { FileContents, FileFault, FileFrame, FileSeries, ReaderDefinition } from '../../src/model/reader.ts';
import type { SlowSample } from '../../src/model/signal.ts';
import { hasRoom } from '../hasRoom.ts';
import type { FileMeaning } from './fileSettings.ts';
import { openAnyFile } from './recogniseFile.ts';
import { createRelabel } from './relabel.ts';
import { createSlowPlayback } from './slowPlayback.ts';
import type { SlowPlayback } from './slowPlayback.ts';
import { createSpectrumClock } from './spectrumClock.ts';

/** Which part of a file is played. */
export interface Part {
  readonly path: string;
  /** Number of the file's spectrum 0 in the stream. */
  readonly firstSeq: number;
  /** Spectra that were played already. */
  readonly from: number;
  /** The last one may be unfinished and is left for later. */
  readonly holdsLast?: boolean;
  /** When the file last changed, microseconds since 1970, where that is the time of spectra without one. */
  readonly changedUs?: number | undefined;
}

export interface Played {
  /** Spectra of the file that are done, those before `from` and faulty ones included. */
  readonly count: number;
  readonly isAborted: boolean;
}

/** Plays files of any format into one stream, one after the other. */
export interface FilePlayer {
  /** @throws MonitorError 'ADAPTER' when the file cannot be opened; faulty spectra are rejected. */
  play(part: Part): Promise<Played>;
}

/** @throws MonitorError 'ADAPTER' when a file of slow signals cannot be read. */
export async function createFilePlayer(
  settings: FileMeaning,
  setting: AdapterSetting,
  readers: readonly ReaderDefinition[],
  outlet: FrameOutlet,
  signal: AbortSignal,
): Promise<FilePlayer> {
  const { stream } = setting;
  const relabel = createRelabel(settings, setting.noise);
  const clock = createSpectrumClock(settings, setting);
  const beside = await readSlowFiles(settings.slow, setting, readers);
  const deliver = (sample: SlowSample): void => outlet.next(sample);
  const playFrame = (frame: FileFrame, seq: number, within: SlowPlayback): void => {
    const timeUs = clock.timeUs(frame, seq);
    beside.until(timeUs, deliver);
    within.until(timeUs, deliver);
    for (const { name, value, unit } of frame.numbers)
      if (Number.isFinite(value)) outlet.next({ type: 'slow', name, timeUs, value, unit });
    const { values, variances, mask } = frame;
    const exposureUs = clock.exposureUs(frame);
    outlet.next(makeFrame({ stream, seq, timeUs, exposureUs, layout: relabel(frame.layout), values, variances, mask }));
  };
  const playContents = async (contents: FileContents, part: Part): Promise<Played> => {
    const series = chooseSeries(contents, settings.series, part.path, stream);
    const within = createSlowPlayback([...contents.slow]);
    const skipped = skippedOf(series, part.from);
    clock.enter(part.path, part.from === 0, part.changedUs ?? null);
    let count = skipped;
    const items = part.holdsLast === true ? butLast(series.frames(skipped)) : series.frames(skipped);
    for await (const item of items) {
      const number = count++;
      if (number < part.from) {
        if (!('fault' in item) && number === part.from - 1) clock.resume(item);
        continue;
      }
      if ('fault' in item) outlet.reject({ reason: 'garbage', detail: item.fault });
      else playFrame(item, part.firstSeq + number, within);
      if (!(await hasRoom(outlet, signal))) return { count, isAborted: true };
    }
    return { count, isAborted: false };
  };
  return {
    async play(part) {
      const contents = await openAnyFile(part.path, readers, stream);
      try {
        return await playContents(contents, part);
      } finally {
        contents.close();
      }
    },
  };
}

/** Spectra the reader may leave out: all that were played but the last, which tells the time; none where their number is not known. */
const skippedOf = ({ frameCount }: FileSeries, from: number): number =>
  frameCount === null ? 0 : Math.min(Math.max(0, from - 1), frameCount);

/** Only a spectrum with another behind it is known to be whole; the last is still read when it is asked for next time. */
async function* butLast(
  items: AsyncIterable<FileFrame | FileFault> | Iterable<FileFrame | FileFault>,
): AsyncGenerator<FileFrame | FileFault, void> {
  let held: FileFrame | FileFault | null = null;
  for await (const item of items) {
    if (held !== null) yield held;
    held = 'fault' in item ? item : copyOf(item);
  }
}

const copyOf = (frame: FileFrame): FileFrame => ({
  ...frame,
  values: frame.values.slice(),
  variances: frame.variances?.slice(),
  mask: frame.mask?.slice(),
});

/** @throws MonitorError 'ADAPTER' naming the series there are. */
export function chooseSeries(
  { series, slow }: FileContents,
  which: string | number | undefined,
  path: string,
  id: string,
): FileSeries {
  const found =
    which === undefined
      ? series.length === 1
        ? series[0]
        : undefined
      : typeof which === 'number'
        ? series[which]
        : series.find(({ name }) => name === which);
  if (found !== undefined) return found;
  const names = series.map(({ name }, k) => `${k} '${name}'`).join(', ');
  const there =
    series.length > 0
      ? `has the series ${names}`
      : slow.length > 0
        ? 'has slow signals and no spectra: name it under `slow`'
        : 'has no spectra';
  const asked = which === undefined ? (series.length > 1 ? ': say which with `series`' : '') : `, but no '${which}'`;
  throw new MonitorError('ADAPTER', `${path} ${there}${asked}`, { id, path });
}

async function readSlowFiles(
  paths: readonly string[],
  setting: AdapterSetting,
  readers: readonly ReaderDefinition[],
): Promise<SlowPlayback> {
  const samples: SlowSample[] = [];
  for (const path of paths.map((entry) => setting.resolvePath(entry))) {
    const contents = await openAnyFile(path, readers, setting.stream);
    for (const sample of contents.slow) samples.push(sample);
    const isEmpty = contents.slow.length === 0;
    contents.close();
    if (isEmpty) throw new MonitorError('ADAPTER', `${path} has no slow signals`, { id: setting.stream, path });
  }
  return createSlowPlayback(samples);
}

/** A file that cannot be used, in one sentence; what is no fault of the file is thrown again. */
export function faultOf(error: unknown): string {
  if (error instanceof MonitorError && error.code === 'ADAPTER') return explainError(error);
  throw error;
}
