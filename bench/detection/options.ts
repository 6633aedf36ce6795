import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface DetectionOptions {
  /** Folder with streams and their truth; null: streams generated from the seed. */
  readonly dataDir: string | null;
  readonly isJson: boolean;
  readonly isFull: boolean;
  readonly seed: number;
  /** Generated streams of each kind. */
  readonly repeats: number;
  /** Folder the generated streams are written to. */
  readonly writeDir: string | null;
  /** Kind of the detector. */
  readonly use: string | null;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Parts to measure; empty: all. */
  readonly only: readonly string[];
}

/** @throws Error naming the option at fault. */
export function parseDetectionOptions(args: readonly string[]): DetectionOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      json: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      repeats: { type: 'string' },
      write: { type: 'string' },
      use: { type: 'string' },
      with: { type: 'string', default: '{}' },
      only: { type: 'string', default: '' },
    },
  });
  return {
    dataDir: values.data ?? null,
    isJson: values.json,
    isFull: values.full,
    seed: wholeNumber('--seed', values.seed),
    repeats: wholeNumber('--repeats', values.repeats ?? (values.full ? '8' : '1')),
    writeDir: values.write ?? null,
    use: values.use ?? null,
    settings: JSON.parse(values.with) as Readonly<Record<string, unknown>>,
    only: values.only.split(',').filter((part) => part !== ''),
  };
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`${name} ${text}: expected a whole number`);
  return value;
}
