import { describe, expect, it } from 'vitest';
import { createExposureCommands, type SentExposure } from '../../src/app/exposureCommands.ts';
import { makeReading } from '../../src/model/makeReading.ts';

/** Commands on a clock that is turned by hand. */
function stand({ isOpen = true } = {}) {
  const clock = { nowMs: 0, isOpen };
  const sent: number[] = [];
  const noted: SentExposure[] = [];
  let waiting: { atMs: number; act: () => void } | null = null;
  const commands = createExposureCommands({
    from: 'advice',
    atMostEveryMs: 100,
    send({ seconds }) {
      if (clock.isOpen) sent.push(seconds);
      return clock.isOpen;
    },
    noted: (command) => noted.push(command),
    nowMs: () => clock.nowMs,
    after(ms, act) {
      waiting = { atMs: clock.nowMs + ms, act };
      return () => (waiting = null);
    },
  });
  const turnTo = (ms: number): void => {
    clock.nowMs = ms;
    if (waiting === null || waiting.atMs > ms) return;
    const { act } = waiting;
    waiting = null;
    act();
  };
  const advise = (seconds: number, seq = 0, stage = 'advice', name = 'exposureSeconds'): void =>
    commands.hear(
      makeReading({ stream: 's', seq, timeUs: 1000 * seq }, stage, {
        name,
        value: seconds,
        unit: 's',
        quality: 'valid',
      }),
    );
  return { commands, sent, noted, clock, turnTo, advise };
}

describe('commands of exposure', () => {
  it('are sent when the advice changes, and only then', () => {
    const { sent, noted, turnTo, advise } = stand();
    [0.005, 0.005, 0.1, 0.1, 0.005].forEach((seconds, k) => {
      turnTo(200 * k);
      advise(seconds, k);
    });
    expect(sent).toEqual([0.005, 0.1, 0.005]);
    expect(noted.map(({ seq }) => seq)).toEqual([0, 2, 4]);
  });

  it('are sent no more often than agreed, the newest advice last', () => {
    const { sent, turnTo, advise } = stand();
    [0.005, 0.1, 0.02, 0.05].forEach((seconds, k) => {
      turnTo(10 * k);
      advise(seconds, k);
    });
    expect(sent).toEqual([0.005]);
    turnTo(99);
    expect(sent).toEqual([0.005]);
    turnTo(100);
    expect(sent).toEqual([0.005, 0.05]);
  });

  it('are not sent when the advice went back within that time', () => {
    const { sent, turnTo, advise } = stand();
    [0.005, 0.1, 0.005].forEach((seconds) => advise(seconds));
    turnTo(1000);
    expect(sent).toEqual([0.005]);
  });

  it('do not wait for a way that is closed: the newest is sent when it opens, and counted', () => {
    const { commands, sent, clock, turnTo, advise } = stand({ isOpen: false });
    [0.005, 0.1, 0.02].forEach((seconds, k) => {
      turnTo(200 * k);
      advise(seconds, k);
    });
    expect(sent).toEqual([]);
    clock.isOpen = true;
    turnTo(600);
    commands.repeat();
    expect(sent).toEqual([0.02]);
    expect(commands.account()).toMatchObject({ sentCount: 1, unsentCount: 3 });
  });

  it('are sent again when the instrument may have forgotten', () => {
    const { commands, sent, turnTo, advise } = stand();
    advise(0.1);
    turnTo(500);
    commands.repeat();
    expect(sent).toEqual([0.1, 0.1]);
  });

  it('follow one stage and one reading, and never ask for no exposure at all', () => {
    const { sent, advise } = stand();
    advise(0.1, 0, 'other');
    advise(0.1, 0, 'advice', 'exposureAdvice');
    advise(0);
    expect(sent).toEqual([]);
  });

  it('end with the run', () => {
    const { commands, sent, turnTo, advise } = stand();
    advise(0.1);
    advise(0.2);
    commands.close();
    turnTo(1000);
    expect(sent).toEqual([0.1]);
  });

  it('are kept account of, the last twenty in full', () => {
    const { commands, turnTo, advise } = stand();
    for (let k = 0; k < 50; k++) {
      turnTo(200 * k);
      advise(k % 2 === 0 ? 0.1 : 0.2, k);
    }
    const { sentCount, last } = commands.account();
    expect(sentCount).toBe(50);
    expect(last.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, k) => 30 + k));
  });
});
