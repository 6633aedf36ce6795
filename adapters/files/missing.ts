import { MonitorError } from '../../src/model/error.ts';

/** A file that is not there, with the way to get it when the pipeline file says so. */
export function missing(id: string, path: string, sourceNote: string | undefined, cause?: unknown): MonitorError {
  const note = sourceNote === undefined ? '' : ` (${sourceNote})`;
  return new MonitorError('ADAPTER', `there is no ${path}${note}`, { id, path }, { cause });
}
