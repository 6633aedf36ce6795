import type { AlarmKind, Shelf } from '../model/alarm.ts';

/** Puts aside what is of this kind. */
export function shelfFor(kind: AlarmKind, by: string, reason: string, untilUs: number): Shelf {
  const { rule, stream, template = '', region } = kind;
  return { rule, stream, template, region: region ?? null, by, reason, untilUs };
}

/** Whether an alert is one of those that were put aside: of the same rule, stream and template, and where regions overlap. Another change of the same spectrum is not. */
export function isOn(shelf: Shelf, { rule, stream, template = '', region }: AlarmKind): boolean {
  if (shelf.rule !== rule || shelf.stream !== stream || shelf.template !== template) return false;
  if (shelf.region === null || region === undefined) return shelf.region === null && region === undefined;
  return region[0] <= shelf.region[1] && shelf.region[0] <= region[1];
}
