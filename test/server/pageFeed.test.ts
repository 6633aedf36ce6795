import { describe, expect, it } from 'vitest';
import { decodePanel, type RowPanel, type SpectrumPanel } from '../../dashboards/web/src/decode.ts';
import type { PageFeed } from '../../src/server/pageFeed.ts';
import type {
  AlertsMessage,
  DoseMessage,
  LayoutMessage,
  RegionsMessage,
  TracksMessage,
} from '../../src/server/protocol.ts';
import { alertOf, feedOf, frameOf, layoutOf, readingOf, statusOf, stoppedClock } from './fixtures.ts';

const bufferOf = (bytes: Uint8Array) =>
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;

function rowsOf(feed: PageFeed, from = 0): RowPanel {
  const encoded = feed.rows(from, 64);
  if (encoded === null) throw new Error('the feed has no rows');
  return decodePanel(bufferOf(encoded.bytes)) as RowPanel;
}

describe('rows of the page', () => {
  it('adds counts and expected counts of all frames between two rows, so that a spike of one frame stays', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now);
    const layout = layoutOf(4);
    for (let seq = 0; seq < 3; seq++) {
      feed.write(frameOf(layout, seq, [1, 2, seq === 1 ? 50 : 3, 4]), 'camera');
      feed.write(frameOf(layout, seq, [1, 2, 3, 4], { variances: Float64Array.of(1, 2, 4, 4) }), 'change');
    }
    clock.ms += 60;
    feed.settle();
    const panel = rowsOf(feed);
    expect(panel.rows).toHaveLength(1);
    const [row] = panel.rows;
    expect(Array.from(row?.counts ?? [])).toEqual([3, 6, 56, 12]);
    expect(Array.from(row?.expected ?? [])).toEqual([3, 6, 9, 12]);
    expect(Array.from(row?.variance ?? [])).toEqual([3, 6, 12, 12]);
    expect(Array.from(row?.meta ?? [])).toEqual([1_000_000, 1_200_000, 2, 3, 0, 77, 1, 0]);
  });
  it('closes at most twenty rows a second however fast frames come', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now);
    const layout = layoutOf(2);
    for (let seq = 0; seq < 10_000; seq++) {
      clock.ms += 0.1;
      feed.write(frameOf(layout, seq, [1, 1]), 'camera');
      feed.settle();
    }
    expect(feed.nextRow).toBeGreaterThanOrEqual(19);
    expect(feed.nextRow).toBeLessThanOrEqual(21);
  });
  it('keeps nothing of a lent frame', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now);
    const frame = frameOf(layoutOf(3), 0, [5, 6, 7], { context: { temperature: 300 } });
    feed.write(frame, 'camera');
    frame.values.fill(Number.NaN);
    (frame.context as Record<string, number>)['temperature'] = Number.NaN;
    clock.ms += 60;
    feed.settle();
    expect(Array.from(rowsOf(feed).rows[0]?.counts ?? [])).toEqual([5, 6, 7]);
    expect(feed.status().context).toMatchObject([{ name: 'temperature', value: 300 }]);
  });
  it('adds neighbouring channels together above 2048 and loses no count', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now, { reference: null });
    const values = Float64Array.from({ length: 5000 }, (_, i) => i % 7);
    feed.write(frameOf(layoutOf(5000), 0, values), 'camera');
    clock.ms += 60;
    feed.settle();
    const { channels, rows } = rowsOf(feed);
    expect(channels).toBe(1667);
    const total = values.reduce((a, b) => a + b, 0);
    expect(rows[0]?.counts.reduce((a, b) => a + b, 0)).toBe(total);
    const layout = feed.message('layout') as LayoutMessage;
    expect(layout.edges).toHaveLength(channels + 1);
    expect(layout.edges[0]).toBe(99.5);
    expect(layout.edges.at(-1)).toBe(5099.5);
    expect(layout.sourceChannels).toBe(5000);
  });
  it('leaves masked channels out of counts and expectation', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now);
    const layout = layoutOf(3);
    feed.write(frameOf(layout, 0, [5, 1000, 7], { mask: Uint8Array.of(0, 1, 0) }), 'camera');
    feed.write(frameOf(layout, 0, [5, 6, Number.NaN], { variances: Float64Array.of(5, 6, 7) }), 'change');
    clock.ms += 60;
    feed.settle();
    const [row] = rowsOf(feed).rows;
    expect(Array.from(row?.counts ?? [])).toEqual([5, 0, 7]);
    expect(Array.from(row?.expected ?? [])).toEqual([5, 0, 7]);
    expect(Array.from(row?.variance ?? [])).toEqual([5, 0, 0]);
  });
  it('gives no residual to a row with frames from before the reference', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now);
    const layout = layoutOf(2);
    feed.write(frameOf(layout, 0, [1, 1]), 'camera');
    feed.write(frameOf(layout, 1, [1, 1]), 'camera');
    feed.write(frameOf(layout, 1, [2, 2], { variances: Float64Array.of(2, 2) }), 'change');
    clock.ms += 60;
    feed.settle();
    expect(rowsOf(feed).rows[0]?.expected).toBeNull();
  });
  it('takes an expected frame only for the frame of its own number', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now);
    const layout = layoutOf(2);
    feed.write(frameOf(layout, 5, [1, 1]), 'camera');
    feed.write(frameOf(layout, 4, [2, 2], { variances: Float64Array.of(2, 2) }), 'change');
    clock.ms += 60;
    feed.settle();
    expect(rowsOf(feed).rows[0]?.expected).toBeNull();
  });
  it('begins a new generation when the layout changes', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now);
    feed.write(frameOf(layoutOf(2), 0, [1, 1]), 'camera');
    clock.ms += 100;
    clock.ms += 60;
    feed.settle();
    const before = feed.generation;
    feed.write(frameOf(layoutOf(3), 1, [1, 1, 1]), 'camera');
    clock.ms += 60;
    feed.settle();
    expect(feed.generation).toBe(before + 1);
    expect(rowsOf(feed)).toMatchObject({ channels: 3, first: 0, generation: before + 1 });
  });
  it('keeps the last rows only', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now, { historyRows: 10 });
    const layout = layoutOf(2);
    for (let seq = 0; seq < 25; seq++) {
      feed.write(frameOf(layout, seq, [seq, 0]), 'camera');
      clock.ms += 60;
      feed.settle();
    }
    const panel = rowsOf(feed, 0);
    expect(panel.first).toBe(feed.nextRow - 10);
    expect(panel.rows.at(-1)?.counts[0]).toBe(24);
  });
});

