import { Observable, type OperatorFunction } from 'rxjs';
import { MonitorError } from '../model/error.ts';
import type { Signal, SignalMap, SignalType } from '../model/signal.ts';
import type { Stage } from '../model/stage.ts';
import type { NodeMeter } from './measure.ts';

/** What happens when a stage fails: the stream ends in an error, the signal is dropped, or a frame is handed on unchanged. */
export type OnError = 'stop' | 'skip' | 'bypass';

export interface ThroughOptions {
  /** @default 'stop' */
  readonly onError?: OnError;
  readonly meter?: NodeMeter;
}

/**
 * The only bridge between stages and RxJS: lifts a stage to an operator.
 *
 * ```
 * frames   --a-----b-----c--|
 *           throughStage(detector)
 * out      --------x--------|
 * ```
 *
 * A signal is lent for the length of the call: who keeps it, copies it.
 *
 * @example
 * frames$.pipe(throughStage(snip.create('background', {}))).subscribe((frame) => console.log(frame.seq));
 */
export function throughStage<In extends SignalType, Out extends SignalType>(
  stage: Stage<In, Out>,
  { onError = 'stop', meter }: ThroughOptions = {},
): OperatorFunction<SignalMap[In], SignalMap[Out]> {
  return (source) =>
    new Observable((subscriber) => {
      // An error from behind this stage must not be taken for its own.
      let isEmitting = false;
      const emit = (signal: SignalMap[Out]): void => {
        meter?.emitted();
        const wasEmitting = isEmitting;
        isEmitting = true;
        subscriber.next(signal);
        isEmitting = wasEmitting;
      };
      return source.subscribe({
        next(input) {
          meter?.enter();
          try {
            stage.process(input, emit);
          } catch (cause) {
            if (isEmitting) throw cause;
            meter?.failed();
            if (onError === 'stop') subscriber.error(failure(stage, input, cause));
            else if (onError === 'bypass') subscriber.next(input as unknown as SignalMap[Out]);
          } finally {
            meter?.leave();
          }
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
}

function failure(stage: Stage, input: Signal, cause: unknown): MonitorError {
  const place = { id: stage.id, stream: input.stream, seq: input.seq };
  const sentence =
    cause instanceof MonitorError
      ? cause.message.replace(`${stage.id}: `, '')
      : `${stage.kind} failed at frame ${input.seq}`;
  return new MonitorError(cause instanceof MonitorError ? cause.code : 'STAGE', sentence, place, { cause });
}
