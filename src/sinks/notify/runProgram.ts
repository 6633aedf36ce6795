import { spawn } from 'node:child_process';

export interface ProgramRun {
  readonly program: string;
  readonly args: readonly string[];
  /** Written to its standard input. */
  readonly input: string;
  /** Beside the environment of this process. */
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

const MOST_OUTPUT = 4096;

/** Runs a program without a shell; resolves with the end of what it printed, rejects when it fails or takes too long. Then it is killed with all it started. */
export function runProgram({ program, args, input, variables, timeoutMs }: ProgramRun): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, ...variables },
    });
    const texts = { out: '', err: '' };
    const keep = (name: 'out' | 'err') => (chunk: string) => (texts[name] = (texts[name] + chunk).slice(-MOST_OUTPUT));
    child.stdout.setEncoding('utf8').on('data', keep('out'));
    child.stderr.setEncoding('utf8').on('data', keep('err'));
    // A program need not read what it is given.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const timer = setTimeout(() => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        child.kill('SIGKILL');
      }
      reject(new Error(`${program} took longer than ${timeoutMs} ms`));
    }, timeoutMs);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(texts.out);
      else
        reject(
          new Error(`${program} ended with ${code ?? signal}: ${(texts.err.trim() || texts.out.trim()).slice(-200)}`),
        );
    });
  });
}