describe('the shown spectrum', () => {
  it('is the mean per frame of the last five rows, with the scatter of that mean', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now);
    const layout = layoutOf(1);
    for (let seq = 0; seq < 8; seq++) {
      feed.write(frameOf(layout, seq, [seq]), 'camera');
      feed.write(frameOf(layout, seq, [4], { variances: Float64Array.of(5) }), 'change');
      clock.ms += 60;
      feed.settle();
    }
    const panel = decodePanel(bufferOf(feed.spectrum() ?? new Uint8Array())) as SpectrumPanel;
    expect(panel.frames).toBe(5);
    expect(panel.now[0]).toBe(5);
    expect(panel.expected?.[0]).toBe(4);
    expect(panel.sigma?.[0]).toBeCloseTo(Math.sqrt(25) / 5, 6);
  });
});

describe('tracks', () => {
  it('keeps minimum and maximum of statistic over threshold in each row', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now);
    const layout = layoutOf(1);
    [2, 12, 4].forEach((statistic, seq) => {
      feed.write(frameOf(layout, seq, [1]), 'camera');
      feed.write(readingOf('change', 'statistic', statistic, seq), 'change');
      feed.write(readingOf('change', 'threshold', 8, seq), 'change');
      feed.write(readingOf('change', 'gain', 0.9 + 0.1 * seq, seq), 'change');
    });
    clock.ms += 60;
    feed.settle();
    expect((feed.message('tracks') as TracksMessage).tracks).toEqual([
      { kind: 'statistic', name: 'change', unit: '1' },
      { kind: 'gain', name: 'change', unit: '1' },
    ]);
    const tracks = Array.from(rowsOf(feed).rows[0]?.tracks ?? []);
    expect(tracks.slice(0, 2)).toEqual([0.25, 1.5]);
    expect(tracks[2]).toBeCloseTo(0.9, 6);
    expect(tracks[3]).toBeCloseTo(1.1, 6);
    expect(feed.status().watch?.detectors).toEqual([{ stage: 'change', statistic: 4, threshold: 8 }]);
  });
  it('marks a slow signal that is no longer renewed', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now, { contextUnit: (name) => (name === 'temperature' ? 'Cel' : undefined) });
    const context = { temperature: 300, potential: 3.7 };
    const contextAgeUs = { temperature: 1e5, potential: 3e7 };
    feed.write(frameOf(layoutOf(1), 0, [1], { context, contextAgeUs }), 'camera');
    expect(feed.status().context).toEqual([
      { name: 'temperature', value: 300, unit: 'Cel', ageUs: 1e5, isStale: false },
      { name: 'potential', value: 3.7, unit: '', ageUs: 3e7, isStale: true },
    ]);
  });
});

