import { describe, expect, it } from 'vitest';
import { createMemorySink } from '../../src/sinks/memory.ts';
import { alertAt, frameAt, readingAt } from './signals.ts';

describe('the memory sink', () => {
  it('keeps the last signals in order, and counts all', () => {
    const sink = createMemorySink(3);
    expect(sink.kept()).toEqual([]);
    for (let seq = 0; seq < 8; seq++) {
      sink.write(readingAt(seq), 'onset');
      const seqs = sink.kept().map(({ signal }) => signal.seq);
      expect(seqs).toEqual([seq - 2, seq - 1, seq].filter((n) => n >= 0));
    }
    expect(sink.writtenCount()).toBe(8);
    expect(sink.kept()[0]).toEqual({ from: 'onset', signal: readingAt(5) });
  });

  it('keeps copies', () => {
    const sink = createMemorySink();
    const frame = frameAt(1);
    const alert = alertAt(2, { evidence: ['onset'] });
    sink.write(frame, 'xrd');
    sink.write(alert, 'newPhase');
    frame.values.fill(-1);
    (alert.evidence as string[]).push('later');
    expect(sink.kept().map(({ signal }) => signal)).toEqual([frameAt(1), alertAt(2)]);
  });

  it('refuses to keep less than one signal', () => {
    expect(() => createMemorySink(0)).toThrow('capacity is 0, expected at least 1');
  });
});
