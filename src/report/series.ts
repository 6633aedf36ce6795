/** Lowest and highest value of a stretch of time, microseconds since 1970. */
export interface SeriesBin {
  fromUs: number;
  toUs: number;
  low: number;
  high: number;
  last: number;
}

/** A curve of bounded length: neighbours are joined, two and two, when there are too many. Peaks stay. */
export interface Series {
  add(timeUs: number, value: number): void;
  readonly bins: readonly SeriesBin[];
}

/** @param most - bins, at least 2. */
export function createSeries(most = 800): Series {
  let bins: SeriesBin[] = [];
  let perBin = 1;
  let inLast = 0;
  return {
    add(timeUs, value) {
      if (!Number.isFinite(value)) return;
      const last = bins.at(-1);
      if (last !== undefined && inLast < perBin) {
        inLast++;
        Object.assign(last, joined(last, { fromUs: timeUs, toUs: timeUs, low: value, high: value, last: value }));
        return;
      }
      bins.push({ fromUs: timeUs, toUs: timeUs, low: value, high: value, last: value });
      inLast = 1;
      if (bins.length <= most) return;
      // The newest has one value; without a neighbour it keeps it.
      inLast = bins.length % 2 === 1 ? 1 : perBin + 1;
      bins = bins.flatMap((bin, i) => {
        if (i % 2 === 1) return [];
        const next = bins[i + 1];
        return [next === undefined ? bin : joined(bin, next)];
      });
      perBin *= 2;
    },
    get bins() {
      return bins;
    },
  };
}

const joined = (a: SeriesBin, b: SeriesBin): SeriesBin => ({
  fromUs: Math.min(a.fromUs, b.fromUs),
  toUs: Math.max(a.toUs, b.toUs),
  low: Math.min(a.low, b.low),
  high: Math.max(a.high, b.high),
  last: b.last,
});
