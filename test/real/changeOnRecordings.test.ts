import { describe, expect, it } from 'vitest';
import { makeFrame, type Frame } from '../../src/model/frame.ts';
import adaptive from '../../src/stages/threshold/adaptive.ts';
import hysteresis from '../../src/stages/alert/hysteresis.ts';
import step from '../../src/stages/change/step.ts';
import trend from '../../src/stages/change/trend.ts';
import { hasRecording, readNickelate, readPerovskite, readSilicon, type Recording } from '../support/realSpectra.ts';
import { alertsOf } from '../support/stageChain.ts';

/** The labels (kelvins, frame numbers) at which alerts were raised. */
function raisedAt(recording: Recording, stages: Parameters<typeof alertsOf>[1], frames = recording.frames): number[] {
  const bySeq = new Map(recording.frames.map((frame, k) => [frame.seq, recording.labels[k]!]));
  return alertsOf(frames, stages)
    .filter(({ phase }) => phase === 'raised')
    .map(({ seq }) => bySeq.get(seq)!);
}

const between = (from: number, to: number) => (value: number) => value >= from && value <= to;

describe.runIf(hasRecording('npd_halide_perovskite_temperature'))('a perovskite warmed through its transitions', () => {
  const stages = (previous: number, factor: number, leastRatio: number, learn: number) => [
    step.create('change', { reference: { previous }, ignore: ['gain', 'shift', 'stretch'] }),
    adaptive.create('unusual', { factor, leastRatio, learn }),
    hysteresis.create('transition', { clearAfter: 2, renew: { ratio: 2, within: 2 } }),
  ];
  const settings: [previous: number, factor: number, leastRatio: number, learn: number][] = [
    [4, 8, 3, 20],
    [3, 8, 3, 20],
    [5, 8, 3, 20],
    [4, 5.6, 2.1, 20],
    [4, 10.4, 3.9, 20],
    [4, 8, 3, 14],
    [4, 8, 3, 26],
  ];

  it.each(settings)(
    'raises one alert at each step and at most one before, with n = %d, factor %d, ratio %d, learning %d',
    async (...setting) => {
      const temperatures = raisedAt(await readPerovskite(), stages(...setting));
      expect(temperatures.filter(between(149, 157))).toHaveLength(1);
      expect(temperatures.filter(between(165, 171))).toHaveLength(1);
      const others = temperatures.filter((t) => !between(149, 157)(t) && !between(165, 171)(t));
      expect(others.length).toBeLessThanOrEqual(1);
      expect(others.every(between(130, 149))).toBe(true);
    },
    20_000,
  );

  it('finds both steps on cooling too, and nothing at the frames of poor statistics', async () => {
    const { layout, frames, labels } = await readPerovskite();
    const last = frames.length - 1;
    const cooling = frames.map((frame, k) => makeFrame({ ...frame, values: frames[last - k]!.values }));
    const recording = { layout, frames: cooling, labels: [...labels].reverse() };
    const temperatures = raisedAt(recording, stages(4, 8, 3, 20));
    expect(temperatures.filter(between(163, 171)).length).toBe(1);
    expect(temperatures.filter(between(149, 157)).length).toBe(1);
    expect(temperatures.filter((t) => t < 130 || t > 171)).toEqual([]);
  }, 20_000);
});

describe.runIf(hasRecording('raman_witec_si_timeseries_null'))('silicon, where nothing happens', () => {
  const stages = (learn: number) => [
    step.create('change', { noise: 'learned', learn, ignore: ['gain', 'offset', 'shift'] }),
    hysteresis.create('call', { clearAfter: 3 }),
  ];
  const withPeak = ({ frames, layout }: Recording, height: number): Frame[] =>
    frames.map((frame, k) => {
      const x = layout.axes[0]!.coordinates;
      const peak = (i: number) => (k < 60 ? 0 : height * Math.exp(-0.5 * ((x[i]! - 1000) / 8) ** 2));
      return makeFrame({ ...frame, values: frame.values.map((value, i) => value + peak(i)) });
    });

  it.each([15, 20, 25, 30])('stays silent for 100 frames after learning %d', (learn) => {
    expect(raisedAt(readSilicon(), stages(learn))).toEqual([]);
  });

  it('finds a peak of 2 % of the offset, four channels wide, at once and where it is', () => {
    const recording = readSilicon();
    const [alert] = alertsOf(withPeak(recording, 20), stages(20));
    expect(alert).toMatchObject({ phase: 'raised', seq: 60, sign: 1, regionUnit: 'cm-1' });
    expect(alert!.region![0]).toBeLessThan(1005);
    expect(alert!.region![1]).toBeGreaterThan(995);
  });
});

