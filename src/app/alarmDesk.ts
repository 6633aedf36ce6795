import { createAlarmLifeCycle, type AlarmSettings } from '../alarms/lifeCycle.ts';
import type { Alarm, AlarmMemory, AlarmStep } from '../model/alarm.ts';
import type { AlarmAct, AlarmCommand, AlarmRequest } from '../model/alarmCommand.ts';
import type { AcceptAnswer, OperatorAct } from '../model/operatorCommand.ts';
import type { Signal } from '../model/signal.ts';
import { withinMs } from './withinMs.ts';

/** So many answers are remembered, so that a command that is repeated is known again. */
const REMEMBERED = 500;
/** A sink that is away holds up the checkpoint; the operator is told before the page gives up. */
const CHECKPOINT_MS = 1500;

export interface AlarmDeskOptions {
  readonly mode: 'live' | 'replay';
  readonly settings: AlarmSettings;
  /** Of before a restart. */
  readonly memory: AlarmMemory | undefined;
  /** Hears of every act that was obeyed. */
  acted(act: AlarmAct): void;
  /** Hears of every step in the life of an alarm. */
  stepped(step: AlarmStep): void;
  /** Resolves when the act would survive a crash. */
  keep(): Promise<void>;
}

/** Where alarms are seen to, one command after the other. It has no hand on the beam: a shelved alarm stops it all the same. */
export interface AlarmDesk {
  readonly command: AlarmCommand;
  hear(signal: Signal, from: string): void;
  /** An operator took the present state for the new reference. */
  accepted(act: Pick<OperatorAct, 'by'>): void;
  /** Does again what was done in the recorded run. */
  repeat(act: AlarmAct): void;
  list(): readonly Alarm[];
  /** Critical alarms that nobody has seen. */
  urgent(): number;
  snapshot(): AlarmMemory;
}

export function createAlarmDesk(options: AlarmDeskOptions): AlarmDesk {
  const cycle = createAlarmLifeCycle(options.settings, options.stepped, options.memory);
  const answers = new Map<string, Promise<AcceptAnswer>>();

  const obey = async (request: AlarmRequest): Promise<AcceptAnswer> => {
    const act: AlarmAct = { type: 'alarmAct', ...request, atUs: Date.now() * 1000 };
    const refusal = cycle.obey(act);
    if (refusal !== null) return { id: request.id, isDone: false, detail: refusal };
    options.acted(act);
    await withinMs(CHECKPOINT_MS, options.keep()).catch(() => undefined);
    return { id: request.id, isDone: true, detail: `${DONE[request.command]} by ${request.by}.` };
  };
  return {
    command(request) {
      if (options.mode === 'replay')
        return Promise.resolve({ id: request.id, isDone: false, detail: 'This is a replay: what was done is done.' });
      let answer = answers.get(request.id);
      if (answer === undefined) {
        answer = obey(request);
        answers.set(request.id, answer);
        if (answers.size > REMEMBERED) answers.delete(answers.keys().next().value as string);
      }
      return answer;
    },
    hear(signal, from) {
      if (signal.type === 'alert') cycle.hear(signal);
      else if (signal.type === 'frame' && from === signal.stream) cycle.pass(signal.stream, signal.timeUs);
    },
    accepted: ({ by }) => cycle.accepted(by),
    repeat: (act) => void cycle.obey(act),
    list: () => cycle.list(),
    urgent: () =>
      cycle
        .list()
        .filter(
          ({ severity, state }) => severity === 'critical' && (state === 'unacknowledged' || state === 'returned'),
        ).length,
    snapshot: () => cycle.snapshot(),
  };
}

const DONE = { acknowledge: 'Acknowledged', shelve: 'Shelved', unshelve: 'Unshelved', reset: 'Reset' } as const;
