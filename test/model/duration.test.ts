import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { duration, falseAlarmRate, parseDuration, runLengthOf } from '../../src/model/duration.ts';

describe('a duration', () => {
  it('is read as whole microseconds in every unit', () => {
    expect(['8 h', '30 min', '10 s', '250 ms', '2 d', '5us'].map(parseDuration)).toEqual([
      28_800_000_000, 1_800_000_000, 10_000_000, 250_000, 172_800_000_000, 5,
    ]);
  });

  it('takes fractions and rounds them to a microsecond', () => {
    expect(parseDuration('1.5 h')).toBe(5_400_000_000);
    expect(parseDuration('0.0000016 s')).toBe(2);
  });

  it.each(['8', 'h', '-1 s', '1 week', '', '1e3 s', '8 hh'])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(RangeError);
    expect(duration.safeParse(text).success).toBe(false);
  });

  it('refuses spans that microseconds cannot hold', () => {
    expect(duration.safeParse('0 s').success).toBe(false);
    expect(duration.safeParse('999999999999 d').success).toBe(false);
  });

  it('has a JSON Schema of what is written in the file', () => {
    const schema = z.toJSONSchema(z.object({ hold: duration, falseAlarms: falseAlarmRate }), { io: 'input' });
    expect(schema.properties?.['hold']).toMatchObject({ type: 'string' });
  });
});

describe('a false-alarm rate', () => {
  it('becomes a run length with the frame period', () => {
    expect(runLengthOf(falseAlarmRate.parse({ onePer: '8 h' }), 100_000)).toBe(288_000);
  });

  it('may be given in frames, without a period', () => {
    expect(runLengthOf(falseAlarmRate.parse({ onePer: { frames: 5000 } }), null)).toBe(5000);
  });

  it('says what is missing when the period is not declared', () => {
    expect(() => runLengthOf(falseAlarmRate.parse({ onePer: '8 h' }), null)).toThrow(/framePeriodMs/);
  });

  it('refuses more than one false alarm per frame', () => {
    expect(() => runLengthOf(falseAlarmRate.parse({ onePer: '1 ms' }), 100_000)).toThrow(RangeError);
    expect(falseAlarmRate.safeParse({ onePer: { frames: 0 } }).success).toBe(false);
  });
});
