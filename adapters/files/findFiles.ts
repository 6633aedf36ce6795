import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/**
 * The files that a pattern names: `*` and `?` stand for parts of a name, at any level; a folder stands for its files.
 * Sorted by name, numbers as numbers ('scan2' before 'scan10').
 */
export function findFiles(pattern: string): string[] {
  if (existsSync(pattern)) return statSync(pattern).isDirectory() ? findFiles(join(pattern, '*')) : [pattern];
  const found = expand(pattern).filter((path) => statSync(path).isFile());
  return found.sort(compareNatural);
}

function expand(pattern: string): string[] {
  if (!/[*?]/.test(pattern)) return existsSync(pattern) ? [pattern] : [];
  const parent = dirname(pattern);
  const name = nameMatcher(pattern.slice(parent.endsWith(sep) ? parent.length : parent.length + 1));
  return expand(parent)
    .filter((folder) => statSync(folder).isDirectory())
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((entry) => name.test(entry))
        .map((entry) => join(folder, entry)),
    );
}

/** What a name with `*` and `?` for parts of it stands for. */
export function nameMatcher(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`);
}

/** Text order, with runs of digits compared as numbers; the same on every machine, whatever its language. */
export function compareNatural(a: string, b: string): number {
  const left = a.split(/(\d+)/);
  const right = b.split(/(\d+)/);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = i % 2 === 1 ? Number(left[i]) - Number(right[i]) : compareText(left[i]!, right[i]!);
    if (difference !== 0) return difference;
  }
  return left.length - right.length || compareText(a, b);
}

/** By code unit. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
