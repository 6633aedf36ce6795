/** Which frames a stream has brought since its counter last began, by number and time: all of the newest, ever fewer of the older. */
export interface ArrivalHistory {
  /** @param seq - greater than all before. */
  add(seq: number, timeUs: number): void;
  clear(): void;
  /**
   * How a frame fits in that comes late: 'known', it was there; 'between', its time lies between those of its
   * neighbours; 'foreign', number and time do not belong to these frames.
   */
  placeOf(seq: number, timeUs: number): 'known' | 'between' | 'foreign';
}

/** Enough to know what a sender repeats after a lost link. */
const MOST = 4096;
/** Networks hold a frame back no longer than this; so it may come from before the first that was seen, microseconds. */
const LATE_US = 60e6;

export function createArrivalHistory(): ArrivalHistory {
  let seqs: number[] = [];
  let times: number[] = [];

  /** Every second of the older half goes, so that the first stays for ever. */
  const thin = (): void => {
    const isKept = (_: number, i: number): boolean => i >= MOST / 2 || i % 2 === 0;
    seqs = seqs.filter(isKept);
    times = times.filter(isKept);
  };
  /** Index of the last number not above `seq`; -1 when all are. */
  const indexOf = (seq: number): number => {
    let low = 0;
    let high = seqs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (seqs[middle]! <= seq) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };

  return {
    add(seq, timeUs) {
      if (seqs.length >= MOST) thin();
      seqs.push(seq);
      times.push(timeUs);
    },
    clear() {
      seqs = [];
      times = [];
    },
    placeOf(seq, timeUs) {
      const i = indexOf(seq);
      if (i < 0) return timeUs < times[0]! && times[0]! - timeUs < LATE_US ? 'between' : 'foreign';
      if (seqs[i] === seq) return times[i] === timeUs ? 'known' : 'foreign';
      return times[i]! < timeUs && timeUs < (times[i + 1] ?? Infinity) ? 'between' : 'foreign';
    },
  };
}
