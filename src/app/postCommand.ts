import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { explainError } from '../model/error.ts';
import { UsageError, type ParsedArguments } from './command.ts';
import type { Console } from './console.ts';

const DEFAULT_PAGE = 'http://127.0.0.1:4180';
const ANSWER_MS = 5000;

/** Options of every command that speaks to a running monitor. */
export const MONITOR_OPTIONS = { page: { type: 'string' }, token: { type: 'string' }, by: { type: 'string' } } as const;

export const MONITOR_HELP = `  --page URL    the monitor's page, ${DEFAULT_PAGE} by default; it may hold ?token=...
  --token T     its token, if it has one and the URL does not hold it; else OPERANDO_TOKEN
  --by NAME     who; by default the user of this machine`;

/** What a monitor answered. */
export interface PostedAnswer {
  readonly isDone: boolean;
  /** False where nothing came back. */
  readonly isAnswered: boolean;
  readonly detail: string;
  readonly body: unknown;
}

/** Who commands, as the command line says. */
export function commander(values: ParsedArguments['values']): string {
  return typeof values['by'] === 'string' ? values['by'] : userInfo().username.slice(0, 40);
}

/**
 * Speaks to the monitor whose page is named on the command line.
 * @param path - '/api/v1/accept'.
 * @param body - of the command, which gets an id of its own; undefined only asks.
 */
export async function askMonitor(
  path: string,
  body: object | undefined,
  values: ParsedArguments['values'],
  console: Console,
): Promise<PostedAnswer> {
  const page = typeof values['page'] === 'string' ? values['page'] : DEFAULT_PAGE;
  if (!/^https?:\/\//.test(page) || !URL.canParse(page))
    throw new UsageError(`--page expects an address that begins with http://, got '${page}'`);
  const url = new URL(path, page);
  const token = values['token'] ?? new URL(page).searchParams.get('token') ?? console.env['OPERANDO_TOKEN'];
  try {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(typeof token === 'string' ? { Cookie: `operando_token=${encodeURIComponent(token)}` } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify({ id: randomUUID(), ...body }) }),
      signal: AbortSignal.any([AbortSignal.timeout(ANSWER_MS), console.interrupted]),
    });
    const answer = (await response.json()) as { detail?: unknown };
    return {
      isDone: response.ok,
      isAnswered: true,
      detail: typeof answer.detail === 'string' ? answer.detail : '',
      body: answer,
    };
  } catch (error) {
    return {
      isDone: false,
      isAnswered: false,
      detail: `not confirmed by ${url.origin}: ${explainError(error)}`,
      body: null,
    };
  }
}
