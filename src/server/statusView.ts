import type { MonitorStatus, StreamStatus } from '../model/status.ts';
import type { LinkView } from './protocol.ts';

/** What the monitor last said of itself, and since when each link is as it is. */
export interface StatusView {
  readonly latest: MonitorStatus | null;
  set(status: MonitorStatus, nowMs: number): void;
  /** The account of a stream; null when not told. */
  stream(name: string): StreamStatus | null;
  links(nowMs: number): LinkView[];
}

export function createStatusView(): StatusView {
  let latest: MonitorStatus | null = null;
  const since = new Map<string, { state: string; ms: number }>();
  return {
    get latest() {
      return latest;
    },
    set(status, nowMs) {
      latest = status;
      for (const link of status.links) {
        const key = `${link.role} ${link.id}`;
        if (since.get(key)?.state !== link.state) since.set(key, { state: link.state, ms: nowMs });
      }
    },
    stream: (name) => latest?.streams.find((s) => s.stream === name) ?? latest?.streams[0] ?? null,
    links: (nowMs) =>
      (latest?.links ?? []).map((link) => ({
        ...link,
        forMs: nowMs - (since.get(`${link.role} ${link.id}`)?.ms ?? nowMs),
      })),
  };
}

/** Frames the monitor received and did not process one by one. */
export function shedCountOf(stream: StreamStatus): number {
  const dropped = Object.values(stream.droppedCount).reduce((sum, count) => sum + count, 0);
  return dropped + stream.mergedCount;
}
