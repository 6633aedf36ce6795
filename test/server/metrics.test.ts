import { describe, expect, it } from 'vitest';
import type { LinkHealth } from '../../src/model/status.ts';
import { metricsText } from '../../src/server/metricsText.ts';
import type { AlertView } from '../../src/server/protocol.ts';
import { readinessOf } from '../../src/server/readiness.ts';
import { alertOf, statusOf } from './fixtures.ts';

/** A strict reader of the text format: every sample belongs to a declared family, and no series comes twice. */
function read(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  const types = new Map<string, string>();
  expect(text.endsWith('\n')).toBe(true);
  for (const line of text.trimEnd().split('\n')) {
    const type = /^# TYPE ([a-z_:][a-z0-9_:]*) (counter|gauge)$/.exec(line);
    if (type !== null) {
      expect(types.has(type[1]!), line).toBe(false);
      types.set(type[1]!, type[2]!);
      continue;
    }
    if (/^# HELP [a-z_:][a-z0-9_:]* .+$/.test(line)) continue;
    const sample =
      /^([a-z_:][a-z0-9_:]*)(\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+\})? (-?[\d.]+(?:e[+-]?\d+)?|NaN|[+-]Inf)$/.exec(
        line,
      );
    expect(sample, line).not.toBeNull();
    const [, name, labels = '', value] = sample!;
    expect(types.has(name!), line).toBe(true);
    expect(name!.endsWith('_total'), line).toBe(types.get(name!) === 'counter');
    expect(samples.has(name + labels), line).toBe(false);
    samples.set(name + labels, Number(value));
  }
  return samples;
}

const link: LinkHealth = {
  id: 'history',
  role: 'sink',
  state: 'down',
  detail: 'InfluxDB unreachable',
  droppedCount: { spoolFull: 7 },
  spool: { waitingCount: 1200, bytes: 300_000, capBytes: 1e6, oldestMs: 1_700_000_000_000, trouble: '' },
};

describe('the metrics', () => {
  it('give the account of every stream and link under stable names', () => {
    const status = statusOf(
      { receivedCount: 100, processedCount: 90, lostCount: 3, droppedCount: { overflow: 10 }, lastTimeUs: 2_500_000 },
      { links: [link], run: 'a "quoted"\\run\nof two lines' },
    );
    const alerts: AlertView[] = [
      {
        ...{ alert: alertOf('a'), raisedUs: 1, raisedSeq: 1, clearedUs: null, isChange: true, acceptedBy: null },
        ...{ context: [], life: { state: 'unacknowledged', count: 1, acknowledged: null, shelf: null } },
      },
    ];
    const samples = read(metricsText({ status, permit: null, alerts, nowMs: 1e12 }));
    expect(samples.get('operando_frames_received_total{stream="camera"}')).toBe(100);
    expect(samples.get('operando_frames_dropped_total{stream="camera",reason="overflow"}')).toBe(10);
    expect(samples.get('operando_stream_last_frame_timestamp_seconds{stream="camera"}')).toBe(2.5);
    expect(samples.get('operando_link_up{link="history",role="sink"}')).toBe(0);
    expect(samples.get('operando_link_dropped_total{link="history",role="sink",reason="spoolFull"}')).toBe(7);
    expect(samples.get('operando_spool_waiting{link="history"}')).toBe(1200);
    expect(samples.get('operando_spool_oldest_timestamp_seconds{link="history"}')).toBe(1.7e9);
    expect(samples.get('operando_alerts_active{severity="critical"}')).toBe(0);
    expect(samples.get('operando_alarms{state="unacknowledged"}')).toBe(1);
    expect(samples.get('operando_alarms{state="shelved"}')).toBe(0);
    expect([...samples.keys()].some((key) => key.includes('run="a \\"quoted\\"\\\\run\\nof two lines"'))).toBe(true);
  });

  it('can be had before a run has begun', () => {
    expect(read(metricsText({ status: null, permit: null, alerts: [], nowMs: 0 })).size).toBeGreaterThan(3);
  });

  it('tell when the lease was renewed', () => {
    const permit = {
      state: 'permitted',
      desired: 'open',
      observed: 'open',
      isReadBack: true,
      reportAgeMs: 10,
      cause: '',
      sinceUs: 0,
      confirmedMs: 3,
      tries: 1,
      epoch: 4,
      leaseMs: 500,
      leaseLeftMs: 400,
      conditions: [],
    } as const;
    const samples = read(metricsText({ status: null, permit, alerts: [], nowMs: 1_000_000 }));
    expect(samples.get('operando_permit_permitted{state="permitted"}')).toBe(1);
    expect(samples.get('operando_permit_last_renewal_timestamp_seconds')).toBe(999.9);
    expect(samples.get('operando_permit_epoch')).toBe(4);
  });
});

describe('readiness', () => {
  it('names what keeps a monitor from its work', () => {
    expect(readinessOf(null).isReady).toBe(false);
    expect(readinessOf(statusOf({ state: 'live' }))).toEqual({ isReady: true, reasons: [] });
    expect(readinessOf(statusOf({ state: 'stale' }, { links: [link] })).reasons).toEqual([
      'Stream camera: frames do not arrive in time.',
      'sink history: InfluxDB unreachable.',
    ]);
  });
});
