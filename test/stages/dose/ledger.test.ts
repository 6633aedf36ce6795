import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stageDefinitions } from '../../../src/config/definitions.ts';
import { DOSE } from '../../../src/model/doseReading.ts';
import type { FrameParts } from '../../../src/model/frame.ts';
import exposureTime from '../../../src/stages/dose/exposureTime.ts';
import fluence from '../../../src/stages/dose/fluence.ts';
import { START_US } from '../../support/frames.ts';
import { ledgerRun } from './ledgerRun.ts';

type Settings = Parameters<typeof fluence.create>[1];
/** 1.602176634 pA on 100 nm2 are 1e5 electrons per nm2 and second: 1e4 a frame of 100 ms. */
const settings: Settings = { current: { fixed: 1.602176634, unit: 'pA' }, areaNm2: 100, limit: 1e5 };
const FRAME = 1e4;

const run = (more: Partial<Settings>, frames: readonly Partial<FrameParts>[]) =>
  ledgerRun(fluence.create('dose', { ...settings, ...more }), frames);
const frames = (contexts: readonly Record<string, number>[]): Partial<FrameParts>[] =>
  contexts.map((context) => ({ context }));
const inFrames = (values: readonly number[]): number[] => values.map((value) => Number((value / FRAME).toFixed(9)));

