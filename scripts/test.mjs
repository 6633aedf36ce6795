// `npm test`: everything a user needs to trust a checkout. `--fast` leaves out the slow part: servers, browsers, laws at length.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkNode, ensureBuilt, ensureInstalled, packageFile, root } from './prepare.mjs';

checkNode();
ensureInstalled();
ensureBuilt();

const args = process.argv.slice(2);
const isFast = args.includes('--fast');
const chosen = args.filter((arg) => arg !== '--fast');
const scratch = mkdtempSync(join(tmpdir(), 'operando-test-'));
const report = join(scratch, 'vitest.json');

const node = (...rest) => [process.execPath, rest];
const steps = [
  ['generated files are fresh', ...node('--import', 'tsx', 'scripts/generate.ts', '--check')],
  ['types', ...node(packageFile('typescript', 'bin/tsc'), '--noEmit')],
  ['lint', ...node(packageFile('eslint', 'bin/eslint.js'), '.', '--max-warnings', '0')],
  ['format', ...node(packageFile('prettier', 'bin/prettier.cjs'), '--check', '--log-level', 'warn', '.')],
];
const tests = node(
  packageFile('vitest', 'vitest.mjs'),
  'run',
  ...(isFast ? ['--exclude', 'test/{e2e,real,laws}/**'] : []),
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...chosen,
);

let failed = 0;
for (const [name, command, rest] of chosen.length > 0 ? [] : steps) {
  const { status } = spawnSync(command, rest, { cwd: root, stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok' : 'FAILED'}: ${name}`);
  if (status !== 0) failed++;
}
const { status } = spawnSync(tests[0], tests[1], { cwd: root, stdio: 'inherit' });
let counts = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };
try {
  counts = JSON.parse(readFileSync(report, 'utf8'));
} catch {
  console.error('the tests did not run to their end');
  failed++;
}
rmSync(scratch, { recursive: true, force: true });
const allFailed = failed + counts.numFailedTests;
console.log(`${counts.numPassedTests} passed, ${allFailed} failed, ${counts.numPendingTests} skipped`);
process.exitCode = status === 0 && allFailed === 0 ? 0 : 1;
