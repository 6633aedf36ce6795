import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/model/alert.ts';
import type { Detection, Reading } from '../../../src/model/signal.ts';
import hysteresis from '../../../src/stages/alert/hysteresis.ts';

const at = (seq: number) => ({ stream: 's', seq, timeUs: 1e15 + seq * 1e6 });
const tick = (seq: number): Reading => ({
  ...at(seq),
  type: 'reading',
  stage: 'd',
  name: 'statistic',
  value: 1,
  unit: '1',
  quality: 'valid',
});
const detection = (seq: number, statistic: number, more: Partial<Detection> = {}): Detection => ({
  ...at(seq),
  type: 'detection',
  onsetUs: at(seq).timeUs,
  detector: 'd',
  statistic,
  threshold: 5,
  sign: 1,
  region: [27, 28],
  regionUnit: 'deg',
  ...more,
});

function alertsOf(
  settings: Parameters<typeof hysteresis.create>[1],
  signals: readonly (Detection | Reading)[],
): string[] {
  const alerts: Alert[] = [];
  const stage = hysteresis.create('call', settings);
  for (const signal of signals) stage.process(signal, (alert) => alerts.push(alert));
  return alerts.map(({ phase, seq }) => `${phase} ${seq}`);
}

describe('alert.hysteresis', () => {
  it('makes one alert of a change that lasts, and clears it although detections have stopped', () => {
    const signals = [1, 2, 3, 4].flatMap((seq) => [tick(seq), detection(seq, 6)]);
    expect(alertsOf({ clearAfter: 2 }, [...signals, tick(5), tick(6), tick(7), tick(8)])).toEqual([
      'raised 1',
      'cleared 7',
    ]);
  });

  it('clears by time where a duration is set', () => {
    expect(alertsOf({ clearAfter: '2 s' }, [detection(1, 6), tick(3), tick(4)])).toEqual(['raised 1', 'cleared 4']);
  });

  it('speaks again when the change grows or moves', () => {
    const moved = detection(3, 20, { region: [40, 41] });
    expect(alertsOf({}, [detection(1, 6), detection(2, 10), moved])).toEqual(['raised 1', 'updated 2', 'updated 3']);
  });

  it('waits for k detections of n frames', () => {
    const settings = { raiseAfter: { detections: 2, of: 3 } };
    expect(alertsOf(settings, [detection(1, 6), tick(2), tick(4), detection(5, 6), detection(7, 6)])).toEqual([
      'raised 7',
    ]);
  });

  it('takes a sudden rise on top of a slow change for a change of its own', () => {
    const slow = [1, 2, 3, 4, 5].map((seq) => detection(seq, 6));
    const renewed = alertsOf({ renew: { ratio: 2, within: 2 } }, [...slow, detection(6, 30), detection(7, 60)]);
    expect(renewed).toEqual(['raised 1', 'cleared 6', 'raised 6', 'updated 7']);
  });

  it('says it in one sentence with numbers and units', () => {
    const alerts: Alert[] = [];
    hysteresis.create('call', {}).process(detection(1, 14.21), (alert) => alerts.push(alert));
    expect(alerts[0]!.message).toBe(
      'Spectrum changed at 27 to 28 deg (+), statistic 14.2 against 5, began 01:46:41 UTC',
    );
  });
});
