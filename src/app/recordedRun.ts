import { join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { parseConfig, type LoadedConfig } from '../config/load.ts';
import { MonitorError } from '../model/error.ts';
import { isRecordedSignal } from '../recording/item.ts';
import { openRecording, type Recording } from '../recording/reader.ts';
import { createSignalDigest, type SignalDigest } from './digest.ts';
import { ALL_TIMES, type TimeWindow } from './recordedFeed.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The configuration of a recorded run, its streams fed from the recording.
 * @param configPath - another file to run the recording through; null for the one it was recorded with.
 * @param keepsSecrets - whether sinks will be written to: then every `${NAME}` must be set.
 * @throws MonitorError RECORDING or CONFIG.
 */
export async function loadRecordedRun(
  directory: string,
  configPath: string | null,
  env: Environment,
  readText: (path: string) => Promise<string>,
  keepsSecrets: boolean,
): Promise<LoadedConfig> {
  const recording = openRecording(directory);
  const text = configPath === null ? recording.header.config : await readText(configPath);
  if (text === '')
    throw new MonitorError(
      'RECORDING',
      `${directory} does not hold the pipeline file it was made with: name one with --config`,
      {
        id: 'recording',
        path: directory,
      },
    );
  const path = configPath ?? join(directory, 'the recorded pipeline file');
  return parseConfig(feedFrom(text, resolve(directory)), {
    path,
    env: keepsSecrets ? env : withPlaceholders(text, env),
  });
}

/** Whoever has only the recording need not know the passwords of its sinks. */
const withPlaceholders = (text: string, env: Environment): Environment => ({
  ...Object.fromEntries(
    [...text.matchAll(/\$\{([A-Za-z_]\w*)\}/g)].map(([, name]) => [name, 'not-needed-in-a-replay']),
  ),
  ...env,
});

/** The same pipeline file, every stream taken from the recording. */
function feedFrom(text: string, directory: string): string {
  const document = parseDocument(text);
  const streams: unknown = document.toJS();
  const names =
    typeof streams === 'object' && streams !== null && 'streams' in streams ? Object.keys(streams.streams ?? {}) : [];
  for (const name of names) {
    for (const key of ['source', 'transport', 'codec']) document.deleteIn(['streams', name, key]);
    document.setIn(['streams', name, 'source'], { use: 'recording', with: { directory } });
  }
  return document.toString();
}

/** Digests what was recorded of the nodes in a window, once where a restart recorded it again, to hold a replay against; `nodes` are those that were recorded. */
export function digestOfRecorded(
  recording: Recording,
  { fromUs, toUs }: TimeWindow = ALL_TIMES,
): { digest: SignalDigest; nodes: ReadonlySet<string> } {
  const digest = createSignalDigest();
  const nodes = new Set<string>();
  const start = Number.isFinite(fromUs) ? recording.checkpointBefore(fromUs)?.place : undefined;
  for (const item of recording.items(start, undefined, { once: true })) {
    if (!isRecordedSignal(item) || item.timeUs < fromUs || item.timeUs >= toUs) continue;
    const { from, ...signal } = item;
    nodes.add(from);
    digest.add(signal, from);
  }
  return { digest, nodes };
}
