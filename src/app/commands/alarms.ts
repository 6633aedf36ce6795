import type { Alarm } from '../../model/alarm.ts';
import { ALL_ALARMS, LONGEST_SHELF_S, type AlarmVerb } from '../../model/alarmCommand.ts';
import { duration } from '../../model/duration.ts';
import { EXIT, parseArguments, UsageError, type Command } from '../command.ts';
import { askMonitor, commander, MONITOR_HELP, MONITOR_OPTIONS } from '../postCommand.ts';
import { clockText } from '../runReport.ts';

const VERBS: Readonly<Record<string, AlarmVerb>> = {
  ack: 'acknowledge',
  shelve: 'shelve',
  unshelve: 'unshelve',
  reset: 'reset',
};

export const alarms: Command = {
  name: 'alarms',
  summary: 'list the alarms of a running monitor, acknowledge, shelve or reset them',
  help: `operando alarms [ack | shelve | unshelve | reset  ALARM] [options]

Without a verb it lists the alarms that are not over and done with. ALARM is the id that the list
shows; \`ack all\` acknowledges all that wait for it. A shelved alarm, and others like it, are put
aside for a while; they stop the beam all the same. Every act is recorded with its name among the
frames, so that a replay takes the same steps. Exit code 1 without the monitor's confirmation.

  --for SPAN    how long to shelve, "45 min", an hour by default and at most 8 h
  --reason TEXT why; required to shelve
${MONITOR_HELP}

examples
  operando alarms
  operando alarms ack all --by mk
  operando alarms shelve change-alert/1200 --for "45 min" --reason "furnace is being filled"`,
  async run(args, console) {
    const options = { ...MONITOR_OPTIONS, for: { type: 'string' }, reason: { type: 'string' } } as const;
    const { values, positionals } = parseArguments(args, options, { least: 0, most: 2, names: 'VERB and ALARM' });
    const [word, alarm] = positionals;
    if (word === undefined) {
      const { isAnswered, detail, body } = await askMonitor('/api/v1/alarms', undefined, values, console);
      if (!isAnswered) console.err(detail);
      else for (const line of listLines(alarmsOf(body))) console.out(line);
      return isAnswered ? EXIT.done : EXIT.failed;
    }
    const command = Object.hasOwn(VERBS, word) ? VERBS[word] : undefined;
    if (command === undefined) throw new UsageError(`expected ack, shelve, unshelve or reset, got '${word}'`);
    if (alarm === undefined) throw new UsageError(`which alarm? its id, as the list shows it, or '${ALL_ALARMS}'`);
    const { isDone, isAnswered, detail } = await askMonitor(
      '/api/v1/alarm',
      {
        ...{ command, alarm, by: commander(values), forSeconds: secondsOf(values['for']) },
        ...(typeof values['reason'] === 'string' ? { reason: values['reason'] } : {}),
      },
      values,
      console,
    );
    if (isDone) console.out(detail);
    else console.err(isAnswered ? `not done: ${detail}` : detail);
    return isDone ? EXIT.done : EXIT.failed;
  },
};

function secondsOf(text: unknown): number {
  if (typeof text !== 'string') return 3600;
  const parsed = duration.safeParse(text);
  if (!parsed.success || parsed.data > LONGEST_SHELF_S * 1e6)
    throw new UsageError(`--for expects a span of at most 8 h, like "45 min", got '${text}'`);
  return parsed.data / 1e6;
}

const alarmsOf = (body: unknown): readonly Alarm[] =>
  typeof body === 'object' && body !== null && 'alarms' in body && Array.isArray(body.alarms)
    ? (body.alarms as Alarm[])
    : [];

function listLines(list: readonly Alarm[]): string[] {
  if (list.length === 0) return ['no alarms'];
  return list.map(({ id, state, isActive, raisedUs, count, acknowledged, shelf, alert }) => {
    const by = shelf?.by ?? acknowledged?.by;
    const more = [
      ...(by === undefined ? [] : [`by ${by}`]),
      ...(shelf === null ? [] : [`until ${clockText(shelf.untilUs)}: ${shelf.reason}`]),
      ...(count > 1 ? [`${count} times`] : []),
      ...(state === 'shelved' && isActive ? ['active'] : []),
    ];
    const how = more.length === 0 ? '' : ` (${more.join(', ')})`;
    return `${clockText(raisedUs)}  ${state.padEnd(14)} ${id}  ${alert.message}${how}`;
  });
}
