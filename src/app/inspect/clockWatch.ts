import type { FileFrame } from '../../model/reader.ts';
import { medianOf } from './scatter.ts';

const GAP_IN_PERIODS = 3;

/** When spectra were taken. */
export interface ClockSurvey {
  /** 'absolute': date and time; 'elapsed': since the start of the series; 'none'. */
  readonly kind: 'absolute' | 'elapsed' | 'none';
  /** Microseconds since 1970, or since the start of the series; null without a clock. */
  readonly firstUs: number | null;
  readonly lastUs: number | null;
  /** Median time from one spectrum to the next, seconds; null below two. */
  readonly period: number | null;
}

/** Watches the times of a series. */
export function createClockWatch() {
  let kind: ClockSurvey['kind'] = 'none';
  const times: number[] = [];
  const intervals = (): number[] => times.slice(1).map((time, i) => time - times[i]);
  return {
    add({ timeUs, seconds }: FileFrame): void {
      const time = timeUs ?? (seconds === null ? null : seconds * 1e6);
      if (time === null) return;
      if (kind === 'none') kind = timeUs === null ? 'elapsed' : 'absolute';
      times.push(time);
    },
    get(): ClockSurvey {
      const period = times.length < 2 ? null : medianOf(intervals()) / 1e6;
      return { kind, firstUs: times[0] ?? null, lastUs: times.at(-1) ?? null, period };
    },
    /** Gaps and times that do not increase, as sentences. */
    oddities(): string[] {
      if (times.length < 2) return [];
      const each = intervals();
      const median = medianOf(each);
      const found: string[] = [];
      const back = each.filter((interval) => interval < 0).length;
      const same = each.filter((interval) => interval === 0).length;
      const gaps = each
        .map((interval, i) => ({ interval, i }))
        .filter(({ interval }) => interval > GAP_IN_PERIODS * median);
      if (back > 0)
        found.push(`the clock runs backwards ${back} times, first at spectrum ${each.findIndex((t) => t < 0) + 1}`);
      if (same > 0) found.push(`${same} spectra have the time of the one before`);
      if (median > 0 && gaps.length > 0) {
        const { interval, i } = gaps.reduce((a, b) => (b.interval > a.interval ? b : a));
        found.push(
          `${gaps.length} gaps in time, the longest ${Number((interval / 1e6).toPrecision(4))} s before spectrum ${i + 1} (usually ${Number((median / 1e6).toPrecision(4))} s)`,
        );
      }
      return found;
    },
  };
}
