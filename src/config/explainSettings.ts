import type { LoadedConfig } from './load.ts';
import type { GraphPlan } from './plan.ts';
import { modalityOf } from '../model/modality.ts';

/** Every setting of every stage, by where it comes from: the file, the preset of the modality, or a default. */
export function explainSettings(plan: GraphPlan, { config, shown, origins }: LoadedConfig): string {
  const preset = `preset ${modalityOf(config.modality) ?? ''}`;
  const lines = plan.nodes.flatMap(({ id, use, definition }) => {
    const node = shown.pipeline.find((each) => each.id === id);
    const given = origins[id] ?? {};
    // A default is not in force beside what stands for it.
    const isReplaced = (name: string): boolean =>
      !(name in given) &&
      (definition.alternatives ?? []).some((names) => names.includes(name) && names.some((other) => other in given));
    const settings = Object.entries(node?.with ?? {}).filter(
      ([name, value]) => value !== undefined && !isReplaced(name),
    );
    const from = (origin: string | undefined): string =>
      settings
        .filter(([name]) => given[name] === origin)
        .map(([name, value]) => `${name} ${valueText(value)}`)
        .join(', ');
    const parts = [
      ['file', from('file')],
      [preset, from('preset')],
      ['default', from(undefined)],
    ].flatMap(([origin, text]) => (text === '' ? [] : [`    ${origin}: ${text}`]));
    return parts.length === 0 ? [] : [`${id}  (${use})`, ...parts];
  });
  return lines.length === 0 ? '' : ['settings', ...lines].join('\n');
}

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
