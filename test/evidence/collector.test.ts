import { describe, expect, it } from 'vitest';
import type { EvidenceBundle } from '../../src/evidence/bundle.ts';
import { createEvidenceCollector } from '../../src/evidence/collector.ts';
import { createFrameHistory } from '../../src/evidence/frameHistory.ts';
import { residualOf, spectrumOf, sumOf } from '../../src/evidence/spectrumSum.ts';
import type { Alert } from '../../src/model/alert.ts';
import { makeReading } from '../../src/model/makeReading.ts';
import { channelLayout, testFrame } from '../support/frames.ts';

const layout = channelLayout(4);
const frameAt = (seq: number, values: readonly number[], more: Parameters<typeof testFrame>[3] = {}) =>
  testFrame(layout, seq, Float64Array.from(values), { stream: 'xrd', timeUs: seq * 100, exposureUs: 50, ...more });

const origin = { run: 'r', instrument: 'i', modality: 'XRD', configSha256: 'c', versions: { operando: '1' } };

function alertAt(seq: number, onsetSeq: number): Alert {
  return {
    type: 'alert',
    ...{ id: `call/xrd/${seq}`, rule: 'call', stream: 'xrd', seq, timeUs: seq * 100, onsetUs: onsetSeq * 100 },
    ...{ onsetIntervalUs: [onsetSeq * 100 - 200, onsetSeq * 100 + 200], severity: 'warning', phase: 'raised' },
    ...{ message: 'changed', evidence: ['watch'], statistic: 30, threshold: 20, sign: 1 },
  };
}

/** A run of 100 frames of which the second half has 9 more counts in channel 2. */
function collect(end = 100): EvidenceBundle[] {
  const bundles: EvidenceBundle[] = [];
  const collector = createEvidenceCollector(origin, (bundle) => bundles.push(bundle));
  for (let seq = 0; seq < end; seq++) {
    const frame = frameAt(seq, [4, 1, seq < 50 ? 0 : 9, 2], { context: { temperature: seq } });
    collector.hear(frame, 'xrd');
    collector.hear(frame, 'somewhere else');
    const say = (name: string, value: number, stage = 'watch') =>
      collector.hear(makeReading(frame, stage, { name, value, unit: '1', quality: 'valid' }), stage);
    say('threshold', 20);
    say('statistic', seq);
    say('dose', 7 * seq, 'account');
    if (seq === 60) collector.hear(alertAt(60, 50), 'call');
    if (seq === 61) collector.hear({ ...alertAt(60, 50), phase: 'updated' }, 'call');
  }
  collector.end();
  return bundles;
}

describe('the evidence of an alert', () => {
  it('is the spectra before, at and after, the residual, the statistic with its threshold, and what else was read', () => {
    const [bundle, ...more] = collect();
    expect(more).toEqual([]);
    expect(bundle).toMatchObject({ run: 'r', configSha256: 'c', alert: { id: 'call/xrd/60' }, unit: '1' });
    expect(bundle?.axis.centres).toHaveLength(4);
    // Frames that overlap the interval of the onset belong to neither side.
    expect(bundle?.before).toMatchObject({ toSeq: 47, mean: [4, 1, 0, 2] });
    expect(bundle?.before?.frameCount).toBe(48);
    expect(bundle?.at).toMatchObject({ toSeq: 60, mean: [4, 1, 9, 2] });
    expect(bundle?.after).toMatchObject({ fromSeq: 61, toSeq: 80, frameCount: 20, mean: [4, 1, 9, 2] });
    expect(bundle?.after?.sigma[2]).toBeCloseTo(3 / Math.sqrt(20), 5);
    expect(bundle?.residual?.[2]).toBeCloseTo(9 / Math.sqrt(9 / 20), 3);
    expect(bundle?.residual?.[0]).toBe(0);
    expect(bundle?.statistics[0]?.points[60]).toEqual([6000, 60, 20]);
    expect(bundle?.readings).toContainEqual({
      ...{ stage: 'account', name: 'dose', timeUs: 6000, value: 420, unit: '1', quality: 'valid' },
    });
    expect(bundle?.context).toEqual({ temperature: 60 });
  });

  it('has what there was where the run ended too soon', () => {
    expect(collect(64)[0]).toMatchObject({ after: { frameCount: 3 } });
    expect(collect(61)[0]).toMatchObject({ after: null, at: { toSeq: 60 } });
    expect(collect(61)[0]?.residual?.[2]).toBeGreaterThan(5);
  });
});

describe('sums of frames', () => {
  it('know their errors by the counts, by stated variances, or by the scatter', () => {
    const poisson = sumOf(frameAt(0, [4, 0, 9, 100]));
    expect(spectrumOf(poisson).sigma).toEqual([2, 0, 3, 10]);
    const stated = sumOf(frameAt(0, [4, 0, 9, 100], { variances: Float64Array.of(1, 1, 1, 25) }));
    expect(spectrumOf(stated).sigma).toEqual([1, 1, 1, 5]);
    const unknown = channelLayout(1, 'unknown');
    const history = createFrameHistory();
    [10, 12, 14].forEach((value, seq) => history.add(testFrame(unknown, seq, Float64Array.of(value), { timeUs: seq })));
    const all = history.between(0, 10);
    expect(all && spectrumOf(all)).toMatchObject({ mean: [12], sigma: [Number((2 / Math.sqrt(3)).toPrecision(6))] });
  });

  it('leave masked channels out and compare at the same exposure', () => {
    const masked = sumOf(frameAt(0, [4, 5, 6, 7], { mask: Uint8Array.of(0, 1, 0, 0) }));
    expect(spectrumOf(masked).mean).toEqual([4, null, 6, 7]);
    const short = sumOf(frameAt(0, [100, 0, 50, 8], { exposureUs: 50 }));
    const long = sumOf(frameAt(1, [200, 0, 100, 116], { exposureUs: 100 }));
    expect(residualOf(long, short)).toEqual([0, null, 0, expect.closeTo(100 / Math.sqrt(116 + 32), 3)]);
  });

  it('add the channels of long frames together', () => {
    const long = channelLayout(5000);
    const sum = sumOf(testFrame(long, 0, new Float64Array(5000).fill(2)));
    expect(sum.values).toHaveLength(1667);
    expect([sum.values[0], sum.values.at(-1)]).toEqual([6, 4]);
  });
});

it('the past of a stream reaches back four thousand frames, coarser the older it is', () => {
  const history = createFrameHistory();
  for (let seq = 0; seq < 6000; seq++) history.add(frameAt(seq, [seq, 1, 0, 0]));
  const recent = history.between(599_000, 600_000);
  expect(recent).toMatchObject({ fromSeq: 5990, toSeq: 5999, frameCount: 10 });
  const before = history.before(590_000, 50);
  expect(before?.toSeq).toBeLessThan(5900);
  expect(before?.toSeq).toBeGreaterThan(5800);
  expect(before?.frameCount).toBeGreaterThanOrEqual(50);
  expect(before?.values[1]).toBe(before?.frameCount);
  const all = history.before(Infinity, Infinity);
  expect(all?.frameCount).toBeGreaterThan(4000);
  expect(all?.frameCount).toBe((all?.toSeq ?? 0) - (all?.fromSeq ?? 0) + 1);
});