describe.runIf(hasRecording('xas_linio2_operando_cycling'))('a nickelate cathode that evolves all the time', () => {
  const stages = (previous: number, factor: number) => [
    step.create('change', { reference: { previous } }),
    adaptive.create('unusual', { factor, leastRatio: 1.5, learn: 10, memory: 50 }),
    hysteresis.create('call', { clearAfter: 3 }),
  ];

  it.each([
    [4, 4],
    [3, 4],
    [5, 4],
    [4, 2.8],
    [4, 5.2],
  ])('makes no storm, and no alert at the change of file, with n = %d and factor %d', (previous, factor) => {
    const frames = raisedAt(readNickelate(), stages(previous, factor));
    expect(frames.length).toBeLessThanOrEqual(4);
    expect(frames.filter(between(56, 60))).toEqual([]);
  });

  it('still finds a sudden rise of the white line by a fifth', () => {
    const recording = readNickelate();
    const x = recording.layout.axes[0]!.coordinates;
    const frames = recording.frames.map((frame, k) => {
      const line = (i: number) => (k < 45 ? 0 : 0.2 * Math.exp(-0.5 * ((x[i]! - 8353) / 2) ** 2));
      return makeFrame({ ...frame, values: frame.values.map((value, i) => value + line(i)) });
    });
    expect(raisedAt(recording, stages(4, 4), frames)).toContain(45);
  });
});

describe.runIf(hasRecording('xas_linio2_operando_cycling'))('the turning point of a nickelate cathode', () => {
  const PERIOD_US = 60e6;
  const stages = (settings: Parameters<typeof trend.create>[1]) => [
    trend.create('trend', settings),
    hysteresis.create('turn', { clearAfter: 3 }),
  ];

  it.each([
    {},
    { memory: 17 },
    { memory: 31 },
    { learn: 8 },
    { learn: 16 },
    { falseAlarms: { onePer: { frames: 7000 } } },
    { falseAlarms: { onePer: { frames: 13000 } } },
    { ignore: [] },
    { ignore: ['gain', 'offset', 'slope'] },
    { noise: 'estimated' },
  ] satisfies Parameters<typeof trend.create>[1][])(
    'is the end of charge, found within four frames, its interval holding frame 55, with %o',
    (settings) => {
      const recording = readNickelate();
      const raised = alertsOf(recording.frames, stages(settings)).filter(({ phase }) => phase === 'raised');
      const frameAt = (us: number) => (us - recording.frames[0]!.timeUs) / PERIOD_US;
      const [turn] = raised;
      expect(turn!.seq).toBeGreaterThan(55);
      expect(turn!.seq).toBeLessThanOrEqual(59);
      expect(turn!.message).toMatch(/turned back \(−\)/);
      const [from, to] = turn!.onsetIntervalUs!.map(frameAt) as [number, number];
      expect(from).toBeLessThanOrEqual(55);
      expect(to).toBeGreaterThanOrEqual(55);
      expect(to - from).toBeLessThan(3);
      expect(raised.length).toBeLessThanOrEqual(2);
      expect(raised.slice(1).every(({ seq }) => seq >= 99)).toBe(true);
    },
  );
});

describe.runIf(hasRecording('raman_witec_si_timeseries_null'))('silicon, which does not evolve', () => {
  it.each([17, 24, 31])('has no turning point, looking back on %d frames', (memory) => {
    const stages = [
      trend.create('trend', { memory, ignore: ['gain', 'offset', 'shift'] }),
      hysteresis.create('call', {}),
    ];
    expect(raisedAt(readSilicon(), stages)).toEqual([]);
  });
});
