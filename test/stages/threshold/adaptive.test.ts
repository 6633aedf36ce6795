import { expect, it } from 'vitest';
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
