import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvidenceBundle } from './bundle.ts';

/** Folder of a run's evidence in its recording. */
export const EVIDENCE_FOLDER = 'evidence';

/** Name of a bundle: what files and shells allow of the alert's id, and enough of its digest to be its own. */
export function evidenceFile(alertId: string): string {
  const digest = createHash('sha256').update(alertId).digest('hex').slice(0, 8);
  return `${alertId.replaceAll(/[^\w.-]+/g, '_').slice(0, 80)}-${digest}.json`;
}

/** Writes bundles beside a recording, whole or not at all, at most so many in a run. */
export interface EvidenceWriter {
  write(bundle: EvidenceBundle): void;
  /** Resolves when all are written; rejects with the first that was not. */
  flush(): Promise<void>;
}

/**
 * @param directory - of the recording.
 * @param most - bundles of a run; more are counted and not kept.
 * @param countDropped - told of each that is not kept, with the reason.
 */
export function createEvidenceWriter(
  directory: string,
  most: number,
  countDropped: (reason: string, count: number) => void,
): EvidenceWriter {
  const folder = join(directory, EVIDENCE_FOLDER);
  const kept = new Set<string>();
  let writing: Promise<void> = Promise.resolve();
  let failure: Error | null = null;

  const put = async (name: string, text: string): Promise<void> => {
    try {
      mkdirSync(folder, { recursive: true });
      await writeFile(join(folder, `${name}.new`), text);
      await rename(join(folder, `${name}.new`), join(folder, name));
    } catch (error) {
      failure ??= error as Error;
      countDropped('evidenceUnwritten', 1);
    }
  };
  return {
    write(bundle) {
      const name = evidenceFile(bundle.alert.id);
      if (kept.size >= most && !kept.has(name)) return countDropped('evidenceFull', 1);
      kept.add(name);
      const text = `${JSON.stringify(bundle)}\n`;
      writing = writing.then(() => put(name, text));
    },
    async flush() {
      await writing;
      const first = failure;
      failure = null;
      if (first !== null) throw new Error(`evidence was not written: ${first.message}`, { cause: first });
    },
  };
}

/** The bundles of a recording by the id of their alert; files that are none are left out. */
export function readEvidence(directory: string): Map<string, EvidenceBundle> {
  const folder = join(directory, EVIDENCE_FOLDER);
  const bundles = new Map<string, EvidenceBundle>();
  for (const name of filesOf(folder)) {
    const bundle = bundleIn(join(folder, name));
    if (bundle !== null) bundles.set(bundle.alert.id, bundle);
  }
  return bundles;
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort();
  } catch {
    return [];
  }
}

function bundleIn(path: string): EvidenceBundle | null {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<EvidenceBundle>;
    return value.format === 1 && typeof value.alert?.id === 'string' ? (value as EvidenceBundle) : null;
  } catch {
    return null;
  }
}