describe('the account of dose', () => {
  it('is kept by five stages', () => {
    const kinds = stageDefinitions.filter(({ config }) => 'shutterLagMs' in config.shape).map(({ kind }) => kind);
    expect(kinds).toEqual(['dose.absorbed', 'dose.counts', 'dose.exposureTime', 'dose.fluence', 'dose.laser']);
  });

  it('says everything there is to say, the next frame last', () => {
    const { said } = run(
      { rateLimit: 1e5, timeLimit: '1 s', clockLimit: '1 h', area: { signal: 'area' }, milestones: [0.1] },
      [{}],
    );
    const names = said.map((signal) => (signal.type === 'reading' ? signal.name : signal.type));
    expect(names.filter((name) => name !== 'detection').toSorted()).toEqual(Object.values(DOSE).toSorted());
    expect(names.filter((name) => name === 'detection').length).toBe(3);
    expect(names.slice(0, 2)).toEqual([DOSE.generation, DOSE.spent]);
    expect(names.at(-1)).toBe(DOSE.next);
  });

  it('tells what this frame received from what went before it', () => {
    const { values } = run({}, [{}, { unseenExposureUs: 300_000 }]);
    expect(inFrames(values(DOSE.ofFrame))).toEqual([1, 1]);
    expect(inFrames(values(DOSE.spent))).toEqual([1, 5]);
    expect(values(DOSE.framesLeft)).toEqual([9, 5]);
  });

  it('says since when it counts: for ever the same from the first charge on', () => {
    const beam = { signal: 'shutter' };
    const { values } = run({ beam }, frames([{ shutter: 0 }, { shutter: 1 }, { shutter: 1 }]));
    expect(values(DOSE.generation).map((timeUs) => timeUs - START_US)).toEqual([0, 100_000, 100_000]);
  });

  it('never decreases within a generation, wherever the sample goes', () => {
    const place = fc.record({
      shutter: fc.constantFrom(0, 1),
      area: fc.integer({ min: 0, max: 3 }),
      x: fc.double({ min: -3, max: 10, noNaN: true }),
      y: fc.double({ min: -1, max: 3, noNaN: true }),
      unseenUs: fc.constantFrom(0, 0, 250_000),
    });
    const map = { x: 'x', y: 'y', field: [2, 2], map: { x: 0, y: 0, cell: 1, columns: 8, rows: 2 } } as const;
    for (const area of [{ signal: 'area' }, { x: 'x', y: 'y', radius: 2 }, { ...map, field: [2, 2] }] as const)
      fc.assert(
        fc.property(fc.array(place, { maxLength: 40 }), (places) => {
          const { values } = run(
            { area: area as Settings['area'], beam: { signal: 'shutter' }, shutterLagMs: 3 },
            places.map(({ unseenUs, ...context }) => ({ context, unseenExposureUs: unseenUs })),
          );
          const most = new Map<number, number>();
          values(DOSE.spent).forEach((dose, k) => {
            const generation = values(DOSE.generation)[k]!;
            expect(dose).toBeGreaterThanOrEqual(most.get(generation) ?? 0);
            most.set(generation, dose);
          });
        }),
        { numRuns: 50, seed: 4 },
      );
  });

  it('charges nothing while the shutter is closed, and as open when nobody knows', () => {
    const beam = { signal: 'shutter', staleAfter: '1 s' };
    const stale = { context: { shutter: 0 }, contextAgeUs: { shutter: 1_000_001 } };
    const { values, of } = run({ beam }, [...frames([{ shutter: 1 }, { shutter: 0 }, { shutter: 0 }, {}]), stale]);
    expect(inFrames(values(DOSE.spent))).toEqual([1, 1, 1, 2, 3]);
    expect(of(DOSE.spent).every(({ quality }) => quality === 'valid')).toBe(true);
    expect(inFrames(values(DOSE.next))).toEqual([1, 1, 1, 1, 1]);
  });

  it('charges the lag of the shutter once per closing, and expects it of the next frame', () => {
    const { values } = run(
      { beam: { signal: 'shutter' }, shutterLagMs: 20 },
      frames([{ shutter: 1 }, { shutter: 0 }, { shutter: 0 }, { shutter: 1 }, { shutter: 0 }]),
    );
    expect(inFrames(values(DOSE.spent))).toEqual([1, 1.2, 1.2, 2.2, 2.4]);
    expect(inFrames(values(DOSE.next))[0]).toBe(1.2);
  });

  it('opens an account for each area, and finds it again; the sample keeps the sum', () => {
    const { values } = run(
      { area: { signal: 'area' } },
      frames([{ area: 1 }, { area: 1 }, { area: 2 }, { area: 1 }, {}]),
    );
    expect(inFrames(values(DOSE.spent))).toEqual([1, 2, 1, 3, 4]);
    expect(inFrames(values(DOSE.ofSample))).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(values(DOSE.generation)).size).toBe(2);
  });

  it('charges both areas with what was delivered while the sample moved', () => {
    const moving = { context: { area: 2 }, unseenExposureUs: 200_000 };
    const { values } = run({ area: { signal: 'area' } }, [...frames([{ area: 1 }]), moving, ...frames([{ area: 1 }])]);
    expect(inFrames(values(DOSE.spent))).toEqual([1, 3, 4]);
    expect(inFrames(values(DOSE.ofSample)).at(-1)).toBe(5);
  });

  it('tells areas by where the stage stands', () => {
    const { values } = run(
      { area: { x: 'x', y: 'y', radius: 10 } },
      frames([
        { x: 0, y: 0 },
        { x: 6, y: 6 },
        { x: 30, y: 0 },
        { x: 1, y: 1 },
      ]),
    );
    expect(inFrames(values(DOSE.spent))).toEqual([1, 2, 1, 3]);
  });

  it('charges each cell of a map, and speaks of the worst under the field', () => {
    const area = { x: 'x', y: 'y', field: [2, 2], map: { x: 0, y: 0, cell: 1, columns: 8, rows: 2 } } as const;
    const { values } = run(
      { area: { ...area, field: [2, 2] } },
      frames([{}, { x: 1, y: 1 }, { x: 1.2, y: 1 }, { x: 3, y: 1 }, { x: 2, y: 1 }, { x: 7, y: 1 }]),
    );
    expect(inFrames(values(DOSE.spent))).toEqual([1, 2, 3, 1, 4, 1]);
    expect(inFrames(values(DOSE.ofSample)).at(-1)).toBe(6);
  });

  it('speaks of the limits on rate and on time too', () => {
    const { detections, values } = run({ rateLimit: 1.5e5, timeLimit: '400 ms', milestones: [0.5, 1] }, [
      {},
      {},
      { unseenExposureUs: 100_000 },
      {},
    ]);
    expect(values(DOSE.timeFraction)).toEqual([0.25, 0.5, 1, 1.25]);
    expect(values(DOSE.rateFraction)[0]).toBeCloseTo(2 / 3, 9);
    expect(detections.map(({ seq, threshold }) => [seq, threshold])).toEqual([
      [1, 0.5],
      [2, 1],
      [3, 0.5],
    ]);
  });

  it('counts the clock from the first charge on, beam or no beam', () => {
    const { values, detections } = run(
      { clockLimit: '400 ms', milestones: [0.5, 1], beam: { signal: 'beam' } },
      frames([{ beam: 0 }, { beam: 1 }, { beam: 0 }, { beam: 0 }, { beam: 0 }]),
    );
    expect(values(DOSE.clockFraction)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(detections.map(({ seq, threshold }) => [seq, threshold])).toEqual([
      [2, 0.5],
      [4, 1],
    ]);
  });

  it('speaks of a rate over its limit in every frame', () => {
    const { detections } = run({ rateLimit: 0.5e5 }, [{}, {}]);
    expect(detections.map(({ seq }) => seq)).toEqual([0, 1]);
    expect(detections[1]!.statistic).toBeCloseTo(2, 9);
  });

  it('expects the planned exposure of the next frame', () => {
    const nextExposure = { signal: 'planned', unit: 'ms' } as const;
    const { values } = run({ nextExposure }, frames([{ planned: 400 }, {}]));
    expect(inFrames(values(DOSE.next))).toEqual([4, 1]);
  });

  it('expects the declared maximum of the next frame while the current is unknown', () => {
    const current = { signal: 'beam', unit: 'pA', maximum: 16.02176634 } as const;
    const { values, of } = run({ current }, frames([{ beam: 1.602176634 }, { beam: 0 }, {}]));
    expect(inFrames(values(DOSE.next))).toEqual([1, 1, 10]);
    expect(of(DOSE.next).map(({ quality }) => quality)).toEqual(['valid', 'valid', 'invalid']);
  });

  it('charges the read-out too where the beam is not blanked', () => {
    const short = { exposureUs: 60_000 };
    const { values } = run({ betweenFrames: 'exposed' }, [short, short, short]);
    expect(inFrames(values(DOSE.spent))).toEqual([0.6, 1.6, 2.6]);
    expect(inFrames(values(DOSE.next))).toEqual([0.6, 1, 1]);
  });

  it('goes on to the bit from a checkpoint between any two frames', () => {
    const config: Settings = {
      ...settings,
      current: { signal: 'beam', unit: 'pA', maximum: 10 },
      beam: { signal: 'shutter', staleAfter: '1 s' },
      area: { signal: 'area' },
      shutterLagMs: 7,
      rateLimit: 1e5,
      timeLimit: '2 s',
    };
    const sequence: Partial<FrameParts>[] = Array.from({ length: 40 }, (_, k) => ({
      context: { beam: 1 + 0.1 * (k % 7), shutter: k % 5 > 2 ? 0 : 1, ...(k % 4 === 3 ? {} : { area: k % 3 }) },
      contextAgeUs: { beam: k % 11 === 0 ? 20_000_000 : 0, shutter: (k % 6) * 1e5, area: 0 },
      unseenExposureUs: k % 8 === 2 ? 150_000 : 0,
      timeUs: START_US + k * 100_000,
    }));
    const whole = ledgerRun(fluence.create('dose', config), sequence).said;
    for (let cut = 0; cut <= sequence.length; cut++) {
      const first = fluence.create('dose', config);
      const head = ledgerRun(first, sequence.slice(0, cut)).said;
      const second = fluence.create('dose', config);
      second.restore(first.snapshot());
      const tail = ledgerRun(second, sequence.slice(cut)).said.map((signal) => ({ ...signal, seq: signal.seq + cut }));
      expect([...head, ...tail]).toEqual(whole);
    }
  });

  it('counts seconds of beam where nothing else is known', () => {
    const stage = exposureTime.create('dose', {
      fraction: { signal: 'opening', unit: '%', maximum: 100 },
      limit: 1,
      unit: 'min',
    });
    const { values, of } = ledgerRun(stage, [{ context: { opening: 50 } }, {}]);
    expect(values(DOSE.spent)[0]).toBeCloseTo(0.05, 12);
    expect(values(DOSE.spent)[1]).toBeCloseTo(0.15, 12);
    expect(of(DOSE.spent).map(({ unit, quality }) => [unit, quality])).toEqual([
      ['s', 'valid'],
      ['s', 'invalid'],
    ]);
    expect(values(DOSE.fraction)[1]).toBeCloseTo(0.15 / 60, 12);
  });
});
