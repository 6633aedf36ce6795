import { z } from 'zod';

const request = z.object({
  id: z.string().min(1).max(64),
  by: z.string().trim().max(40).default(''),
});

/** An operator's command to take the present state for the new reference. */
export interface AcceptRequest extends z.output<typeof request> {
  /** By which way it came: 'page', 'command line', 'mqtt'. */
  readonly via: string;
}

/** A command that was obeyed. */
export interface OperatorAct extends AcceptRequest {
  /** Value of the slow signal from then on: counts the acts. */
  readonly count: number;
  /** By stream, the time stamp of its last frame before the act, microseconds. */
  readonly afterUs: Readonly<Record<string, number>>;
}

/** What the sender of a command is told. */
export interface AcceptAnswer {
  /** Of the command. */
  readonly id: string;
  readonly isDone: boolean;
  /** One sentence for a person. */
  readonly detail: string;
}

/** Obeys a command, or says why not; the same id again is answered the same and done once. Never rejects. */
export type AcceptCommand = (request: AcceptRequest) => Promise<AcceptAnswer>;

/**
 * A command as it came off a wire: `{ id, by? }`.
 *
 * @param via - by which way it came.
 * @returns null when it is none: no `id` of 1 to 64 characters, or `by` longer than 40.
 */
export function readAcceptRequest(value: unknown, via: string): AcceptRequest | null {
  const parsed = request.safeParse(value);
  return parsed.success ? { ...parsed.data, via } : null;
}

/** As `readAcceptRequest`, from JSON text. */
export function parseAcceptRequest(text: string, via: string): AcceptRequest | null {
  try {
    return readAcceptRequest(JSON.parse(text), via);
  } catch {
    return null;
  }
}
