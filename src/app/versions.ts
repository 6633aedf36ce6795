import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from './paths.ts';

interface PackageFile {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const readPackage = (path: string): PackageFile => JSON.parse(readFileSync(path, 'utf8')) as PackageFile;

/** The version of the program. */
export const programVersion = (): string => readPackage(join(packageRoot, 'package.json')).version;

/** Of the program, of Node and of every library that is installed, by name: what a recording is made with. */
export function versions(): Record<string, string> {
  const own = readPackage(join(packageRoot, 'package.json'));
  const found: Record<string, string> = {
    operando: own.version,
    node: process.versions.node,
    v8: process.versions.v8,
  };
  const places = createRequire(join(packageRoot, 'package.json')).resolve.paths('x') ?? [];
  for (const name of Object.keys(own.dependencies ?? {}))
    for (const place of places) {
      try {
        found[name] = readPackage(join(place, name, 'package.json')).version;
        break;
      } catch {
        // Optional, or in a folder further up.
      }
    }
  return found;
}
