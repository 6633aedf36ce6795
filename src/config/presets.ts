import { MODALITIES, modalityOf, type Modality } from '../model/modality.ts';
import { stageOfKind, type AnyStage } from './definitions.ts';
import { valueAt, type Problem } from './document.ts';

/** Where the settings of one node come from; what is not listed is a default. */
export type Origins = Readonly<Record<string, 'file' | 'preset'>>;

export interface WithPresets {
  /** The file as written, with the settings of its modality filled in. */
  readonly data: unknown;
  /** By node id. */
  readonly origins: Readonly<Record<string, Origins>>;
}

type Data = Readonly<Record<string, unknown>>;
const isMap = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fills in the presets of the file's modality: what the file says itself wins. Anything may be wrong with the data. */
export function withPresets(data: unknown): WithPresets {
  if (!isMap(data) || !Array.isArray(data['pipeline'])) return { data, origins: {} };
  const modality = typeof data['modality'] === 'string' ? modalityOf(data['modality']) : null;
  const origins: Record<string, Origins> = {};
  const pipeline = (data['pipeline'] as unknown[]).map((node) => {
    if (!isMap(node) || !isMap(node['with'])) return node;
    const written = node['with'];
    const preset = presetOf(stageOfKind(String(node['use'])), modality, written);
    origins[String(node['id'])] = {
      ...Object.fromEntries(Object.keys(preset).map((name) => [name, 'preset'] as const)),
      ...Object.fromEntries(Object.keys(written).map((name) => [name, 'file'] as const)),
    };
    return { ...node, with: { ...preset, ...written } };
  });
  return { data: { ...data, pipeline }, origins };
}

/** The preset settings of a stage that the written ones leave open. */
function presetOf(stage: AnyStage | undefined, modality: Modality | null, written: Data): Data {
  const preset = modality === null ? undefined : stage?.presets?.[modality];
  const isOpen = (name: string): boolean =>
    !(name in written) &&
    !(stage?.alternatives ?? []).some((names) => names.includes(name) && names.some((other) => other in written));
  return Object.fromEntries(Object.entries(preset ?? {}).filter(([name]) => isOpen(name)));
}

/** The modalities whose preset gives a setting. */
export const modalitiesGiving = (stage: AnyStage | undefined, setting: string): readonly Modality[] =>
  MODALITIES.filter((modality) => setting in (stage?.presets?.[modality] ?? {}));

/** Tells of a missing setting which modality would have given it. */
export function withModalities(problems: readonly Problem[], data: unknown): Problem[] {
  return problems.map((problem) => {
    const [section, index, place, setting] = problem.at;
    if (section !== 'pipeline' || place !== 'with' || problem.at.length !== 4) return problem;
    if (valueAt(data, problem.at) !== undefined) return problem;
    const stage = stageOfKind(String(valueAt(data, [section, index ?? 0, 'use'])));
    const modalities = modalitiesGiving(stage, String(setting));
    if (modalities.length === 0) return problem;
    return { ...problem, message: `${problem.message}; modality ${modalities.join(' or ')} would give it` };
  });
}
