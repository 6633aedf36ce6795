import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Who may import whom: a room, and the rooms and packages it may reach. A room may always reach itself and Node,
 * except the kernel, which reaches nothing. `type:` allows types alone. `client:` is loaded by `import()` only.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'src/kernel': [],
  'src/model': ['zod'],
  'src/wire': ['src/model', 'cborg'],
  'src/recording': ['src/model', 'src/wire'],
  'src/stages': ['src/kernel', 'src/model', 'zod'],
  'src/permit': ['src/model'],
  'src/alarms': ['src/model'],
  'src/evidence': ['src/model'],
  'src/report': ['src/evidence', 'src/model', 'src/recording'],
  'src/pipeline': ['src/model', 'rxjs'],
  'src/sinks': [
    'src/model',
    'src/evidence',
    'src/recording',
    'src/wire',
    'zod',
    'client:influx',
    'client:mqtt',
    'client:nodemailer',
    'client:h5wasm',
  ],
  'src/server': ['src/model', 'ws'],
  'src/config': [
    'src/model',
    'src/stages/registry.ts',
    'src/sinks/registry.ts',
    'adapters/registry.ts',
    'simulators/simulatorSource.ts',
    'zod',
    'yaml',
  ],
  adapters: [
    'src/model',
    'src/recording',
    'src/wire',
    'zod',
    'client:mqtt',
    'client:ws',
    'client:h5wasm',
    'client:h5wasm-plugins',
    'client:cborg',
    'client:zeromq',
    'client:@nats-io/transport-node',
    'client:fast-xml-parser',
    'client:fzstd',
  ],
  simulators: [
    'src/kernel',
    'src/model',
    'src/wire',
    'zod',
    'client:mqtt',
    'client:ws',
    'client:aedes',
    'client:zeromq',
  ],
  'dashboards/web': ['type:src/model', 'src/server/protocol.ts', 'vite', 'uplot', '@fontsource-variable/ibm-plex-sans'],
  'dashboards/grafana': ['@grafana/grafana-foundation-sdk', 'yaml'],
  'src/app': [
    'src',
    'adapters',
    'simulators',
    'zod',
    'yaml',
    'rxjs',
    'ws',
    'client:mqtt',
    'client:influx',
    'client:aedes',
    'client:h5wasm',
  ],
};

/** Rooms that use `client:` packages by type alone unless they load them lazily. */
const CODE = ['src', 'adapters', 'simulators', 'dashboards/web', 'dashboards/grafana'];

interface Import {
  readonly from: string;
  /** A file of the house, or the name of a package. */
  readonly to: string;
  readonly isType: boolean;
  readonly isLazy: boolean;
}

const read = (file: string): string => readFileSync(file, 'utf8');

const files = CODE.filter(existsSync).flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts') && !file.includes('/dist/') && !file.includes('/node_modules/')),
);

const IMPORT = /^\s*(?:import|export)\s+(type\s)?(?:[\w*{}\s,$]+?\sfrom\s+)?'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;
const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');

const imports: readonly Import[] = files.flatMap((from) =>
  [...withoutComments(read(from)).matchAll(IMPORT)].map((match): Import => {
    const specifier = match[2] ?? match[3] ?? '';
    const to = specifier.startsWith('.')
      ? normalize(join(dirname(from), specifier)).replaceAll('\\', '/')
      : packageOf(specifier);
    return { from, to, isType: match[1] !== undefined, isLazy: match[3] !== undefined };
  }),
);

