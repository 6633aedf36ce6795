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