describe('alerts and regions', () => {
  it('keeps the latest state of each alert and when it was raised and cleared', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now);
    feed.write(alertOf('a'), 'rule');
    feed.write(alertOf('a', 'updated', { timeUs: 3_000_000, statistic: 20 }), 'rule');
    expect((feed.message('alerts') as AlertsMessage).alerts).toMatchObject([
      { raisedUs: 2_000_000, clearedUs: null, isChange: true, alert: { statistic: 20 } },
    ]);
    feed.write(alertOf('a', 'cleared', { timeUs: 4_000_000 }), 'rule');
    expect(feed.alerts()).toMatchObject([{ raisedUs: 2_000_000, clearedUs: 4_000_000 }]);
  });
  it('remembers two hundred alerts and lets cleared ones go first', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now);
    for (let k = 0; k < 250; k++) feed.write(alertOf(`a${k}`, k === 100 ? 'cleared' : 'raised', { timeUs: k }), 'rule');
    const ids = feed.alerts().map((view) => view.alert.id);
    expect(ids).toHaveLength(200);
    expect(ids).toContain('a249');
    expect(ids).not.toContain('a100');
  });
  it('tells an alert of dose from one of a changed spectrum', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now);
    feed.write(alertOf('d', 'raised', { evidence: ['dose'], region: undefined }), 'doseRule');
    expect(feed.alerts()).toMatchObject([{ isChange: false }]);
  });
  it('joins the slow signals at the onset to the alert', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now, { contextUnit: () => 'K' });
    const layout = layoutOf(1);
    for (let seq = 0; seq < 10; seq++) {
      clock.ms += 60;
      feed.write(frameOf(layout, seq, [1], { context: { temperature: 300 + seq } }), 'camera');
    }
    feed.write(alertOf('a', 'raised', { onsetUs: 1_420_000, timeUs: 1_900_000 }), 'rule');
    expect(feed.alerts()[0]?.context).toEqual([{ name: 'temperature', value: 304, unit: 'K' }]);
  });
  it('weighs each changed region against the reference and forgets them when all is back', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now);
    const layout = layoutOf(40);
    const mean = new Float64Array(40).fill(100);
    const values = mean.map((m, i) => (i >= 10 && i <= 20 ? 2 * m : m));
    feed.write(frameOf(layout, 0, values), 'camera');
    feed.write(frameOf(layout, 0, mean, { variances: mean }), 'change');
    feed.write(alertOf('a'), 'rule');
    clock.ms += 60;
    feed.settle();
    const message = feed.message('regions') as RegionsMessage;
    expect(message.regions).toHaveLength(1);
    expect(message.regions[0]).toMatchObject({ from: 110, to: 120, sign: 1, sinceUs: 1_500_000 });
    expect(message.regions[0]?.percent).toBeCloseTo(100, 6);
    expect(message.regions[0]?.sigma).toBeCloseTo(1100 / Math.sqrt(1100), 6);
    expect(message.residual).toMatchObject({ outsideCount: 11, channelCount: 40 });
    feed.write(alertOf('a', 'cleared'), 'rule');
    expect((feed.message('regions') as RegionsMessage).regions).toEqual([]);
  });
});

