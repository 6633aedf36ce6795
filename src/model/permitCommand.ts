import { z } from 'zod';
import type { AcceptAnswer } from './operatorCommand.ts';

const named = {
  id: z.string().min(1).max(64),
  by: z.string().trim().max(40).default(''),
  reason: z.string().trim().max(300).default(''),
};

/** Closes the beam at once; asks nothing. */
const stop = z.object({ command: z.literal('stop'), ...named });
/** Grants the permit, for the first time or anew; refused without a name and a reason, and while a cause stands. */
const rearm = z.object({ command: z.literal('rearm'), ...named });

const request = z.discriminatedUnion('command', [stop, rearm]);

/** An operator's command to the beam permit. */
export type PermitRequest = z.output<typeof request> & {
  /** By which way it came: 'page', 'command line', 'mqtt'. */
  readonly via: string;
};

/** Obeys a command, or says why not; the same id again is answered the same and done once. Never rejects. */
export type PermitCommand = (request: PermitRequest) => Promise<AcceptAnswer>;

/**
 * A command as it came off a wire: `{ command: 'stop' | 'rearm', id, by?, reason? }`.
 *
 * @param via - by which way it came.
 * @returns null when it is none.
 */
export function readPermitRequest(value: unknown, via: string): PermitRequest | null {
  const parsed = request.safeParse(value);
  return parsed.success ? { ...parsed.data, via } : null;
}
