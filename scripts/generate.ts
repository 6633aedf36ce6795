import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { registryTexts } from './generate/registries.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const isCheck = process.argv.includes('--check');

/** Writes what differs, or only tells it; returns the paths that differed. */
function settle(texts: ReadonlyMap<string, string>): string[] {
  const stale = [...texts].filter(([path, text]) => {
    const absolute = join(root, path);
    return !existsSync(absolute) || readFileSync(absolute, 'utf8') !== text;
  });
  for (const [path, text] of isCheck ? [] : stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return stale.map(([path]) => path);
}

const stale = settle(registryTexts(root));
// The documents are read from the registries, so they are made after these are right.
const isReadable = !isCheck || stale.length === 0;
if (isReadable) {
  try {
    const { documentTexts } = await import('./generate/documents.ts');
    stale.push(...settle(documentTexts()));
    const { grafanaTexts } = await import('./generate/grafana.ts');
    stale.push(...settle(grafanaTexts()));
  } catch (error) {
    console.error(error);
    console.error('the registries are written, the documents are not: a definition cannot be loaded');
    process.exitCode = 1;
  }
}
if (isCheck && stale.length > 0) {
  console.error(`not fresh: ${stale.join(', ')}\nrun: npm run generate`);
  process.exitCode = 1;
} else {
  console.log(stale.length === 0 ? 'nothing to change' : `wrote ${stale.join(', ')}`);
}
