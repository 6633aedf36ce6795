import { describe, expect, it } from 'vitest';
import type { Detection, Reading } from '../../../src/model/signal.ts';
import adaptive from '../../../src/stages/threshold/adaptive.ts';

const reading = (seq: number, value: number): Reading => ({
  type: 'reading',
  stream: 's',
  seq,
  timeUs: seq * 1e6,
  stage: 'c',
  name: 'statistic',
  value,
  unit: '1',
  quality: 'valid',
  region: [3, 4],
  regionUnit: 'nm',
  sign: -1,
});

it('learns the usual level, speaks far above it, and does not take a lasting change for usual', () => {
  const found: Detection[] = [];
  const stage = adaptive.create('t', { learn: 10, factor: 6, memory: 10 });
  const value = (k: number) => (k < 30 ? 5 + (k % 5) * 0.2 : 20);
  for (let k = 0; k < 200; k++)
    stage.process(reading(k, value(k)), (out) => out.type === 'detection' && found.push(out));
  expect(found).toHaveLength(170);
  expect(found.at(-1)).toMatchObject({
    onsetUs: 30e6,
    onsetIntervalUs: [29e6, 30e6],
    region: [3, 4],
    regionUnit: 'nm',
    sign: -1,
  });
});

it('learns the usual level anew, and hands on why, when the operator accepts a new state', () => {
  const out: (Detection | Reading)[] = [];
  const stage = adaptive.create('t', { learn: 10, factor: 6, memory: 10 });
  const say = (signal: Reading) => stage.process(signal, (each) => out.push(each));
  for (let k = 0; k < 40; k++) say(reading(k, k < 30 ? 5 + (k % 5) * 0.2 : 20 + (k % 5) * 0.2));
  say({ ...reading(40, 1), name: 'accepted' });
  for (let k = 40; k < 90; k++) say(reading(k, k < 80 ? 20 + (k % 5) * 0.2 : 60));
  const found = out.flatMap(({ type, seq }) => (type === 'detection' ? [seq] : []));
  expect(found).toEqual([30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89]);
  const readings = out.flatMap((each) => (each.type === 'reading' && each.name !== 'threshold' ? [each] : []));
  expect(readings.find(({ name }) => name === 'accepted')).toMatchObject({ stage: 't', seq: 40, value: 1 });
  expect(readings.filter(({ name }) => name === 'learning').map(({ seq, value }) => [seq, value])).toContainEqual([
    44, 0.5,
  ]);
});

describe('a trim behind a detector', () => {
  const stated = 10;
  const trim = adaptive.create('t', { learn: 20, falseAlarms: { onePer: { frames: 10_000 } }, trim: { memory: 500 } });
  const out: (Detection | Reading)[] = [];
  /** One frame of the detector: its readings, and its detection when it has one. */
  const frame = (seq: number, value: number): (Detection | Reading)[] => {
    const from = out.length;
    const say = (signal: Detection | Reading) => trim.process(signal, (each) => out.push(each));
    say(reading(seq, value));
    say({ ...reading(seq, stated), name: 'threshold' });
    const { stream, timeUs } = reading(seq, 0);
    if (value >= stated)
      say({
        type: 'detection',
        stream,
        seq,
        timeUs,
        onsetUs: timeUs - 5,
        detector: 'c',
        statistic: value,
        threshold: stated,
        sign: 1,
        template: 'peak',
      });
    return out.slice(from);
  };
  const valueOf = (signals: readonly (Detection | Reading)[], name: string) =>
    signals.flatMap((each) => (each.type === 'reading' && each.name === name ? [each.value] : []))[0];

  it('says why it waits, and for how long', () => {
    const first = frame(0, 1);
    expect(first.map((each) => (each.type === 'reading' ? each.name : ''))).toEqual([
      ...['threshold', 'trim', 'waiting', 'frozen.evidence', 'frozen.learning', 'frozen.bound'],
    ]);
    expect(valueOf(first, 'threshold')).toBe(stated);
    expect([valueOf(first, 'waiting'), valueOf(first, 'frozen.learning')]).toEqual([19, 1]);
  });

  it('lowers a threshold that its stream never comes near, and then finds more than the detector', () => {
    for (let seq = 1; seq < 2000; seq++) frame(seq, 1);
    const quiet = frame(2000, 1);
    expect(valueOf(quiet, 'trim')).toBeCloseTo(-1, 9);
    expect(valueOf(quiet, 'frozen.bound')).toBe(1);
    const [found] = frame(2001, 9.5).filter(({ type }) => type === 'detection');
    expect(found).toMatchObject({
      detector: 't',
      statistic: 9.5,
      threshold: 9,
      onsetUs: 2001e6,
      averageRunLength: 1e4,
    });
  });

  it('hands on what the detector found, with all that it knows', () => {
    const signals = frame(2002, 12);
    expect(signals.at(-1)).toMatchObject({
      type: 'detection',
      detector: 't',
      template: 'peak',
      sign: 1,
      averageRunLength: 1e4,
    });
    expect(valueOf(signals, 'waiting')).toBe(100);
    expect(valueOf(frame(2003, 1), 'frozen.evidence')).toBe(1);
  });

  it('keeps back what the detector found when the stream itself comes that high', () => {
    let seq = 3000;
    for (let k = 0; k < 3000; k++) frame(seq++, k % 20 === 0 ? 7 : 1);
    const raised = valueOf(frame(seq++, 1), 'threshold')!;
    expect(raised).toBeGreaterThan(10.5);
    const kept = frame(seq++, 10.2);
    expect(kept.some(({ type }) => type === 'detection')).toBe(false);
    expect(frame(seq, raised + 1).some(({ type }) => type === 'detection')).toBe(true);
  });

  it('goes on bit by bit after a checkpoint, taken between two readings of a frame', () => {
    const settings = { learn: 20, falseAlarms: { onePer: { frames: 10_000 } }, trim: { memory: 500 } };
    const signals = Array.from({ length: 400 }, (_, seq) => [
      reading(seq, seq % 50 === 0 ? 9.8 : (seq * 7) % 5),
      { ...reading(seq, stated), name: 'threshold' },
    ]).flat();
    const through = (stage: ReturnType<typeof adaptive.create>, some: readonly Reading[]) => {
      const made: (Detection | Reading)[] = [];
      for (const signal of some) stage.process(signal, (each) => made.push(each));
      return made;
    };
    const whole = adaptive.create('t', settings);
    through(whole, signals.slice(0, 501));
    const after = adaptive.create('t', settings);
    after.restore(whole.snapshot());
    expect(through(after, signals.slice(501))).toEqual(through(whole, signals.slice(501)));
  });

  it('forgets its trim when the operator accepts a new state', () => {
    trim.process({ ...reading(9000, 1), name: 'accepted' }, () => undefined);
    expect(valueOf(frame(9001, 1), 'trim')).toBe(0);
  });

  it.each([
    [{ trim: {} }, /trim needs falseAlarms/],
    [{ trim: { every: 200 }, falseAlarms: { onePer: { frames: 100 } } }, /not rarer than trim\.every, 200 frames/],
  ])('refuses %j', (settings, reason) => {
    expect(() => adaptive.averageRunLength!(adaptive.config.parse(settings), null)).toThrow(reason);
  });
});
