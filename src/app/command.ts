import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Console } from './console.ts';

/** Exit codes: 0 done, 1 failed, 2 wrongly called. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** One word after `operando`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` prints: usage, options, an example. */
  readonly help: string;
  run(args: readonly string[], console: Console): Promise<number>;
}

/** A call that cannot be understood: exit code 2 and a hint to `--help`. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Options by name, and what stands without one. */
export interface ParsedArguments {
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
}

/** @throws UsageError for options that are not declared and for the wrong number of positionals. */
export function parseArguments(
  args: readonly string[],
  options: NonNullable<ParseArgsConfig['options']>,
  positionals: { readonly least: number; readonly most: number; readonly names: string },
): ParsedArguments {
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  const count = parsed.positionals.length;
  if (count < positionals.least) throw new UsageError(`${positionals.names} is missing`);
  if (count > positionals.most) throw new UsageError(`'${parsed.positionals[positionals.most]}' is one too many`);
  return { values: parsed.values, positionals: parsed.positionals };
}

/** A number option. @throws UsageError when it is no number in range. */
export function numberOption(
  values: ParsedArguments['values'],
  name: string,
  least: number,
  most = Infinity,
): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (typeof text === 'string' && text.trim() !== '' && value >= least && value <= most) return value;
  throw new UsageError(
    `--${name} expects a number ${most === Infinity ? `>= ${least}` : `from ${least} to ${most}`}, got '${String(text)}'`,
  );
}

/** As `numberOption`, for whole numbers. */
export function wholeOption(
  values: ParsedArguments['values'],
  name: string,
  least: number,
  most = Infinity,
): number | undefined {
  const value = numberOption(values, name, least, most);
  if (value !== undefined && !Number.isSafeInteger(value))
    throw new UsageError(`--${name} expects a whole number, got '${value}'`);
  return value;
}

/** The value of --speed: a factor, or 'max'. */
export function speedOption(values: ParsedArguments['values'], otherwise: number): number {
  if (values['speed'] === 'max') return Infinity;
  const text = typeof values['speed'] === 'string' ? values['speed'].replace(/x$/, '') : values['speed'];
  return numberOption({ speed: text }, 'speed', 1e-3) ?? otherwise;
}
