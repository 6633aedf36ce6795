import { describe, expect, it } from 'vitest';
import type { PermitEvent } from '../../../src/model/permit.ts';
import type { MonitorStatus } from '../../../src/model/status.ts';
import { createHealthPoints } from '../../../src/sinks/influx/healthPoints.ts';
import { lineOf } from '../../../src/sinks/influx/lineProtocol.ts';
import { createSeriesBook } from '../../../src/sinks/influx/seriesBook.ts';
import { START_US } from '../signals.ts';

const status: MonitorStatus = {
  mode: 'live',
  speed: 1,
  run: 'run 1',
  instrument: 'lab-3',
  modality: 'xrd',
  streams: [
    {
      stream: 'xrd',
      state: 'stale',
      lastSeq: 9,
      lastTimeUs: START_US,
      receivedCount: 20,
      processedCount: 10,
      mergedCount: 3,
      waitingCount: 2,
      droppedCount: { overflow: 1, garbage: 4 },
      lostCount: 6,
      maskedCount: 7,
      restartCount: 0,
      suspiciousClockCount: 0,
      layoutChangeCount: 0,
      framesPerSecond: 9.5,
      framePeriodUs: null,
    },
  ],
  links: [
    {
      id: 'history',
      role: 'sink',
      state: 'down',
      detail: 'InfluxDB unreachable',
      droppedCount: { spoolFull: 5 },
      spool: { waitingCount: 8, bytes: 900, capBytes: 1000, oldestMs: START_US / 1000 - 30_000, trouble: '' },
    },
    { id: 'xrd', role: 'source', state: 'ok', detail: '' },
  ],
  nodes: [{ id: 'change', kind: 'change.step', inCount: 10, outCount: 40, totalUs: 123, errorCount: 1 }],
};

function collect() {
  const lines: string[] = [];
  const tags = { run: 'run 1', instrument: 'lab-3', modality: 'xrd', site: 'hall 2' };
  const points = createHealthPoints(createSeriesBook(tags), (point) => void lines.push(lineOf(point)!));
  return { points, lines, take: () => lines.splice(0) };
}

const granted: PermitEvent = {
  event: 'granted',
  timeUs: START_US,
  run: 'run 1',
  epoch: 3,
  state: 'permitted',
  reason: 'armed at start',
  by: 'me',
  via: 'page',
};

describe('the health of a monitor', () => {
  it('is one point of the run, and one of every stream, link and node', () => {
    const { points, take } = collect();
    points.addStatus(status, START_US, true);
    const head = 'instrument=lab-3,modality=xrd';
    const tail = 'run=run_1,site=hall_2';
    expect(take()).toEqual([
      `operando_health,${head},name=run,${tail} running=1,mode="live" ${START_US}`,
      `operando_health,${head},name=stream,${tail},stream=xrd state="stale",live=0,stale=1,frames_per_second=9.5,` +
        `received_count=20,processed_count=10,merged_count=3,waiting_count=2,dropped_count=5,lost_count=6,masked_count=7 ${START_US}`,
      `operando_health,detector=history,${head},name=sink,${tail} state="down",detail="InfluxDB unreachable",down=1,` +
        `dropped_count=5,spool_waiting_count=8,spool_bytes=900,spool_cap_bytes=1000,spool_age_s=30 ${START_US}`,
      `operando_health,detector=xrd,${head},name=source,${tail} state="ok",detail="",down=0,dropped_count=0 ${START_US}`,
      `operando_health,detector=change,${head},name=node,${tail} in_count=10,out_count=40,busy_us=123,error_count=1 ${START_US}`,
    ]);
  });

  it('says with its last word that the monitor has ended in good order', () => {
    const { points, take } = collect();
    points.addStatus({ ...status, streams: [], links: [], nodes: [] }, START_US, false);
    expect(take()).toEqual([expect.stringContaining(' running=0,mode="live" ')]);
  });

  it('tells what became of the permit when it happens, and how it stands with every word after', () => {
    const { points, take } = collect();
    points.addStatus({ ...status, streams: [], links: [], nodes: [] }, START_US, true);
    expect(take()).toHaveLength(1);
    points.addPermit(granted);
    points.addPermit({
      ...granted,
      event: 'tripped',
      state: 'stopped',
      reason: 'Damage',
      by: '',
      via: '',
      seq: 41,
      stream: 'xrd',
    });
    const tags = 'instrument=lab-3,modality=xrd';
    expect(take()).toEqual([
      `operando_permit,${tags},name=granted,run=run_1,site=hall_2 state="permitted",permitted=1,epoch=3,reason="armed at start",event="granted",by="me",via="page" ${START_US}`,
      `operando_permit,${tags},name=tripped,run=run_1,site=hall_2,stream=xrd state="stopped",permitted=0,epoch=3,reason="Damage",event="tripped",by="",via="",seq=41 ${START_US}`,
    ]);
    points.addStatus({ ...status, streams: [], links: [], nodes: [] }, START_US + 5e6, true);
    expect(take()[1]).toBe(
      `operando_permit,${tags},run=run_1,site=hall_2 state="stopped",permitted=0,epoch=3,reason="Damage" ${START_US + 5e6}`,
    );
  });
});
