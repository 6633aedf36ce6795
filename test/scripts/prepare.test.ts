import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../support/servers.ts';

/** A checkout of its own: the scripts that prepare it, and one package, which notes when it is installed and takes its time. */
let root = '';
const at = (...path: string[]): string => join(root, ...path);
const lock = (): string => at('.operando', 'preparing');
const installations = (): number =>
  existsSync(at('installed.log')) ? readFileSync(at('installed.log'), 'utf8').length : 0;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'operando-prepare-'));
  mkdirSync(at('scripts'));
  for (const name of ['prepare.mjs', 'checkoutLock.mjs']) cpSync(join('scripts', name), at('scripts', name));
  const scripts = { preinstall: 'node note.mjs' };
  writeFileSync(
    at('note.mjs'),
    `import fs from 'node:fs'; fs.appendFileSync('installed.log', 'x'); setTimeout(() => {}, 500);`,
  );
  mkdirSync(at('part'));
  writeFileSync(at('part', 'package.json'), JSON.stringify({ name: 'part', version: '1.0.0' }));
  const project = { name: 'project', version: '1.0.0', dependencies: { part: 'file:part' } };
  writeFileSync(at('package.json'), JSON.stringify({ ...project, scripts }));
  const packages = { '': project, 'node_modules/part': { resolved: 'part', link: true }, part: { version: '1.0.0' } };
  writeFileSync(
    at('package-lock.json'),
    JSON.stringify({ name: 'project', lockfileVersion: 3, requires: true, packages }),
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const ENTRY = `import('./scripts/prepare.mjs').then(({ ensureInstalled }) => { ensureInstalled(); console.log('ready'); })`;

interface Ran {
  readonly code: number | null;
  readonly said: string;
}

/** Runs one command; tells what it says so far, and how it ends. */
function startCommand(): { readonly said: () => string; readonly done: Promise<Ran> } {
  const child = spawn(process.execPath, ['-e', ENTRY], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const output of [child.stdout, child.stderr])
    output.setEncoding('utf8').on('data', (text: string) => (said += text));
  return { said: () => said, done: once(child, 'close').then(([code]) => ({ code: code as number | null, said })) };
}
const command = (): Promise<Ran> => startCommand().done;

/** A lock as a process leaves it that ended before it could free it. */
function leaveLock(owner: string, ageMs = 0): void {
  mkdirSync(lock(), { recursive: true });
  writeFileSync(join(lock(), 'owner'), owner);
  const then = new Date(Date.now() - ageMs);
  utimesSync(lock(), then, then);
}
const endedPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

// Each starts npm, which takes seconds on a busy machine.
const LIMIT_MS = 60_000;

describe('two commands at once in a checkout without packages', () => {
  it(
    'install once; the other says that it waits, and finds the packages installed',
    async () => {
      const [first, second] = await Promise.all([command(), command()]);
      expect([first.code, second.code]).toEqual([0, 0]);
      expect(installations()).toBe(1);
      const said = first.said + second.said;
      expect(said.match(/installing packages/g)).toHaveLength(1);
      expect(said).toMatch(/waiting for process \d+@/);
      expect(existsSync(at('node_modules', 'part', 'package.json'))).toBe(true);
      expect(existsSync(lock())).toBe(false);
    },
    LIMIT_MS,
  );

  it(
    'take over the lock of a process that ended, and one of them only',
    async () => {
      leaveLock(`${endedPid()}@${hostname()}`);
      const results = await Promise.all([command(), command(), command()]);
      expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
      expect(installations()).toBe(1);
      expect(existsSync(lock())).toBe(false);
    },
    LIMIT_MS,
  );

  it(
    'take over a lock that is older than anything takes, though its process runs',
    async () => {
      leaveLock(`${process.pid}@${hostname()}`, 11 * 60_000);
      expect((await command()).code).toBe(0);
      expect(installations()).toBe(1);
    },
    LIMIT_MS,
  );
});

describe('a command that finds the lock of a running process', () => {
  it(
    'waits until it is freed',
    async () => {
      leaveLock(`${process.pid}@${hostname()}`);
      const { said, done } = startCommand();
      await until('it says that it waits', () => said().includes(`waiting for process ${process.pid}@`));
      await pause(300);
      expect([said().includes('ready'), installations()]).toEqual([false, 0]);
      rmSync(lock(), { recursive: true });
      expect((await done).said).toContain('ready');
      expect(installations()).toBe(1);
    },
    LIMIT_MS,
  );
});

describe('a failed installation', () => {
  it(
    'frees the lock',
    async () => {
      writeFileSync(at('note.mjs'), 'process.exit(3)');
      expect((await command()).code).not.toBe(0);
      expect(existsSync(lock())).toBe(false);
    },
    LIMIT_MS,
  );
});

describe('packages behind a link', () => {
  it(
    'are left alone, with a sentence that says why',
    async () => {
      const elsewhere = at('elsewhere');
      mkdirSync(elsewhere);
      writeFileSync(join(elsewhere, 'kept'), '');
      symlinkSync(elsewhere, at('node_modules'));
      const { code, said } = await command();
      expect(code).toBe(1);
      expect(said).toContain('node_modules is a link to');
      expect(existsSync(join(elsewhere, 'kept'))).toBe(true);
      expect(installations()).toBe(0);
      expect(existsSync(lock())).toBe(false);
    },
    LIMIT_MS,
  );
});
