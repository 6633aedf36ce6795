import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineStage } from '../../src/model/defineStage.ts';
import type { MonitorError } from '../../src/model/error.ts';
import type { Frame } from '../../src/model/frame.ts';
import { throughStage, type OnError } from '../../src/pipeline/throughStage.ts';
import { channelLayout, testFrame } from '../support/frames.ts';

const layout = channelLayout(1);
const frame = (value: number): Frame => testFrame(layout, value, [value]);

/** Hands on frames with an even count; breaks at 9. */
const evenOnly = defineStage({
  kind: 'test.evenOnly',
  version: 1,
  summary: '',
  input: 'frame',
  outputs: ['frame'],
  config: z.object({}),
  example: {},
  prepare: () => ({}),
  init: () => ({}),
  step(_state, signal, emit) {
    if (signal.values[0] === 9) throw new RangeError('nine');
    if (signal.values[0]! % 2 === 0) emit(signal);
  },
});

const marbles = (input: string, output: string, onError: OnError): void => {
  const values = Object.fromEntries([1, 2, 4, 9].map((value) => [String(value), frame(value)]));
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ cold, expectObservable }) => {
    const out$ = cold(input, values).pipe(throughStage(evenOnly.create('even', {}), { onError }));
    expectObservable(out$).toBe(output, values, expect.objectContaining({ name: 'MonitorError' }));
  });
};

describe('throughStage', () => {
  it('emits when the stage emits, and completes with its source', () => marbles('-1-2-4-|', '---2-4-|', 'stop'));
  it('ends in an error when the stage fails', () => marbles('-2-9-4-|', '-2-#', 'stop'));
  it('drops what the stage fails on, when told to skip', () => marbles('-2-9-4-|', '-2---4-|', 'skip'));
  it('hands on what the stage fails on, when told to bypass', () => marbles('-2-9-4-|', '-2-9-4-|', 'bypass'));

  it('names stage, stream, frame and cause', () => {
    const errors: MonitorError[] = [];
    new TestScheduler(() => undefined).run(({ cold }) => {
      cold('9', { 9: frame(9) })
        .pipe(throughStage(evenOnly.create('even', {})))
        .subscribe({ error: (error: MonitorError) => errors.push(error) });
    });
    expect(errors[0]).toMatchObject({ code: 'STAGE', place: { id: 'even', stream: 's', seq: 9 } });
    expect(errors[0]!.cause).toBeInstanceOf(RangeError);
  });

  it('does not take an error from behind it for its own', () => {
    const source = { frame: frame(2) };
    const seen: unknown[] = [];
    new TestScheduler(() => undefined).run(({ cold }) => {
      const behind = defineStage({
        ...evenOnly,
        kind: 'test.broken',
        step() {
          throw new Error('behind');
        },
      });
      cold('2', { 2: source.frame })
        .pipe(throughStage(evenOnly.create('even', {}), { onError: 'skip' }), throughStage(behind.create('behind', {})))
        .subscribe({ error: (error: MonitorError) => seen.push(error.place.id) });
    });
    expect(seen).toEqual(['behind']);
  });
});