function packageOf(specifier: string): string {
  if (isBuiltin(specifier)) return specifier.startsWith('node:') ? specifier : `node:${specifier}`;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The room of a file: the longest that fits. */
function roomOf(file: string): string | undefined {
  return Object.keys(ROOMS)
    .filter((room) => file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function isAllowed({ from, to, isType, isLazy }: Import): boolean {
  const room = roomOf(from);
  if (room === undefined) return true;
  if (to.startsWith(`${room}/`)) return true;
  if (to.startsWith('node:')) return room !== 'src/kernel' && room !== 'src/stages' && room !== 'dashboards/web';
  const fits = (allowed: string): boolean => to === allowed || to.startsWith(`${allowed}/`);
  return (ROOMS[room] ?? []).some((rule) => {
    if (rule.startsWith('type:')) return isType && fits(rule.slice('type:'.length));
    if (rule.startsWith('client:')) return (isType || isLazy) && fits(rule.slice('client:'.length));
    return fits(rule);
  });
}

const isInside = (to: string): boolean => CODE.some((folder) => to.startsWith(`${folder}/`));

describe('the house', () => {
  it('was read: enough files, and most of them import something', () => {
    expect(files.length).toBeGreaterThan(60);
    expect(new Set(imports.map(({ from }) => from)).size).toBeGreaterThan(files.length / 2);
  });

  it('knows every import: each names a file that exists or a package', () => {
    const missing = imports
      .filter(({ to }) => isInside(to) && !existsSync(to))
      .map(({ from, to }) => `${from} -> ${to}`);
    expect(missing).toEqual([]);
  });

  it('has every file in a room, or at the door', () => {
    const homeless = files.filter((file) => roomOf(file) === undefined && file !== 'src/index.ts');
    expect(homeless).toEqual([]);
  });

  it('imports downward only', () => {
    const upward = imports
      .filter((each) => !isAllowed(each))
      .map(({ from, to, isType }) => `${from} -> ${isType ? 'type ' : ''}${to}`);
    expect(upward).toEqual([]);
  });

  it('has no circle of imports, types included', () => {
    const targets = new Map(
      files.map((file) => [file, imports.filter(({ from, to }) => from === file && isInside(to)).map(({ to }) => to)]),
    );
    const done = new Set<string>();
    const path: string[] = [];
    const circles: string[] = [];
    const visit = (file: string): void => {
      const start = path.indexOf(file);
      if (start >= 0) circles.push([...path.slice(start), file].join(' -> '));
      if (start >= 0 || done.has(file)) return;
      path.push(file);
      targets.get(file)?.forEach(visit);
      path.pop();
      done.add(file);
    };
    files.forEach(visit);
    expect(circles).toEqual([]);
  });

  it('has RxJS in the pipeline and where it is wired, nowhere else', () => {
    const strays = imports
      .filter(({ from, to }) => to === 'rxjs' && !/^src\/(pipeline|app)\//.test(from))
      .map(({ from }) => from);
    expect(strays).toEqual([]);
  });

  it('imports no index.ts from inside', () => {
    expect(imports.filter(({ to }) => to.endsWith('/index.ts')).map(({ from }) => from)).toEqual([]);
  });

  it('declares every package it imports', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
      string,
      Record<string, string>
    >;
    const packages = new Set(
      imports.map(({ to }) => to).filter((to) => !isInside(to) && !to.startsWith('node:') && !to.endsWith('.ts')),
    );
    const undeclared = [...packages].filter(
      (name) => dependencies?.[name] === undefined && devDependencies?.[name] === undefined,
    );
    expect(undeclared).toEqual([]);
  });

  it('keeps files small', () => {
    const limitOf = (file: string): number => {
      if (file.endsWith('/registry.ts')) return Infinity;
      if (file.startsWith('src/kernel/')) return file.includes('/tables/') ? 300 : 150;
      if (file.startsWith('src/stages/')) return 120;
      return file.startsWith('src/sinks/') || file.startsWith('adapters/') ? 200 : 300;
    };
    const long = files
      .map((file) => ({ file, lines: read(file).trimEnd().split('\n').length }))
      .filter(({ file, lines }) => lines > limitOf(file))
      .map(({ file, lines }) => `${file}: ${lines} lines, expected at most ${limitOf(file)}`);
    expect(long).toEqual([]);
  });

  it('has no clock and no chance under the stages', () => {
    const clock =
      /\b(?:new Date|Date\.|Date\(|performance\.|Math\.random|setTimeout|setInterval|setImmediate|process\.)/;
    const guilty = files
      .filter((file) => file.startsWith('src/kernel/') || file.startsWith('src/stages/'))
      .filter((file) => clock.test(withoutComments(read(file))));
    expect(guilty).toEqual([]);
  });

  it('names each stage after its file', () => {
    const wrong = files
      .filter((file) => file.startsWith('src/stages/') && read(file).includes('export default defineStage('))
      .filter(
        (file) => !read(file).includes(`kind: '${file.slice('src/stages/'.length, -'.ts'.length).replace('/', '.')}'`),
      );
    expect(wrong).toEqual([]);
  });
});
