// Two commands started at once would install, or build, over each other: one does it, the other waits.
import { mkdirSync, readFileSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';

/** Nothing that is done under the lock takes so long. */
const LONGEST_MS = 10 * 60_000;
/** The owner writes its name at once: a lock that stays without one has lost its owner. */
const NAMELESS_MS = 10_000;
const POLL_MS = 100;

const me = `${process.pid}@${hostname()}`;

const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** What `act` gives; null when it meets one of the error codes. */
function unless(codes, act) {
  try {
    return act();
  } catch (error) {
    if (codes.includes(error.code)) return null;
    throw error;
  }
}

// Windows says EPERM of a folder that is being removed.
const NOT_NOW = ['EEXIST', 'ENOENT', ...(process.platform === 'win32' ? ['EPERM'] : [])];
const isMade = (folder) => unless(NOT_NOW, () => (mkdirSync(folder), true)) ?? false;
const ownerOf = (lock) => unless(['ENOENT'], () => readFileSync(join(lock, 'owner'), 'utf8')) ?? '';
const ageMs = (lock) => Date.now() - (unless(['ENOENT'], () => statSync(lock).mtimeMs) ?? Date.now());

/** Whether the process runs; one of another machine is taken to. */
function isAlive(owner) {
  const [pid, host] = owner.split('@');
  if (host !== hostname()) return true;
  // EPERM: it runs, as somebody else.
  return unless(['ESRCH'], () => unless(['EPERM'], () => process.kill(Number(pid), 0)) ?? true) ?? false;
}

const isAbandoned = (lock, owner) =>
  owner === '' ? ageMs(lock) > NAMELESS_MS : ageMs(lock) > LONGEST_MS || !isAlive(owner);

/** Takes over the lock of `owner`: of several that try, one gets it, and none when it changed hands meanwhile. */
function isTakenOver(lock, owner) {
  const claim = join(lock, `from-${owner}`);
  if (!isMade(claim)) return false;
  if (ownerOf(lock) === owner) {
    writeFileSync(join(lock, 'owner'), me);
    return true;
  }
  unless(['ENOENT'], () => rmdirSync(claim));
  return false;
}

/**
 * Does `work` while no other process does anything under the same lock; the end of this process frees it too.
 *
 * @param lock - folder that stands for the lock: it is there while one holds it.
 */
export function withLock(lock, work) {
  mkdirSync(dirname(lock), { recursive: true });
  let waitsFor = null;
  for (;;) {
    if (isMade(lock)) {
      writeFileSync(join(lock, 'owner'), me);
      break;
    }
    const owner = ownerOf(lock);
    if (isAbandoned(lock, owner) && isTakenOver(lock, owner)) break;
    if (owner !== '' && owner !== waitsFor) {
      console.error(`operando: waiting for process ${owner}, which is installing or building here (${lock}) ...`);
      waitsFor = owner;
    }
    sleep(POLL_MS);
  }
  const free = () => {
    if (ownerOf(lock) === me) rmSync(lock, { recursive: true, force: true });
  };
  process.once('exit', free);
  try {
    return work();
  } finally {
    process.off('exit', free);
    free();
  }
}
