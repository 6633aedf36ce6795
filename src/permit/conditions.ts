import type { PermitCondition } from '../model/permit.ts';

/** A condition, and what kind of stop its failure is: a rule's ('stopped') or a failure of data or machines ('withheld'). */
export interface Judgement extends Omit<PermitCondition, 'detail'> {
  readonly stopsAs: 'stopped' | 'withheld';
  /** Its detail: made only when somebody reads it, for conditions are judged with every frame. */
  tell(): string;
}

/** What a condition says of itself, for the page and the audit log. */
export const toCondition = ({ id, name, isHeld, tell }: Judgement): PermitCondition => ({
  id,
  name,
  isHeld,
  detail: tell(),
});

/** A source of conditions: everything the permit depends on is one. */
export interface ConditionSource {
  /** @param nowMs - monotonic. */
  judge(nowMs: number): readonly Judgement[];
}

/** Milliseconds as a person reads them: '480 ms', '2.5 s'. */
export function spanOf(ms: number): string {
  if (!Number.isFinite(ms)) return 'for ever';
  return ms < 1000 ? `${Math.max(0, Math.round(ms))} ms` : `${Number((ms / 1000).toPrecision(3))} s`;
}

/** Whether the beam may have been on: what has to be known before any condition can be judged by data. */
export interface BeamHistory {
  /** Monotonic time of the last arming; null while the beam is not permitted. */
  readonly armedMs: number | null;
}
