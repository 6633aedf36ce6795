import { createHash } from 'node:crypto';
import type { Signal } from '../model/signal.ts';

/** A running SHA-256 over everything a pipeline says about its frames. */
export interface SignalDigest {
  add(signal: Signal, from: string): void;
  readonly count: number;
  /** Hexadecimal digest of all so far. */
  value(): string;
}

/**
 * Digests readings, detections and alerts in the order they were emitted; frames are their input and are left out.
 * Numbers enter with 12 significant digits: `Math.exp` and `Math.log` are not the same to the last bit on every engine.
 */
export function createSignalDigest(): SignalDigest {
  const hash = createHash('sha256');
  let count = 0;
  return {
    add(signal, from) {
      if (signal.type === 'frame') return;
      hash.update(`${from} ${canonical(signal)}\n`);
      count++;
    },
    get count() {
      return count;
    },
    value: () => hash.copy().digest('hex'),
  };
}

/** JSON with sorted keys, absent fields left out, numbers to 12 digits. */
export function canonical(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(Number(value.toPrecision(12))) : `"${value}"`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const fields = Object.entries(value as Record<string, unknown>)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`;
}
