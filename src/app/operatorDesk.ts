import type { StreamPosition } from '../model/checkpoint.ts';
import { OPERATOR_ACCEPT } from '../model/operatorAct.ts';
import type { AcceptAnswer, AcceptCommand, AcceptRequest, OperatorAct } from '../model/operatorCommand.ts';
import type { SlowSignals } from '../pipeline/slowSignals.ts';
import { withinMs } from './withinMs.ts';

/** So many acts are remembered, so that a command that is repeated is known again. */
const REMEMBERED = 200;
/** A sink that is away holds up the checkpoint; the operator is told before the page gives up. */
const CHECKPOINT_MS = 1500;

export interface OperatorDeskOptions {
  readonly mode: 'live' | 'replay';
  readonly slowSignals: SlowSignals;
  /** Acts of before a restart. */
  readonly acts: readonly OperatorAct[];
  /** The last frame of every stream that still runs; null for one that has not begun. */
  positions(): readonly (readonly [stream: string, position: StreamPosition | null])[];
  /** Resolves when the act would survive a crash. */
  keep(): Promise<void>;
  /** Hears of every act. */
  noted(act: OperatorAct): void;
}

/** Where operators' commands are obeyed, one by one. */
export interface OperatorDesk {
  readonly accept: AcceptCommand;
  /** Oldest first. */
  acts(): readonly OperatorAct[];
}

export function createOperatorDesk(options: OperatorDeskOptions): OperatorDesk {
  const acts = [...options.acts];
  const answers = new Map<string, Promise<AcceptAnswer>>();

  const obey = async (request: AcceptRequest): Promise<AcceptAnswer> => {
    const known = acts.find(({ id }) => id === request.id);
    if (known !== undefined) return done(known);
    const positions = options.positions();
    const begun = positions.flatMap(([stream, position]) => (position === null ? [] : [{ stream, position }]));
    if (begun.length === 0) {
      const why = positions.length === 0 ? 'The run has ended' : 'No frame has come yet';
      return { id: request.id, isDone: false, detail: `${why}: there is no state to accept.` };
    }
    const count = (acts.at(-1)?.count ?? 0) + 1;
    // Each stream hears of it on its own clock, with its next frame.
    for (const { stream, position } of begun)
      options.slowSignals.add({
        type: 'slow',
        name: OPERATOR_ACCEPT,
        stream,
        timeUs: position.timeUs,
        value: count,
        unit: '1',
      });
    const afterUs = Object.fromEntries(begun.map(({ stream, position }) => [stream, position.timeUs]));
    const act: OperatorAct = { ...request, count, afterUs };
    acts.push(act);
    if (acts.length > REMEMBERED) acts.shift();
    options.noted(act);
    await withinMs(CHECKPOINT_MS, options.keep()).catch(() => undefined);
    return done(act);
  };
  return {
    accept(request) {
      if (options.mode === 'replay')
        return Promise.resolve({ id: request.id, isDone: false, detail: 'This is a replay: what was done is done.' });
      let answer = answers.get(request.id);
      if (answer === undefined) {
        answer = obey(request).finally(() => answers.delete(request.id));
        answers.set(request.id, answer);
      }
      return answer;
    },
    acts: () => acts,
  };
}

const done = ({ id, count }: OperatorAct): AcceptAnswer => ({
  id,
  isDone: true,
  detail: `Accepted (act ${count}): the detectors learn the new state.`,
});
