import { parseArgs } from 'node:util';

export const PARTS = ['simulation', 'trials', 'frameToStop'] as const;
export type Part = (typeof PARTS)[number];

/** What the command line asks for. */
export interface PermitOptions {
  readonly isJson: boolean;
  readonly seed: number;
  /** With real processes. */
  readonly trials: number;
  /** In virtual time. */
  readonly simulated: number;
  /** Of frame to stop. */
  readonly samples: number;
  /** Parts to measure. */
  readonly only: readonly Part[];
}

/** @throws Error naming the option at fault. */
export function parsePermitOptions(args: readonly string[]): PermitOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      trials: { type: 'string', default: '210' },
      simulated: { type: 'string', default: '10000' },
      samples: { type: 'string', default: '300' },
      only: { type: 'string', default: PARTS.join(',') },
    },
  });
  const only = values.only.split(',');
  const unknown = only.find((part) => !PARTS.some((known) => known === part));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: expected some of ${PARTS.join(', ')}`);
  return {
    isJson: values.json,
    seed: wholeNumber('--seed', values.seed),
    trials: wholeNumber('--trials', values.trials),
    simulated: wholeNumber('--simulated', values.simulated),
    samples: wholeNumber('--samples', values.samples),
    only: PARTS.filter((part) => only.includes(part)),
  };
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`${name} ${text}: expected a whole number`);
  return value;
}
