import { describe, expect, it } from 'vitest';
import { eventCourse, framesToBegin, oracleDelay, sinceBegun } from '../../../bench/simulators/eventOracle.ts';
import { INSTRUMENTS } from '../../../bench/simulators/instruments.ts';
import { createSimulator } from '../../../simulators/createSimulator.ts';

const EVENT = 20;

describe.each(INSTRUMENTS.map((instrument) => [instrument.name, instrument] as const))(
  'the event of %s',
  (name, instrument) => {
    const course = (scenario: string, frames: number) =>
      eventCourse(instrument, scenario, { channels: 256, eventAtFrame: EVENT, frames });

    it('proceeds as the simulator says', () => {
      const { progress } = course('event-fast', 8);
      const simulator = createSimulator(`${name}:event-fast`, { channels: 256, eventAtFrame: EVENT });
      const truth = Array.from({ length: EVENT + 8 }, () => simulator.next().truth.change);
      expect(progress).toEqual(truth.slice(EVENT));
    });

    it('tells more the further it goes, as its square at first', () => {
      const { progress, information } = course('event-slow', 300);
      expect(information.every((each) => each >= 0 && Number.isFinite(each))).toBe(true);
      const [early, later] = [20, 40];
      const power = Math.log(information[later]! / information[early]!) / Math.log(progress[later]! / progress[early]!);
      expect(power).toBeGreaterThan(1.7);
      expect(power).toBeLessThan(2.3);
    });

    it('is found by an oracle at once when fast, later when slow', () => {
      const [fast, slow] = [course('event-fast', 50), course('event-slow', 300)];
      expect(framesToBegin(fast)).toBe(0);
      expect(framesToBegin(slow)).toBe(17);
      expect(oracleDelay(fast, 1e5)).toBeLessThanOrEqual(5);
      expect(oracleDelay(slow, 1e5)).toBeGreaterThan(oracleDelay(fast, 1e5)!);
      expect(sinceBegun(slow, 20)).toBe(3);
      expect(sinceBegun(slow, 5)).toBe(1);
      expect(oracleDelay({ ...slow, information: slow.information.map(() => 0) }, 1e5)).toBeNull();
    });
  },
);

describe('the delay of an oracle', () => {
  it('is ln(run length) over the information of a change that is complete at once', () => {
    const course = {
      progress: Array.from({ length: 100 }, () => 1),
      information: Array.from({ length: 100 }, () => 0.5),
    };
    expect(oracleDelay(course, 1e4)).toBe(Math.ceil(Math.log(1e4) / 0.5));
  });
});
