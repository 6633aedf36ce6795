import { Worker } from 'node:worker_threads';
import type { FuzzMessage, FuzzTask } from './worker.ts';

/** What came of a target. */
export interface TargetResult {
  readonly inputs: number;
  readonly crashes: number;
  readonly hangs: number;
  /** Inputs that the reader took for its own; 0 for codecs. */
  readonly recognised: number;
  readonly frames: number;
  readonly refused: number;
  /** The first few: input, error, and the file that holds the bytes. */
  readonly findings: readonly string[];
}

const HANG_MS = 5000;
const MOST_FINDINGS = 10;
const MOST_RESTARTS = 10;
const HEAP_MIB = 1024;

/** Feeds a target in a thread of its own. A hang or a death costs that input, and the rest goes on in a new thread. */
export async function runTarget(task: Omit<FuzzTask, 'progress' | 'from'>): Promise<TargetResult> {
  const progress = new Float64Array(new SharedArrayBuffer(16));
  const findings: string[] = [];
  const result = { inputs: 0, crashes: 0, hangs: 0, recognised: 0, frames: 0, refused: 0 };
  const note = (finding: string): void => {
    if (findings.length < MOST_FINDINGS) findings.push(finding);
  };
  let from = 0;
  for (let restarts = 0; from < task.count && restarts <= MOST_RESTARTS; restarts++) {
    const end = await runWorker({ ...task, from, progress }, (message) => {
      if ('done' in message)
        for (const key of ['recognised', 'frames', 'refused'] as const) result[key] += message.done[key];
      else {
        result.crashes++;
        note(`input ${message.crash.input} (${message.crash.path}): ${message.crash.error}`);
      }
    });
    if (end === 'done') from = task.count;
    else {
      result[end === 'hang' ? 'hangs' : 'crashes']++;
      note(`input ${progress[0]}: ${end === 'hang' ? `no answer in ${HANG_MS} ms` : end}`);
      from = (progress[0] ?? 0) + 1;
    }
    result.inputs = from;
  }
  return { ...result, findings };
}

/** Resolves with 'done', 'hang', or how the thread died. */
function runWorker(task: FuzzTask, hear: (message: FuzzMessage) => void): Promise<string> {
  const script = new URL(`./worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
  task.progress[1] = Infinity;
  const worker = new Worker(script, { workerData: task, resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB } });
  return new Promise((resolve) => {
    const end = (how: string): void => {
      clearInterval(watchdog);
      void worker.terminate();
      resolve(how);
    };
    const watchdog = setInterval(() => {
      if (performance.now() + performance.timeOrigin - (task.progress[1] ?? 0) > HANG_MS) end('hang');
    }, 250);
    worker.on('message', (message: FuzzMessage) => {
      hear(message);
      if ('done' in message) end('done');
    });
    worker.on('error', (error) => end(`died: ${error.message}`));
    worker.on('exit', (code) => end(`died with code ${code}`));
  });
}
