import type { z } from 'zod';
import type { Path, Problem } from './document.ts';
import { nearest } from '../model/nearest.ts';
import { suggestion } from './problems.ts';

type Schema = z.core.$ZodTypes;
type Data = Readonly<Record<string, unknown>>;

/**
 * Keys that no schema asks for, at every depth, each with the nearest that would be right.
 * A misspelt setting that is silently dropped would leave its default in force.
 */
export function unknownKeys(schema: z.core.$ZodType, data: unknown, at: Path = []): Problem[] {
  const { def } = (schema as Schema)._zod;
  switch (def.type) {
    case 'object':
      return isData(data) ? keysOfObject(def, data, at) : [];
    case 'array':
      return Array.isArray(data) ? data.flatMap((item, i) => unknownKeys(def.element, item, [...at, i])) : [];
    case 'record':
      return isData(data)
        ? Object.entries(data).flatMap(([key, value]) => unknownKeys(def.valueType, value, [...at, key]))
        : [];
    case 'tuple':
      return Array.isArray(data) ? def.items.flatMap((item, i) => unknownKeys(item, data[i], [...at, i])) : [];
    case 'union':
      return keysOfUnion(def.options, 'discriminator' in def ? String(def.discriminator) : null, data, at);
    case 'pipe':
      return unknownKeys(def.in, data, at);
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'nonoptional':
    case 'catch':
      return unknownKeys(def.innerType, data, at);
    default:
      return [];
  }
}

const isData = (data: unknown): data is Data => typeof data === 'object' && data !== null && !Array.isArray(data);

function keysOfObject(def: z.core.$ZodObjectDef, data: Data, at: Path): Problem[] {
  const known = Object.keys(def.shape);
  const isOpen = def.catchall !== undefined && def.catchall._zod.def.type !== 'never';
  return Object.entries(data).flatMap(([key, value]) => {
    const schema = def.shape[key];
    if (schema !== undefined) return unknownKeys(schema, value, [...at, key]);
    if (isOpen) return [];
    const meant = nearest(key, known);
    const expected =
      known.length === 0 ? 'expected no settings' : `expected ${meant === null ? known.join(', ') : 'a known key'}`;
    const message = `${expected}, got "${key}"${suggestion(meant)}`;
    return [{ at: [...at, key], isKey: true, meant: meant ?? undefined, message }];
  });
}

/** Of a union, the branch the discriminator chooses, else the one with the fewest unknown keys. */
function keysOfUnion(
  options: readonly z.core.$ZodType[],
  discriminator: string | null,
  data: unknown,
  at: Path,
): Problem[] {
  const candidates =
    discriminator === null ? options : options.filter((option) => isChosen(option, discriminator, data));
  const found = candidates.map((option) => unknownKeys(option, data, at)).sort((a, b) => a.length - b.length);
  return found[0] ?? [];
}

function isChosen(option: z.core.$ZodType, discriminator: string, data: unknown): boolean {
  const { def } = (option as Schema)._zod;
  if (!isData(data) || def.type !== 'object') return false;
  return def.shape[discriminator]?._zod.values?.has(data[discriminator] as string) === true;
}
