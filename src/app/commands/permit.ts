import type { PermitView } from '../../model/permit.ts';
import { EXIT, parseArguments, UsageError, type Command } from '../command.ts';
import { askMonitor, commander, MONITOR_HELP, MONITOR_OPTIONS } from '../postCommand.ts';

const ACTS = ['show', 'stop', 'rearm'] as const;
type Act = (typeof ACTS)[number];

export const permit: Command = {
  name: 'permit',
  summary: 'show the beam permit of a running monitor, stop the beam, or arm it',
  help: `operando permit show | stop | rearm [options]

show prints where the permit stands and each condition it rests on. stop takes the beam off at once.
rearm grants the permit, for the first time or after a stop: it takes a reason, is refused while the
cause of the stop stands, and is written to the audit log. Exit code 1 when it was not done.

  --reason TEXT why; demanded by rearm
${MONITOR_HELP}

examples
  operando permit show
  operando permit rearm --by mk --reason 'fresh area at x 120'`,
  async run(args, console) {
    const options = { ...MONITOR_OPTIONS, reason: { type: 'string' } } as const;
    const { values, positionals } = parseArguments(args, options, { least: 1, most: 1, names: ACTS.join(', ') });
    const act = ACTS.find((name) => name === positionals[0]);
    if (act === undefined) throw new UsageError(`expected ${ACTS.join(', ')}, got '${positionals[0]}'`);
    const { isDone, isAnswered, detail, body } = await askMonitor(
      '/api/v1/permit',
      bodyOf(act, values),
      values,
      console,
    );
    if (!isDone) {
      console.err(isAnswered ? `not done: ${detail}` : detail);
      return EXIT.failed;
    }
    if (act !== 'show') {
      console.out(detail);
      return EXIT.done;
    }
    const view = (body as { permit: PermitView | null }).permit;
    if (view === null) {
      console.err('This monitor gives no beam permit.');
      return EXIT.failed;
    }
    for (const line of permitLines(view)) console.out(line);
    return EXIT.done;
  },
};

function bodyOf(act: Act, values: Readonly<Record<string, unknown>>): object | undefined {
  if (act === 'show') return undefined;
  const reason = typeof values['reason'] === 'string' ? values['reason'].trim() : '';
  if (act === 'rearm' && reason === '') throw new UsageError('rearm expects --reason');
  return { command: act, by: commander(values as never), reason };
}

const WORDS = {
  notArmed: 'NOT ARMED',
  permitted: 'BEAM PERMITTED',
  withheld: 'BEAM WITHHELD',
  stopped: 'BEAM STOPPED',
} as const;

function permitLines(view: PermitView): string[] {
  const seen = view.reportAgeMs === null ? 'the shutter has not reported' : `shutter ${view.observed}`;
  return [
    `${WORDS[view.state]}, ${seen}${view.isReadBack ? '' : ' (not read back)'}, epoch ${view.epoch}`,
    ...(view.cause === '' ? [] : [view.cause]),
    ...view.conditions.map(({ name, isHeld, detail }) => `  ${isHeld ? 'ok  ' : 'FAIL'}  ${name}: ${detail}`),
  ];
}
