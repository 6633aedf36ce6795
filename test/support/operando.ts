import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The root of the checkout. */
export const root = join(import.meta.dirname, '../..');

/** Real recordings of other people, where they lie. */
export const dataRoot = join(root, process.env['OPERANDO_DATA'] ?? '../shared/data');

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A running command line. */
export interface Running {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly done: Promise<Ran>;
  /** Resolves with the match when the output shows it; rejects when the command ends without. */
  shows(pattern: RegExp): Promise<RegExpMatchArray>;
}

/** Starts the real command line in a folder. */
export function start(args: readonly string[], cwd: string): Running {
  const child = spawn(process.execPath, [join(root, 'bin/operando.mjs'), ...args], {
    cwd,
    env: { ...process.env, OPERANDO_DATA: dataRoot },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const done = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return {
    child,
    out: () => out,
    done,
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = out.match(pattern);
          if (match === null) return;
          listeners.delete(look);
          resolve(match);
        };
        listeners.add(look);
        look();
        void done.then(() => reject(new Error(`ended without ${String(pattern)}:\n${out}\n${err}`)));
      }),
  };
}

/** Runs the real command line to its end. */
export const operando = (args: readonly string[], cwd: string): Promise<Ran> => start(args, cwd).done;
