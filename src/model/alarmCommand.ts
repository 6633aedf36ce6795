import { z } from 'zod';
import type { AcceptAnswer } from './operatorCommand.ts';

/** Longest time that an alarm may be shelved, seconds: a shift. */
export const LONGEST_SHELF_S = 8 * 3600;

/** Instead of an id, to acknowledge all that wait for it. */
export const ALL_ALARMS = 'all';

const request = z.object({
  command: z.enum(['acknowledge', 'shelve', 'unshelve', 'reset']),
  id: z.string().min(1).max(64),
  alarm: z.string().min(1).max(400),
  by: z.string().trim().max(40).default(''),
  reason: z.string().trim().max(300).default(''),
  /** How long to shelve it. */
  forSeconds: z.number().positive().max(LONGEST_SHELF_S).default(3600),
});

export type AlarmVerb = z.output<typeof request>['command'];

/** An operator's command about an alarm. */
export interface AlarmRequest extends z.output<typeof request> {
  /** By which way it came: 'page', 'command line', 'mqtt'. */
  readonly via: string;
}

/** A command about an alarm that was obeyed; recorded in its place among the frames, so that a replay obeys it there. */
export interface AlarmAct extends AlarmRequest {
  readonly type: 'alarmAct';
  /** By the monitor's clock, microseconds since 1970. */
  readonly atUs: number;
}

/** Obeys a command, or says why not; the same id again is answered the same and done once. Never rejects. */
export type AlarmCommand = (request: AlarmRequest) => Promise<AcceptAnswer>;

/**
 * A command as it came off a wire: `{ command: 'acknowledge' | 'shelve' | 'unshelve' | 'reset', id, alarm, by, reason?, forSeconds? }`.
 *
 * @param via - by which way it came.
 * @returns null when it is none.
 */
export function readAlarmRequest(value: unknown, via: string): AlarmRequest | null {
  const parsed = request.safeParse(value);
  return parsed.success ? { ...parsed.data, via } : null;
}
