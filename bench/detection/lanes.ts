import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** Measures one part of the bench, and gives its numbers by their keys. */
export type Part = (say: (line: string) => void) => object | Promise<object>;

interface LaneResult {
  readonly report: object;
  readonly lines: readonly string[];
}

/** Measures parts one after the other. */
async function runLane(parts: Readonly<Record<string, Part>>, names: readonly string[], say: (line: string) => void) {
  let report: object = {};
  for (const name of names) {
    const startMs = performance.now();
    report = { ...report, ...(await parts[name]!(say)) };
    say(`(${name}: ${((performance.now() - startMs) / 1000).toFixed(0)} s)`);
  }
  return report;
}

/** Keys of all; where several say whether something holds, it holds when all say so. */
function joined(reports: readonly object[]): object {
  const result: Record<string, unknown> = {};
  for (const report of reports)
    for (const [key, value] of Object.entries(report) as [string, unknown][])
      result[key] = typeof value === 'boolean' && typeof result[key] === 'boolean' ? value && result[key] : value;
  return result;
}

/** Measures parts in another thread, which runs the file `url` once more. */
function runBeside(url: string, names: readonly string[]): Promise<LaneResult> {
  const worker = new Worker(new URL(url), { argv: process.argv.slice(2), workerData: names });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/**
 * Measures the parts on two cores: `alone` with nothing beside it, then `first` and `second` side by side.
 * Returns null in the thread that is beside: its numbers go to the other one.
 *
 * @param url - of the file that calls this.
 * @param only - parts wanted; empty: all.
 */
export async function runLanes(
  url: string,
  parts: Readonly<Record<string, Part>>,
  lanes: Readonly<Record<'alone' | 'first' | 'second', readonly string[]>>,
  only: readonly string[],
  say: (line: string) => void,
): Promise<object | null> {
  if (!isMainThread) {
    const lines: string[] = [];
    const report = await runLane(parts, workerData as readonly string[], (line) => lines.push(line));
    parentPort?.postMessage({ report, lines } satisfies LaneResult);
    return null;
  }
  const unknown = only.filter((name) => !(name in parts));
  if (unknown.length > 0) throw new Error(`--only ${unknown.join(',')}: expected ${Object.keys(parts).join(', ')}`);
  const wanted = (names: readonly string[]): readonly string[] =>
    names.filter((name) => only.length === 0 || only.includes(name));
  const alone = await runLane(parts, wanted(lanes.alone), say);
  const names = wanted(lanes.second);
  const beside = names.length === 0 ? Promise.resolve({ report: {}, lines: [] }) : runBeside(url, names);
  const first = await runLane(parts, wanted(lanes.first), say);
  const { report, lines } = await beside;
  lines.forEach(say);
  return joined([alone, first, report]);
}
