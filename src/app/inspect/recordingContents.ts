import type { Layout } from '../../model/layout.ts';
import type { FileContents, FileFault, FileFrame, FileSeries } from '../../model/reader.ts';
import type { Frame } from '../../model/frame.ts';
import type { SlowSample } from '../../model/signal.ts';
import { openRecording } from '../../recording/reader.ts';
import type { Recording } from '../../recording/reader.ts';

/** A recorded run as a file of one series per stream. @throws MonitorError 'RECORDING' when there is none. */
export function recordingContents(directory: string): FileContents {
  const recording = openRecording(directory);
  const { run, instrument, modality, config } = recording.header;
  const units = new Map<string, string>();
  const slow: SlowSample[] = [];
  for (const item of recording.items()) {
    if (item.type !== 'slow') continue;
    slow.push({ ...item });
    units.set(item.name, item.unit);
  }
  const extent = recording.extent();
  const series = Object.keys(extent).flatMap((stream): FileSeries[] => {
    const layout = firstLayout(recording, stream);
    if (layout === null) return [];
    const { frameCount } = extent[stream];
    const facts = { run, instrument };
    return [
      {
        name: stream,
        frameCount,
        layout,
        shape: null,
        facts,
        frames: (from) => frames(recording, stream, from, units),
      },
    ];
  });
  return {
    format: 'a recording of operando',
    modality: modality === '' ? null : modality,
    series,
    slow,
    oddities: config === '' ? ['it does not hold the pipeline file it was made with'] : [],
    close: () => undefined,
  };
}

function firstLayout(recording: Recording, stream: string): Layout | null {
  for (const item of recording.items()) if (item.type === 'frame' && item.stream === stream) return item.layout;
  return null;
}

function* frames(
  recording: Recording,
  stream: string,
  from: number,
  units: ReadonlyMap<string, string>,
): Generator<FileFrame | FileFault, void> {
  const faults: FileFault[] = [];
  let toSkip = from;
  for (const item of recording.items(undefined, ({ detail }) => faults.push({ fault: detail }), { once: true })) {
    yield* faults.splice(0);
    if (item.type === 'frame' && item.stream === stream && toSkip-- <= 0) yield fileFrame(item, units);
  }
  yield* faults.splice(0);
}

const fileFrame = (frame: Frame, units: ReadonlyMap<string, string>): FileFrame => ({
  layout: frame.layout,
  values: frame.values,
  variances: frame.variances,
  mask: frame.mask,
  timeUs: frame.timeUs,
  seconds: null,
  exposureUs: frame.exposureUs,
  numbers: Object.entries(frame.context).map(([name, value]) => ({ name, value, unit: units.get(name) ?? '1' })),
});
