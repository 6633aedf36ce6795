import { parseArgs } from 'node:util';
import { INSTRUMENT_NAMES } from './instruments.ts';

/** What the command line asks for. */
export interface SimulatorBenchOptions {
  readonly isJson: boolean;
  readonly isFull: boolean;
  /** First seed; runs take it and those after it. */
  readonly seed: number;
  /** Of the frames whose speed is measured. */
  readonly channels: number;
  readonly instruments: readonly string[];
  /** Parts to measure; empty: all. */
  readonly only: readonly string[];
}

/** @throws Error naming the option at fault. */
export function parseSimulatorBenchOptions(args: readonly string[]): SimulatorBenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      channels: { type: 'string', default: '2048' },
      instruments: { type: 'string', default: INSTRUMENT_NAMES.join(',') },
      only: { type: 'string', default: '' },
    },
  });
  const instruments = values.instruments.split(',');
  const stranger = instruments.find((name) => !INSTRUMENT_NAMES.includes(name));
  if (stranger !== undefined)
    throw new Error(`--instruments ${stranger}: expected some of ${INSTRUMENT_NAMES.join(', ')}`);
  return {
    isJson: values.json,
    isFull: values.full,
    seed: wholeNumber('--seed', values.seed),
    channels: wholeNumber('--channels', values.channels),
    instruments,
    only: values.only.split(',').filter((part) => part !== ''),
  };
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`${name} ${text}: expected a whole number`);
  return value;
}
