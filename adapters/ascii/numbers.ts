/** How fields are separated in a line. */
export type Delimiter = 'auto' | 'tab' | 'comma' | 'semicolon' | 'space';
export const DELIMITERS = ['auto', 'tab', 'comma', 'semicolon', 'space'] as const satisfies readonly Delimiter[];
/** What stands before the decimals. */
export type DecimalMark = '.' | ',';

const SEPARATORS: Readonly<Record<Exclude<Delimiter, 'auto'>, RegExp>> = {
  tab: /\t/,
  comma: /,/,
  semicolon: /;/,
  space: /\s+/,
};

/**
 * The fields of a line, trimmed.
 * 'auto' takes tabs, else semicolons, else commas (unless they are decimal marks), else spaces.
 */
export function splitFields(line: string, delimiter: Delimiter, decimal: DecimalMark): string[] {
  if (delimiter !== 'auto') return fields(delimiter === 'space' ? line.trim() : line, SEPARATORS[delimiter]);
  if (line.includes('\t')) return fields(line, SEPARATORS.tab);
  if (line.includes(';')) return fields(line, SEPARATORS.semicolon);
  if (decimal === '.' && line.includes(',')) return fields(line.trim(), /\s*,\s*/);
  return fields(line.trim(), SEPARATORS.space);
}

const fields = (line: string, separator: RegExp): string[] => line.split(separator).map((field) => field.trim());

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?$/;

/** A number; NaN for an empty field and for 'nan'; null when it is none. Fortran's 1.0D-3 is read too. */
export function parseNumber(field: string, decimal: DecimalMark): number | null {
  const text = decimal === ',' ? field.replace(',', '.') : field;
  if (NUMBER.test(text)) return Number(text.replace(/[dD]/, 'e'));
  if (text === '' || /^[+-]?nan(\(.*\))?$/i.test(text) || text === '--') return NaN;
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text);
  return infinite === null ? null : infinite[1] === '-' ? -Infinity : Infinity;
}
