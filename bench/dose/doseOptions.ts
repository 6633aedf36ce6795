import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface DoseBenchOptions {
  /** Folder of files of format dose-stream/1; null: streams generated from the seed. */
  readonly dataDir: string | null;
  readonly isJson: boolean;
  readonly isFull: boolean;
  readonly seed: number;
  /** Generated streams per cell. */
  readonly streams: number;
  /** Parts to measure; empty: all. */
  readonly only: readonly string[];
}

const USUAL = 50;
const FULL = 500;

/** @throws Error naming the option at fault. */
export function parseDoseOptions(args: readonly string[]): DoseBenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      json: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      streams: { type: 'string' },
      only: { type: 'string', default: '' },
    },
  });
  const whole = (name: string, text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1) throw new Error(`${name} ${text}: expected a whole number from 1`);
    return value;
  };
  return {
    dataDir: values.data ?? null,
    isJson: values.json,
    isFull: values.full,
    seed: whole('--seed', values.seed),
    streams: whole('--streams', values.streams ?? String(values.full ? FULL : USUAL)),
    only: values.only.split(',').filter((part) => part !== ''),
  };
}
