import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cloneFrame, type Frame } from '../../src/model/frame.ts';
import type { Reading } from '../../src/model/signal.ts';
import hysteresis from '../../src/stages/alert/hysteresis.ts';
import focus from '../../src/stages/change/focus.ts';
import faults from '../../src/stages/quality/faults.ts';
import intensity from '../../src/stages/quantification/intensity.ts';
import { dataRoot, operando, root } from '../support/operando.ts';
import { hasRecording, readLabSpec, readNickelate, readPerovskite, readSilicon } from '../support/realSpectra.ts';
import { needs } from '../support/requirement.ts';
import { alertsOf } from '../support/stageChain.ts';

const folder = 'raman_labspec_long_series';
const isPresent = needs('data', folder, existsSync(join(dataRoot, folder)));

/** What an example says when it is replayed: frame and message of each alert raised. */
async function replayed(example: string): Promise<{ frame: number; message: string }[]> {
  const run = await operando(['replay', `examples/${example}.yaml`, '--no-page', '--speed', 'max'], root);
  expect(run.code, run.err).toBe(0);
  return [...run.out.matchAll(/frame (\d+) +(?:NOTICE|WARNING|CRITICAL) +(.*)$/gm)].map(([, frame, message]) => ({
    frame: Number(frame),
    message: message!,
  }));
}

/** Channels masked and readings, frame by frame. */
function judged(frames: readonly Frame[], settings: Parameters<typeof faults.create>[1]) {
  const stage = faults.create('faults', settings);
  const out: Frame[] = [];
  const readings: Reading[] = [];
  for (const frame of frames)
    stage.process(frame, (signal) => {
      if (signal.type === 'frame') out.push(cloneFrame(signal));
      if (signal.type === 'reading') readings.push(signal);
    });
  const masked = out.map(({ mask }) => [...(mask ?? [])].flatMap((bit, i) => (bit === 1 ? [i] : [])));
  return { masked, read: (name: string) => readings.filter((each) => each.name === name).map(({ value }) => value) };
}

describe.runIf(isPresent)('a Raman series with cosmic rays that stopped early', () => {
  const strikes: [frame: number, channel: number][] = [
    [67, 863],
    [69, 594],
    [72, 869],
    [74, 603],
    [80, 545],
    [81, 31],
    [81, 592],
    [84, 642],
    [93, 527],
    [96, 560],
    [99, 348],
    [103, 914],
    [106, 167],
    [107, 538],
    [108, 14],
    [108, 39],
  ];

  it('has every cosmic ray of its steady part masked, and next to nothing else', () => {
    const { masked, read } = judged(readLabSpec('serie190214-1.txt').frames, { width: 8 });
    for (const [frame, channel] of strikes) expect(masked[frame], `frame ${frame}`).toContain(channel);
    const struck = new Set(strikes.map(([frame]) => frame));
    const others = masked.flatMap((channels, seq) => (seq >= 64 && seq < 110 && !struck.has(seq) ? channels : []));
    expect(others.length).toBeLessThan(6);
    expect(
      read('noSignal')
        .map((flag, seq) => (flag === 1 ? seq : -1))
        .filter((seq) => seq >= 0),
    ).toEqual(Array.from({ length: 58 }, (_, k) => 110 + k));
  });

  it('has its cosmic rays and its end told as faults by the example, never as a change', async () => {
    const alerts = await replayed('raman-series');
    expect(alerts.length).toBeGreaterThan(3);
    const changes = alerts.filter(({ message }) => !message.startsWith('Fault: ')).map(({ frame }) => frame);
    // The intensity does jump, in the first hour only.
    expect(changes.length).toBeLessThanOrEqual(1);
    expect(changes.filter((frame) => frame > 65)).toEqual([]);
    expect(alerts.filter(({ message }) => message.startsWith('Fault: no signal')).map(({ frame }) => frame)).toEqual([
      110,
    ]);
    expect(alerts.filter(({ frame }) => frame > 110)).toEqual([]);
  }, 120_000);
});

describe.runIf(isPresent)('a Raman activation, by its total intensity', () => {
  it('raises its drop and its collapse within a few frames, and nothing over the burn-off or the wander', async () => {
    const frames = (await replayed('raman-activation')).map(({ frame }) => frame);
    expect(frames).toHaveLength(2);
    expect(frames[0]).toBeGreaterThanOrEqual(239);
    expect(frames[0]).toBeLessThanOrEqual(245);
    expect(frames[1]).toBe(531);
  }, 120_000);

  it.each([
    [8, 40, 10_000],
    [6, 40, 10_000],
    [10, 40, 10_000],
    [8, 28, 10_000],
    [8, 52, 10_000],
    [8, 40, 7_000],
    [8, 40, 100_000],
  ])(
    'does so against the %d frames before, learning %d, with one false alarm in %d frames',
    (previous, learn, perFrames) => {
      const alerts = alertsOf(readLabSpec('Activation.txt').frames, [
        faults.create('faults', { width: 8, tripBelow: 0 }),
        intensity.create('intensity', { previous }),
        focus.create('change', { reading: 'relative', learn, falseAlarms: { onePer: { frames: perFrames } } }),
        hysteresis.create('jump', { clearAfter: 5 }),
      ]);
      const raised = alerts.filter(({ phase }) => phase === 'raised').map(({ seq }) => seq);
      expect(raised.length).toBeLessThanOrEqual(4);
      expect(raised.filter((seq) => seq >= 239 && seq <= 246)).toHaveLength(1);
      expect(raised.at(-1)).toBe(531);
      expect(raised[0]).toBeGreaterThan(100);
    },
    20_000,
  );
});

describe('recordings without faults', () => {
  it.each([
    ['raman_witec_si_timeseries_null', readSilicon],
    ['xas_linio2_operando_cycling', readNickelate],
    ['npd_halide_perovskite_temperature', readPerovskite],
  ])(
    'have next to none named: %s',
    async (recording, read) => {
      if (!hasRecording(recording)) return;
      const { read: readingsOf } = judged((await read()).frames, {});
      expect(readingsOf('cosmicRays').filter((count) => count > 0).length).toBeLessThanOrEqual(1);
      for (const name of ['noSignal', 'saturated', 'beamTrip'])
        expect(readingsOf(name).every((value) => value === 0)).toBe(true);
    },
    20_000,
  );
});
