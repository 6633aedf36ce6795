// Brings a checkout to where it can run: packages installed, sources built. Plain JavaScript, because it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './checkoutLock.mjs';

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

/** Does `work` when it is needed, and still is once no other process installs or builds in this checkout. */
function whenNeeded(isNeeded, work) {
  if (!isNeeded()) return;
  withLock(join(root, '.operando/preparing'), () => {
    if (isNeeded()) work();
  });
}

/** Installs what package-lock.json lists, when it is not there or older. */
export function ensureInstalled() {
  const packages = join(root, 'node_modules');
  const isNeeded = () => modified(join(packages, '.package-lock.json')) < modified(join(root, 'package-lock.json'));
  whenNeeded(isNeeded, () => {
    if (lstatSync(packages, { throwIfNoEntry: false })?.isSymbolicLink()) {
      console.error(
        `operando: the packages are older than package-lock.json, and node_modules is a link to ${linkTarget(packages)}: ` +
          'installing would empty that folder. Run `npm ci` there, or remove the link.',
      );
      process.exit(1);
    }
    console.error('operando: installing packages (once, about 20 s) ...');
    // On Windows npm is a script of the shell.
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { shell: process.platform === 'win32' });
  });
}

const linkTarget = (link) => (existsSync(link) ? realpathSync(link) : 'a folder that is not there');

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

/** Marks when `build` began: what is changed while it runs is built the next time. */
function stamped(path, build) {
  const began = new Date();
  build();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  utimesSync(path, began, began);
}

function ensureOutput(stamp, inputs, name, args) {
  const path = join(root, stamp);
  whenNeeded(
    () => isStale(path, inputs),
    () => {
      console.error(`operando: building the ${name} ...`);
      stamped(path, () => run(process.execPath, args));
    },
  );
}

const compile = (project) => [packageFile('typescript', 'bin/tsc'), '-p', project, '--noCheck'];

/** Builds the program and the page, when their sources are newer. A published package has no sources and is built already. */
export function ensureBuilt() {
  if (!existsSync(join(root, 'tsconfig.build.json'))) return;
  const program = ['src', 'adapters', 'simulators', 'tsconfig.json', 'tsconfig.build.json', 'package.json'];
  ensureOutput('dist/.program', program, 'program', compile('tsconfig.build.json'));
  const page = ['dashboards/web', 'src/server/protocol.ts', 'src/model'];
  const vite = [packageFile('vite', 'bin/vite.js'), 'build', 'dashboards/web', '--logLevel', 'error'];
  ensureOutput('dist/.page', page, 'page', vite);
}

/** Compiles the benches, when they or what they measure are newer. */
export function ensureBenchesBuilt() {
  const inputs = ['src', 'adapters', 'simulators', 'bench', 'test/laws/allocations.ts', 'tsconfig.bench.json'];
  ensureOutput('dist/.bench', inputs, 'benches', compile('tsconfig.bench.json'));
}
