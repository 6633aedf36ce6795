import { spawn } from 'node:child_process';
import type { CommandLine } from './commandWords.ts';

const MOST_OUTPUT = 4096;

/**
 * Runs a program without a shell; resolves with what it printed, rejects when it cannot be started, fails, takes too long or is
 * aborted. Then it is killed with all it started.
 */
export function runCommand({ program, args }: CommandLine, timeoutMs: number, signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    // A group of its own: it can be killed as a whole, and Ctrl-C at a terminal does not end a closing.
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const texts = { out: '', err: '' };
    const keep = (name: 'out' | 'err') => (chunk: string) => (texts[name] = (texts[name] + chunk).slice(-MOST_OUTPUT));
    child.stdout.setEncoding('utf8').on('data', keep('out'));
    child.stderr.setEncoding('utf8').on('data', keep('err'));
    const finish = (end: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      end();
    };
    const kill = (why: string): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        child.kill('SIGKILL');
      }
      finish(() => reject(new Error(why)));
    };
    const abort = (): void => kill(`${program} was given up for the opposite`);
    const timer = setTimeout(() => kill(`${program} took longer than ${timeoutMs} ms`), timeoutMs);
    signal?.addEventListener('abort', abort, { once: true });
    child.on('error', (error) => finish(() => reject(error)));
    child.on('close', (code, killed) =>
      finish(() =>
        code === 0
          ? resolve(texts.out)
          : reject(new Error(`${program} ended with ${code ?? killed}: ${texts.err.trim() || texts.out.trim()}`)),
      ),
    );
  });
}
