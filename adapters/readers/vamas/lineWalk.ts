import type { MonitorError } from '../../../src/model/error.ts';
import { parseNumber } from '../../ascii/numbers.ts';
import { brokenLine } from '../text/textFile.ts';

/** A number that says 'not known'. */
const UNKNOWN = 1e37;

/** Goes through a file in which the place of a line is its meaning. */
export interface LineWalk {
  /** From 1, of the line that was taken last. */
  lineNumber(): number;
  /** @throws MonitorError naming file, line and `what` when the file ends; the same of the others. */
  text(what: string): string;
  /** NaN for a number that is not known. */
  number(what: string): number;
  /** A whole number from 0 to `most`. */
  count(what: string, most: number): number;
  skip(lines: number, what: string): void;
  /** Nothing but blanks and the experiment terminator follows. */
  isAtEnd(): boolean;
  remaining(): number;
  broken(what: string): MonitorError;
}

export function createLineWalk(lines: readonly string[], path: string): LineWalk {
  let at = 0;
  const broken = (what: string): MonitorError => brokenLine(path, at, what);
  const text = (what: string): string => {
    if (at >= lines.length) throw brokenLine(path, lines.length, `the file ends where ${what} was expected`);
    return lines[at++]!.trim();
  };
  const number = (what: string): number => {
    const field = text(what);
    const value = parseNumber(field, '.');
    if (value === null || field === '') throw broken(`expected ${what}, found '${field.slice(0, 40)}'`);
    return Math.abs(value) >= UNKNOWN ? NaN : value;
  };
  return {
    lineNumber: () => at,
    text,
    number,
    broken,
    count(what, most) {
      const value = number(what);
      if (!Number.isInteger(value) || value < 0 || value > most)
        throw broken(`expected ${what}, a whole number from 0 to ${most}, found ${value}`);
      return value;
    },
    skip(count, what) {
      if (at + count > lines.length) throw brokenLine(path, lines.length, `the file ends within ${what}`);
      at += count;
    },
    isAtEnd: () => lines.slice(at, at + 3).every((line) => line.trim() === '' || /end of experiment/i.test(line)),
    remaining: () => lines.length - at,
  };
}
