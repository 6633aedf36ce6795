// Brings a checkout to where it can run: packages installed, sources built. Plain JavaScript, because it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const OLDEST_NODE = [20, 19];

/** Ends with a sentence when this Node is too old. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantMajor, wantMinor] = OLDEST_NODE;
  if (major > wantMajor || (major === wantMajor && minor >= wantMinor)) return;
  console.error(`operando needs Node >= ${OLDEST_NODE.join('.')}, this is ${process.versions.node}`);
  process.exit(1);
}

/** Runs a command in the checkout; ends this process with its exit code when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) console.error(`${command}: ${result.error.message}`);
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** The path of a file inside an installed package. */
export const packageFile = (name, file) => join(root, 'node_modules', name, file);

const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** Installs what package-lock.json lists, when it is not there or older. */
export function ensureInstalled() {
  if (modified(join(root, 'node_modules/.package-lock.json')) >= modified(join(root, 'package-lock.json'))) return;
  console.error('operando: installing packages (once, about 20 s) ...');
  // On Windows npm is a script of the shell.
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { shell: process.platform === 'win32' });
}

function newestIn(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestIn(join(path, name))), stat.mtimeMs);
}

const isStale = (output, inputs) => {
  const built = modified(output);
  return inputs.some((input) => newestIn(join(root, input)) > built);
};

const stamp = (path) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
};

/** Builds the program and the page, when their sources are newer. A published package has no sources and is built already. */
export function ensureBuilt() {
  if (!existsSync(join(root, 'tsconfig.build.json'))) return;
  const program = join(root, 'dist/.program');
  if (isStale(program, ['src', 'adapters', 'simulators', 'tsconfig.json', 'tsconfig.build.json', 'package.json'])) {
    console.error('operando: building the program ...');
    run(process.execPath, [packageFile('typescript', 'bin/tsc'), '-p', 'tsconfig.build.json', '--noCheck']);
    stamp(program);
  }
  const page = join(root, 'dist/.page');
  if (isStale(page, ['dashboards/web', 'src/server/protocol.ts', 'src/model'])) {
    console.error('operando: building the page ...');
    run(process.execPath, [packageFile('vite', 'bin/vite.js'), 'build', 'dashboards/web', '--logLevel', 'error']);
    stamp(page);
  }
}

/** Compiles the benches, when they or what they measure are newer. */
export function ensureBenchesBuilt() {
  const benches = join(root, 'dist/.bench');
  const inputs = ['src', 'adapters', 'simulators', 'bench', 'test/laws/allocations.ts', 'tsconfig.bench.json'];
  if (!isStale(benches, inputs)) return;
  console.error('operando: building the benches ...');
  run(process.execPath, [packageFile('typescript', 'bin/tsc'), '-p', 'tsconfig.bench.json', '--noCheck']);
  stamp(benches);
}
