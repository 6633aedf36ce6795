import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const candidates = [process.env['OPERANDO_PYTHON'], 'python3', '/usr/bin/python3'].filter((name) => name !== undefined);

/** A Python that has h5py, the reference library of HDF5; null when there is none. */
export const python: string | null =
  candidates.find((name) => spawnSync(name, ['-c', 'import h5py, numpy']).status === 0) ?? null;

/** Runs a program with h5py in a process of its own, and reads what it prints line by line. */
export function runPython(program: string, args: readonly string[]) {
  const child = spawn(python ?? 'python3', ['-u', '-c', program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, 'exit');
  return {
    /** Says so much to its standard input. */
    say: (line: string) => void child.stdin.write(`${line}\n`),
    /** The next line it prints. */
    async line(): Promise<string> {
      const next = await lines.next();
      if (next.done === true) throw new Error(`python ended: ${errors}`);
      return next.value;
    },
    async kill(): Promise<void> {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
