import type { Path, Problem } from './document.ts';
import { nearest } from '../model/nearest.ts';
import { suggestion } from './problems.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** `${NAME}`, or `${NAME:-otherwise}` for what need not be set. */
const SECRET = /\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g;

/** The same data with every `${NAME}` of its texts resolved. The data given are left as they are. */
export function resolveSecrets(data: unknown, env: Environment): { data: unknown; problems: Problem[] } {
  const problems: Problem[] = [];
  const resolved = mapTexts(data, [], (text, at) =>
    text.replace(SECRET, (whole, name: string, otherwise: string | undefined) => {
      const value = env[name] ?? otherwise;
      if (value !== undefined) return value;
      problems.push({
        at,
        message: `expected the environment variable ${name}, it is not set${suggestion(nearest(name, Object.keys(env)))}`,
      });
      return whole;
    }),
  );
  return { data: resolved, problems };
}

/** The checked settings, with `${NAME}` again where the file has it: what may be shown and digested. */
export function maskSecrets(config: unknown, written: unknown): unknown {
  if (typeof written === 'string' && written.search(SECRET) >= 0) return written;
  if (Array.isArray(config) && Array.isArray(written)) return config.map((item, i) => maskSecrets(item, written[i]));
  if (typeof config !== 'object' || config === null || typeof written !== 'object' || written === null) return config;
  const texts = written as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, maskSecrets(value, texts[key])]));
}

function mapTexts(data: unknown, at: Path, change: (text: string, at: Path) => string): unknown {
  if (typeof data === 'string') return change(data, at);
  if (Array.isArray(data)) return data.map((item, i) => mapTexts(item, [...at, i], change));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, mapTexts(value, [...at, key], change)]));
}
