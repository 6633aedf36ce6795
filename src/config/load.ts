import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseBaseline } from '../model/baseline.ts';
import { explainError, MonitorError } from '../model/error.ts';
import { stageOfKind } from './definitions.ts';
import { pathText, readDocument, valueAt, type Problem } from './document.ts';
import { canonicalJson } from './canonicalJson.ts';
import { drawGraph } from './graph.ts';
import { withModalities, withPresets, type Origins } from './presets.ts';
import { configError, place, problemsOf } from './problems.ts';
import { pipelineFile, type PipelineConfig } from './schema.ts';
import { maskSecrets, resolveSecrets, type Environment } from './secrets.ts';
import { unknownKeys } from './unknownKeys.ts';

/** By node id, then by setting: the contents of the files its settings name. */
export type Assets = Readonly<Record<string, Readonly<Record<string, Uint8Array>>>>;

/** A pipeline file that was read and checked. */
export interface LoadedConfig {
  /** Checked, defaults filled in, secrets resolved: never print it whole. */
  readonly config: PipelineConfig;
  /** As `config`, secrets as `${NAME}`: may be printed. */
  readonly shown: PipelineConfig;
  /** By node id: which settings come from the file, which from the preset of its modality; all others are defaults. */
  readonly origins: Readonly<Record<string, Origins>>;
  /** As it was named. */
  readonly path: string;
  /** What paths in the file are relative to; absolute. */
  readonly directory: string;
  /** As written, secrets as `${NAME}`. */
  readonly text: string;
  /** SHA-256 of what decides on the signals (streams and pipeline, secrets as `${NAME}`) and of the assets; hex. */
  readonly digest: string;
  readonly assets: Assets;
}

export interface ParseOptions {
  /** Named in errors; paths in the text are relative to its folder. */
  readonly path: string;
  readonly env: Environment;
}

/** Reads and checks a pipeline file. @throws MonitorError CONFIG that lists every problem with line and column. */
export async function loadConfig(path: string, env: Environment): Promise<LoadedConfig> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new MonitorError('CONFIG', 'cannot be read', { id: path, path }, { cause: error });
  }
  return parseConfig(text, { path, env });
}

/** Checks the text of a pipeline file. @throws MonitorError CONFIG that lists every problem with line and column. */
export function parseConfig(text: string, { path, env }: ParseOptions): LoadedConfig {
  const document = readDocument(text);
  if (document.problems.length > 0) throw configError(path, document.problems);
  const refuse = (problems: readonly Problem[]): void => {
    if (problems.length > 0) throw configError(path, place(problems, document.locate));
  };

  const { data: written, origins } = withPresets(withSettings(document.data));
  const secrets = resolveSecrets(written, env);
  const parsed = pipelineFile.safeParse(secrets.data);
  const strangers = unknownKeys(pipelineFile, written);
  refuse([
    ...secrets.problems,
    ...strangers,
    ...withoutEchoes(
      parsed.success ? [] : withModalities(problemsOf(parsed.error.issues, written), written),
      strangers,
      written,
    ),
  ]);
  const config = parsed.data as PipelineConfig;
  const directory = resolve(dirname(path));
  const assets = readAssets(config, directory);
  refuse([...drawGraph(config).problems, ...assets.problems]);
  const shown = maskSecrets(config, written) as PipelineConfig;
  return {
    config,
    shown,
    origins,
    path,
    directory,
    text,
    digest: digestOf(shown, assets.contents),
    assets: assets.contents,
  };
}

/** A misspelt key is not missed under its right name as well. */
function withoutEchoes(problems: readonly Problem[], strangers: readonly Problem[], written: unknown): Problem[] {
  const meant = new Set(
    strangers.flatMap(({ at, meant: key }) => (key === undefined ? [] : [pathText([...at.slice(0, -1), key])])),
  );
  return problems.filter(({ at }) => valueAt(written, at) !== undefined || !meant.has(pathText(at)));
}

/** An entry without `with` has all settings at their defaults. */
function withSettings(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data;
  const { streams, pipeline, sinks, permit, exposure } = data as Record<string, unknown>;
  const entries: unknown[] = [pipeline, sinks].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  for (const stream of Object.values(isMap(streams) ? streams : {}))
    if (isMap(stream)) entries.push(stream['source'], stream['transport'], stream['codec']);
  if (isMap(permit)) entries.push(permit['shutter']);
  if (isMap(exposure)) entries.push(exposure['to']);
  for (const entry of entries) if (isMap(entry) && 'use' in entry) entry['with'] ??= {};
  return data;
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readAssets(config: PipelineConfig, directory: string): { contents: Assets; problems: Problem[] } {
  const contents: Record<string, Record<string, Uint8Array>> = {};
  const problems: Problem[] = [];
  config.pipeline.forEach(
    (node: { id: string; use: string; with?: Readonly<Record<string, unknown>> | undefined }, i) => {
      for (const setting of stageOfKind(node.use)?.assets ?? []) {
        const file = node.with?.[setting];
        if (typeof file !== 'string') continue;
        const at = ['pipeline', i, 'with', setting];
        try {
          const bytes = readFileSync(resolve(directory, file));
          (contents[node.id] ??= {})[setting] = bytes;
          if (setting === 'baseline') parseBaseline(bytes);
        } catch (error) {
          const kind = error instanceof RangeError ? 'a baseline file' : 'a file that can be read';
          problems.push({ at, message: `expected ${kind}, got "${file}": ${explainError(error)}` });
        }
      }
    },
  );
  return { contents, problems };
}

/** Where the page listens or the checkpoint lies makes no other signals: such settings may change between two runs. */
function digestOf({ version, streams, pipeline }: PipelineConfig, assets: Assets): string {
  const hash = createHash('sha256').update(canonicalJson({ version, streams, pipeline }));
  for (const id of Object.keys(assets).sort())
    for (const setting of Object.keys(assets[id] ?? {}).sort()) {
      const bytes = assets[id]?.[setting] ?? new Uint8Array();
      hash.update(`\n${id}\n${setting}\n${bytes.length}\n`).update(bytes);
    }
  return hash.digest('hex');
}
