import type { PermitEvent } from '../../model/permit.ts';
import type { LinkHealth, MonitorStatus, NodeStatus, StreamStatus } from '../../model/status.ts';
import type { Point } from './point.ts';
import type { SeriesBook } from './seriesBook.ts';

/** Longest text of a field. */
const TEXT_LENGTH = 300;

export interface HealthPoints {
  /**
   * How the monitor, its streams, nodes and links stand, and again the permit that was told last: a dashboard that looks
   * at the last hour must know of a permit granted before.
   *
   * @param timeUs - wall clock, microseconds since 1970: a monitor without data has no other time.
   * @param isRunning - false with the last word of a monitor that ends in good order; one that died never says it.
   */
  addStatus(status: MonitorStatus, timeUs: number, isRunning: boolean): void;
  /** One line of the permit's audit log. */
  addPermit(event: PermitEvent): void;
}

/** Turns the state of the monitor into points. */
export function createHealthPoints(seriesOf: SeriesBook, push: (point: Point) => void): HealthPoints {
  const streamPoint = (stream: StreamStatus, timeUs: number): Point => ({
    series: seriesOf('operando_health', { stream: stream.stream, name: 'stream' }),
    timeUs,
    fields: {
      state: stream.state,
      live: Number(stream.state === 'live'),
      stale: Number(stream.state === 'stale'),
      frames_per_second: stream.framesPerSecond,
      received_count: stream.receivedCount,
      processed_count: stream.processedCount,
      merged_count: stream.mergedCount,
      waiting_count: stream.waitingCount,
      dropped_count: sumOf(stream.droppedCount),
      lost_count: stream.lostCount,
      masked_count: stream.maskedCount,
    },
  });
  const linkPoint = ({ id, role, state, detail, droppedCount, spool }: LinkHealth, timeUs: number): Point => ({
    series: seriesOf('operando_health', { detector: id, name: role }),
    timeUs,
    fields: {
      state,
      detail: detail.slice(0, TEXT_LENGTH),
      down: Number(state === 'down'),
      dropped_count: sumOf(droppedCount ?? {}),
      spool_waiting_count: spool?.waitingCount,
      spool_bytes: spool?.bytes,
      spool_cap_bytes: spool?.capBytes,
      spool_age_s: spool && (spool.oldestMs === null ? 0 : Math.max(0, timeUs / 1e6 - spool.oldestMs / 1e3)),
    },
  });
  const nodePoint = ({ id, inCount, outCount, totalUs, errorCount }: NodeStatus, timeUs: number): Point => ({
    series: seriesOf('operando_health', { detector: id, name: 'node' }),
    timeUs,
    fields: { in_count: inCount, out_count: outCount, busy_us: totalUs, error_count: errorCount },
  });

  let standing: Pick<PermitEvent, 'state' | 'epoch' | 'reason'> | null = null;
  const permitFields = ({ state, epoch, reason }: NonNullable<typeof standing>) => ({
    state,
    permitted: Number(state === 'permitted'),
    epoch,
    reason: reason.slice(0, TEXT_LENGTH),
  });
  return {
    addStatus({ mode, streams, links, nodes }, timeUs, isRunning) {
      const fields = { running: Number(isRunning), mode };
      push({ series: seriesOf('operando_health', { name: 'run' }), timeUs, fields });
      for (const stream of streams) push(streamPoint(stream, timeUs));
      for (const link of links) push(linkPoint(link, timeUs));
      for (const node of nodes) push(nodePoint(node, timeUs));
      if (standing !== null) push({ series: seriesOf('operando_permit'), timeUs, fields: permitFields(standing) });
    },
    addPermit(permit) {
      standing = permit;
      const { event, by, via, stream, seq, timeUs } = permit;
      push({
        series: seriesOf('operando_permit', { name: event, stream }),
        timeUs,
        fields: { ...permitFields(permit), event, by, via, seq },
      });
    },
  };
}

const sumOf = (counts: Readonly<Record<string, number | undefined>>): number =>
  Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0);
