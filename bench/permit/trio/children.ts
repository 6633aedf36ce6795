import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** A process that was started here, and is ended here whatever happens. */
export interface Child {
  readonly pid: number;
  readonly process: ChildProcess;
  /** The end of what it printed. */
  tail(): string;
  /** Resolves when what it printed since the start shows it; rejects when it ends before, or after 30 s. */
  shows(pattern: RegExp): Promise<RegExpMatchArray>;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
}

const children = new Set<ChildProcess>();
let isGuarding = false;

function guard(): void {
  if (isGuarding) return;
  isGuarding = true;
  const endAll = (): void => {
    for (const child of children) child.kill('SIGKILL');
  };
  process.once('exit', endAll);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(name, () => {
      endAll();
      process.exit(1);
    });
}

const KEPT_CHARACTERS = 20_000;
const SHOW_MS = 30_000;

/** Starts a program; Node programs with a channel for messages. */
export function startChild(program: string, argv: readonly string[], cwd: string): Child {
  guard();
  const hasChannel = program === process.execPath;
  const child = spawn(program, argv, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe', ...(hasChannel ? (['ipc'] as const) : [])],
    // Without the options of the loader that may have started this process.
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  children.add(child);
  let text = '';
  const looks = new Set<() => void>();
  const take = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-KEPT_CHARACTERS);
    for (const look of looks) look();
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  child.on('error', () => undefined);
  const gone = once(child, 'close').finally(() => children.delete(child));
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    pid: child.pid ?? 0,
    process: child,
    tail: () => text.slice(-1500),
    shows(pattern) {
      return new Promise((resolve, reject) => {
        const fail = (why: string): void => {
          clearTimeout(timer);
          looks.delete(look);
          reject(new Error(`${argv.join(' ')} ${why} without ${String(pattern)}:\n${text.slice(-1500)}`));
        };
        const look = (): void => {
          const match = text.match(pattern);
          if (match === null) return;
          clearTimeout(timer);
          looks.delete(look);
          resolve(match);
        };
        const timer = setTimeout(() => fail('waited'), SHOW_MS);
        looks.add(look);
        void gone.then(() => fail('ended'));
        look();
      });
    },
    signal: (name) => void (hasEnded() || child.kill(name)),
    async kill() {
      if (hasEnded()) return;
      child.kill('SIGKILL');
      await gone;
    },
  };
}

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** How Node runs a file of this bench: as it is where it was compiled, by a loader where it is a source. */
export const nodeArguments = (file: URL): string[] =>
  file.pathname.endsWith('.ts') ? ['--import', loader, file.pathname] : [file.pathname];

/** A file beside this one, source or compiled as this one is. */
export const besideThis = (name: string): URL =>
  new URL(`./${name}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
