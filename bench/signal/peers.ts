import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** What a method is measured against. */
export interface Peer {
  readonly name: string;
  /** Of 2 048 channels. */
  readonly spectraPerSecond: number;
}

/** Rates of public implementations as measured once on two shared cores, by the name of the method. */
export const PUBLISHED_PEERS: Readonly<Record<string, Peer>> = {
  'snip, half width 40, raw': { name: 'silx', spectraPerSecond: 8700 },
  asls: { name: 'pybaselines', spectraPerSecond: 925 },
  arpls: { name: 'pybaselines', spectraPerSecond: 370 },
  airpls: { name: 'pybaselines', spectraPerSecond: 1080 },
  'power law, two areas, with its curve': { name: 'numpy', spectraPerSecond: 25_000 },
  shirley: { name: 'lmfitxps', spectraPerSecond: 960 },
  'two peaks, shared width, warm, least squares': { name: 'lmfit', spectraPerSecond: 144 },
  'two peaks, shared width, warm, Poisson': { name: 'lmfit', spectraPerSecond: 144 },
  'two peaks, shared width, cold, least squares': { name: 'lmfit', spectraPerSecond: 144 },
  'cow, segments of 51, slack 3, warped': { name: 'cow.m', spectraPerSecond: 20 },
  'dtw, band 40': { name: 'dtw-python', spectraPerSecond: 19 },
  'emsc, order 2': { name: 'biospectools', spectraPerSecond: 9300 },
};

/** Longest that the peers may take. */
const TIMEOUT_MS = 120_000;

/**
 * Measures the public implementations that a Python has.
 * @param python - the interpreter.
 * @throws Error when it cannot be run or has no numpy.
 */
export function measuredPeers(python: string): Readonly<Record<string, Peer>> {
  const { status, stdout, stderr, error } = spawnSync(python, [join('bench', 'peers', 'signal.py')], {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`the peers failed: ${stderr.trim().split('\n').at(-1)}`);
  return JSON.parse(stdout) as Record<string, Peer>;
}
