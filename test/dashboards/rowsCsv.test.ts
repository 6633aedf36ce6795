import { describe, expect, it } from 'vitest';
import { createRowStore } from '../../dashboards/web/src/rowStore.ts';
import { isoMicros, rowsCsv } from '../../dashboards/web/src/rowsCsv.ts';
import type { LayoutMessage } from '../../src/server/protocol.ts';

const layout = { axisName: 'twoTheta', axisUnit: 'deg', edges: [20, 21, 22, 23] } as unknown as LayoutMessage;

function rowsOf(count: number) {
  const rows = createRowStore(10, 3);
  for (let k = 0; k < count; k++) {
    const isReferenced = k > 0;
    rows.push(k, {
      meta: Float64Array.of(1e15 + k * 1e6, 1e15 + k * 1e6 + 1, 7 + k, 2, k, 60, isReferenced ? 1 : 0, 0),
      counts: Float32Array.of(10, 20, 30 + k),
      expected: isReferenced ? Float32Array.of(0.1, 20.5, 30) : null,
      variance: isReferenced ? Float32Array.of(9, 20, 31) : null,
      tracks: Float32Array.of(1, 3, Number.NaN, Number.NaN),
    });
  }
  return rows;
}
const tracks = [
  { kind: 'gain', name: 'change', unit: '1' },
  { kind: 'context', name: '=cmd()|, "x"', unit: 'Cel' },
] as const;

describe('rows as CSV', () => {
  it('has a line per row and quantity, times in UTC with microseconds, numbers at full precision', () => {
    const text = rowsCsv({
      rows: rowsOf(2),
      layout,
      tracks,
      from: 0,
      to: 2,
      range: [20, 23],
      about: [['run', 'a\nb']],
    });
    expect(text.split('\n')).toEqual([
      '# run: a b',
      '# columns from the 9th on: twoTheta, deg',
      'start_utc,last_frame_utc,quantity,last_seq,frames,lost,change gain,"\'=cmd()|, ""x"" [Cel]",20.5,21.5,22.5',
      '2001-09-09T01:46:40.000000Z,2001-09-09T01:46:40.000001Z,counts,7,2,0,2,,10,20,30',
      '2001-09-09T01:46:41.000000Z,2001-09-09T01:46:41.000001Z,counts,8,2,1,2,,10,20,31',
      `2001-09-09T01:46:41.000000Z,2001-09-09T01:46:41.000001Z,expected,8,2,1,2,,${Math.fround(0.1)},20.5,30`,
      '2001-09-09T01:46:41.000000Z,2001-09-09T01:46:41.000001Z,variance,8,2,1,2,,9,20,31',
      '',
    ]);
  });

  it('holds the channels in view only', () => {
    const text = rowsCsv({ rows: rowsOf(1), layout, tracks: [], from: 0, to: 1, range: [21, 22], about: [] });
    expect(text.split('\n').slice(1, 3)).toEqual([
      'start_utc,last_frame_utc,quantity,last_seq,frames,lost,21.5',
      '2001-09-09T01:46:40.000000Z,2001-09-09T01:46:40.000001Z,counts,7,2,0,20',
    ]);
  });

  it('tells times to the microsecond, before 1970 too', () => {
    expect(isoMicros(1_795_000_000_123_456)).toBe('2026-11-18T11:06:40.123456Z');
    expect(isoMicros(-1)).toBe('1969-12-31T23:59:59.999999Z');
  });
});