it('takes what stages of dose find for no change of the spectrum', () => {
  const feed = feedOf(stoppedClock().now, { damage: 'response', doseStages: ['channels'] });
  feed.write(readingOf('channels', 'statistic', 20), 'channels');
  feed.write(readingOf('channels', 'threshold', 12), 'channels');
  feed.write(alertOf('b', 'raised', { evidence: ['channels'] }), 'rule');
  feed.write(alertOf('d', 'raised', { evidence: ['response'] }), 'rule');
  expect(feed.status().watch).toBeNull();
  expect(feed.message('tracks')).toEqual({ type: 'tracks', tracks: [] });
  expect(feed.message('detectors')).toEqual({ type: 'detectors', detectors: [] });
  expect(feed.alerts().map(({ isChange }) => isChange)).toEqual([false, false]);
});

describe('dose and status', () => {
  it('tells spent, limit and time left of the dose stage alone', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now, { milestones: [0.5] });
    expect((feed.message('dose') as DoseMessage).account).toBeNull();
    feed.write(readingOf('dose', 'dose', 12, 0, 'Gy'), 'dose');
    feed.write(readingOf('dose', 'doseFraction', 0.4), 'dose');
    feed.write(readingOf('dose', 'doseRate', 2, 0, 'Gy/s'), 'dose');
    feed.write(readingOf('dose', 'doseExhausted', 9, 0, 's'), 'dose');
    feed.write(readingOf('other', 'dose', 99, 0, 'Gy'), 'other');
    expect((feed.message('dose') as DoseMessage).account).toMatchObject({
      spent: 12,
      unit: 'Gy',
      rate: 2,
      rateUnit: 'Gy/s',
      limit: 30,
      exhaustedSeconds: 9,
      milestones: [0.5],
    });
  });
  it('goes from waiting to live to stale by when frames arrive, not by their time stamps', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now);
    feed.setStatus(statusOf({ framePeriodUs: 500_000 }));
    expect(feed.status().state).toBe('waiting');
    feed.write(frameOf(layoutOf(1), 0, [1], { timeUs: 9e15 }), 'camera');
    expect(feed.status()).toMatchObject({ state: 'live', ageMs: 0, limitMs: 1500 });
    clock.ms += 1500;
    expect(feed.status().state).toBe('live');
    clock.ms += 1;
    expect(feed.status()).toMatchObject({ state: 'stale', ageMs: 1501, framesPerSecond: 0 });
  });
  it('measures the frame period where none is told', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now);
    const layout = layoutOf(1);
    for (const seq of [0, 1, 2]) feed.write(frameOf(layout, seq, [1], { timeUs: seq * 2e6 }), 'camera');
    expect(feed.status()).toMatchObject({ framePeriodUs: 2e6, limitMs: 6000, framesPerSecond: 0.5 });
  });
  it('counts what was lost and what was shed', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now);
    feed.setStatus(
      statusOf({ lostCount: 3, mergedCount: 4, restartCount: 1, droppedCount: { overflow: 5, garbage: 1 } }),
    );
    expect(feed.status()).toMatchObject({
      lostCount: 3,
      shedCount: 10,
      arrivals: ['5 overflow', '1 garbage', '3 lost before they came', '1 restart of the counter'],
    });
  });
  it('says since when a link is down', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now);
    const link = { id: 'influx', role: 'sink', detail: '' } as const;
    feed.setStatus(statusOf({}, { links: [{ ...link, state: 'ok' }] }));
    clock.ms += 5000;
    feed.setStatus(statusOf({}, { links: [{ ...link, state: 'down' }] }));
    clock.ms += 700;
    feed.setStatus(statusOf({}, { links: [{ ...link, state: 'down' }] }));
    expect(feed.status().links).toMatchObject([{ id: 'influx', state: 'down', forMs: 700 }]);
  });
  it('shows a replay as one, and its end', () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now);
    feed.write(frameOf(layoutOf(1), 0, [1]), 'camera');
    feed.setStatus(statusOf({}, { mode: 'replay', speed: Infinity }));
    expect(feed.status()).toMatchObject({ state: 'replay', mode: 'replay', speed: null });
    feed.setStatus(statusOf({ state: 'ended' }, { mode: 'replay' }));
    expect(feed.status().state).toBe('ended');
  });
});
