import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The complete files that a document shows: fenced TypeScript whose first line is a comment with its path. */
export interface Recipes {
  /** What the file exports by default, as if it stood where its first line says. @throws Error when it is not there. */
  definitionOf(path: string): Promise<unknown>;
  remove(): void;
}

/** @param folder - where they are written to be loaded; removed again by `remove`. */
export function readRecipes(document: string, folder: string): Recipes {
  const text = readFileSync(document, 'utf8');
  const recipes = new Map(
    [...text.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)].map((match) => [match[1] ?? '', match[2] ?? '']),
  );
  return {
    async definitionOf(path) {
      const code = recipes.get(path);
      if (code === undefined) throw new Error(`${document} has no ${path}`);
      const absolute = code.replaceAll(
        /from '(\.[^']+)'/g,
        (_whole, relative: string) => `from '${resolve(dirname(path), relative)}'`,
      );
      const file = resolve(join(folder, path));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, absolute);
      const made = (await import(pathToFileURL(file).href)) as { default: unknown };
      return made.default;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
