import type { z } from 'zod';
import { MonitorError } from '../model/error.ts';
import { pathText, valueAt, type Path, type PlacedProblem, type Position, type Problem } from './document.ts';
import { nearest } from '../model/nearest.ts';

type Issue = z.core.$ZodIssue;

/** Lists of choices longer than this are not printed. */
const CHOICES_SHOWN = 8;

/**
 * What a schema found, in sentences. Unknown keys are left to `unknownKeys`, which knows the ones that would be right.
 *
 * @param written - the data as written in the file, so that no secret is printed.
 */
export function problemsOf(issues: readonly Issue[], written: unknown, prefix: Path = []): Problem[] {
  return issues
    .filter((issue) => issue.code !== 'unrecognized_keys')
    .map((issue) => {
      const at = [...prefix, ...(issue.path as (string | number)[])];
      if (issue.code === 'invalid_key')
        return { at, isKey: true, message: messageOf(issue.issues[0] ?? issue, at.at(-1)) };
      return deepest(issue, at, written);
    });
}

/** A union says "invalid"; the branch that got furthest says why. */
function deepest(issue: Issue, at: Path, written: unknown): Problem {
  if (issue.code !== 'invalid_union' || 'discriminator' in issue || issue.errors.length === 0)
    return { at, message: messageOf(issue, valueAt(written, at)) };
  const branches = issue.errors.filter((errors) => errors.length > 0);
  const isWrongType = branches.every(([first]) => first?.code === 'invalid_type' && first.path.length === 0);
  if (isWrongType) {
    const types = branches.map(([first]) => (first?.code === 'invalid_type' ? typeName(first.expected) : ''));
    const got = valueAt(written, at);
    const found = got === undefined ? 'it is missing' : `got ${shown(got)}`;
    return { at, message: `expected ${[...new Set(types)].join(' or ')}, ${found}` };
  }
  const fits = branches.filter(([first]) => !(first?.code === 'invalid_type' && first.path.length === 0));
  const [nearestBranch] = (fits.length > 0 ? fits : branches).toSorted((a, b) => a.length - b.length);
  const first = nearestBranch?.[0];
  if (first === undefined) return { at, message: `expected something else, got ${shown(valueAt(written, at))}` };
  return deepest(first, [...at, ...(first.path as (string | number)[])], written);
}

function messageOf(issue: Issue, got: unknown): string {
  const found = got === undefined ? 'it is missing' : `got ${shown(got)}`;
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${typeName(issue.expected)}, ${found}`;
    case 'invalid_value':
      return issue.values.every((value) => typeof value === 'string')
        ? choice(issue.values, got)
        : `expected ${issue.values.map(String).join(' or ')}, ${found}`;
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? choice(issue.options.map(String), got)
        : `${issue.message}, ${found}`;
    case 'too_small':
      return `expected ${amount(issue.origin, issue.inclusive === false ? '>' : '>=', issue.minimum)}, ${found}`;
    case 'too_big':
      return `expected ${amount(issue.origin, issue.inclusive === false ? '<' : '<=', issue.maximum)}, ${found}`;
    default: {
      const message = issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
      return typeof got === 'object' ? message : `${message}, ${found}`;
    }
  }
}

/** "expected one of ..., got ..., did you mean ...". */
export function choice(options: readonly string[], got: unknown): string {
  const meant = typeof got === 'string' ? nearest(got, options) : null;
  const isLong = options.length > CHOICES_SHOWN;
  const list = isLong ? `one of ${options.length} names (docs/stages.md lists them)` : quotedList(options);
  return `expected ${list}, ${got === undefined ? 'it is missing' : `got ${shown(got)}`}${suggestion(meant)}`;
}

/** ", did you mean ...", or nothing. */
export const suggestion = (meant: string | null): string => (meant === null ? '' : `, did you mean "${meant}"?`);

function quotedList(options: readonly string[]): string {
  if (options.length === 0) return 'nothing: none is installed';
  return `${options.length === 1 ? '' : 'one of '}${options.map((option) => `"${option}"`).join(', ')}`;
}

function amount(origin: string, relation: string, bound: number | bigint): string {
  if (origin === 'string') return `a text of ${relation} ${bound} characters`;
  if (origin === 'array' || origin === 'set') return `a list of ${relation} ${bound} entries`;
  return `a ${origin === 'int' ? 'whole number' : 'number'} ${relation} ${bound}`;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map of settings',
  record: 'a map of names',
  null: 'nothing',
};
const typeName = (expected: string): string => TYPE_NAMES[expected] ?? expected;

function shown(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** All problems of a file as one error, each with its line and column. */
export function configError(path: string, problems: readonly PlacedProblem[]): MonitorError {
  const sorted = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  const lines = sorted.map(
    (problem) => `${path}:${problem.line}:${problem.column}  ${pathText(problem.at) || '(file)'}  ${problem.message}`,
  );
  const count = lines.length === 1 ? 'one problem' : `${lines.length} problems`;
  return new MonitorError('CONFIG', `${count}\n${lines.join('\n')}`, { id: path, path });
}

/** Gives problems their lines. */
export function place(problems: readonly Problem[], locate: (at: Path, isKey?: boolean) => Position): PlacedProblem[] {
  return problems.map((problem) => ({ ...problem, ...locate(problem.at, problem.isKey) }));
}
