import { existsSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { openRecording, type Recording } from '../../recording/reader.ts';
import { EXIT, parseArguments, UsageError, type Command } from '../command.ts';
import { createCsvTarget } from '../export/csvTarget.ts';
import { exportRecording } from '../export/exportRecording.ts';
import { createNexusTarget } from '../export/nexusTarget.ts';
import type { ExportSetting, ExportTarget } from '../export/target.ts';
import { windowOf } from '../replayWindow.ts';
import { programVersion } from '../versions.ts';

const NEXUS = ['.nxs', '.h5', '.hdf5'];

export const exportCommand: Command = {
  name: 'export',
  summary: 'give a recording to other programs: NeXus (HDF5) or CSV',
  help: `operando export RECORDING --out FILE.nxs|FILE.h5|FILE.csv|DIR [options]

A NeXus file holds an entry per stream: spectra with errors, axis and time as the default plot, slow
signals, readings, detections, alerts, and the run's permit, acts and losses. CSV is a file of spectra
per stream, the axis as header row, and one each of readings, detections, alerts, slow signals, ....
Memory does not grow with the recording.

  --out PATH     .nxs, .h5 or .hdf5 for NeXus; .csv or a folder for CSV
  --stream NAME  only this stream
  --from PLACE   begin at a time (2024-05-01T12:00:00Z), a frame number or a share (50%)
  --to PLACE     end before it
  --force        write over a file that is there

examples
  operando export runs/demo --out demo.nxs
  operando export runs/demo --out demo --stream xrd --from 50%`,
  async run(args, console) {
    const options = {
      out: { type: 'string' },
      stream: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      force: { type: 'boolean' },
    } as const;
    const { values, positionals } = parseArguments(args, options, { least: 1, most: 1, names: 'RECORDING' });
    const text = (name: string): string | undefined => (typeof values[name] === 'string' ? values[name] : undefined);
    const out = text('out');
    if (out === undefined) throw new UsageError('--out PATH is missing');
    if (values['force'] !== true && existsSync(out) && statSync(out).isFile())
      throw new UsageError(`${out} is there already (--force writes over it)`);
    const recording = openRecording(positionals[0] ?? '');
    const stream = text('stream') ?? null;
    const streams = chosenStreams(recording, stream);
    const window = windowOf(recording, text('from'), text('to'), stream ?? undefined);
    const target = await openTarget(out, streams, settingOf(recording, streams));
    let frameCount: number;
    let files: string[];
    try {
      frameCount = await exportRecording(recording, target, {
        window,
        stream,
        interrupted: console.interrupted,
        onFault: ({ detail }) => console.err(detail),
        progress: (count) => console.progress(`${count} frames`),
      });
    } finally {
      console.progress(null);
      files = target.close();
    }
    console.out(`${frameCount} frames in ${files.join(', ')}`);
    return frameCount > 0 && !console.interrupted.aborted ? EXIT.done : EXIT.failed;
  },
};

function chosenStreams(recording: Recording, stream: string | null): string[] {
  const there = Object.keys(recording.extent());
  if (stream === null) return there;
  if (there.includes(stream)) return [stream];
  throw new UsageError(`there is no stream '${stream}', but ${there.join(', ') || 'none at all'}`);
}

function settingOf(recording: Recording, streams: readonly string[]): ExportSetting {
  const extent = recording.extent();
  const known = streams.flatMap((stream) => extent[stream] ?? []);
  return {
    header: recording.header,
    programVersion: programVersion(),
    startUs: known.length === 0 ? 0 : Math.min(...known.map(({ firstTimeUs }) => firstTimeUs)),
    endUs: known.length === 0 ? 0 : Math.max(...known.map(({ lastTimeUs }) => lastTimeUs)),
  };
}

async function openTarget(out: string, streams: readonly string[], setting: ExportSetting): Promise<ExportTarget> {
  const extension = extname(out).toLowerCase();
  if (NEXUS.includes(extension)) return createNexusTarget(out, streams, setting);
  if (extension === '.csv')
    return createCsvTarget(`${out.slice(0, -extension.length)}-`, streams.length === 1 ? out : undefined, setting);
  if (extension === '' || (existsSync(out) && statSync(out).isDirectory()))
    return createCsvTarget(join(out, '/'), undefined, setting);
  throw new UsageError(`--out expects a name that ends in ${NEXUS.join(', ')} or .csv, or a folder, got '${out}'`);
}
