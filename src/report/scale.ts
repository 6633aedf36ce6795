/** From data to a place on the paper. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  at(value: number): number;
}

/** @param start - place of `from`, in pixels; `end` - that of `to`. */
export function scaleOf(from: number, to: number, start: number, end: number): Scale {
  const span = to - from || 1;
  return { from, to, at: (value) => start + ((value - from) / span) * (end - start) };
}

/** Round numbers within a range: 1, 2 or 5 times a power of ten apart, about `count` of them. */
export function ticksOf(from: number, to: number, count: number): number[] {
  const rough = (to - from) / Math.max(1, count);
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10);
  const ticks: number[] = [];
  for (let k = Math.ceil(from / step); k * step <= to * (1 + 1e-12); k++)
    ticks.push(Number((k * step).toPrecision(12)));
  return ticks;
}

const SPANS_S = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800, 86400];

/** Round times within a range, microseconds since 1970. */
export function timeTicksOf(fromUs: number, toUs: number, count: number): number[] {
  const rough = (toUs - fromUs) / 1e6 / Math.max(1, count);
  if (!(rough > 0)) return [];
  const step = 1e6 * (SPANS_S.find((span) => span >= rough) ?? 86_400 * Math.ceil(rough / 86_400));
  const ticks: number[] = [];
  for (let k = Math.ceil(fromUs / step); k * step <= toUs; k++) ticks.push(k * step);
  return ticks;
}

/** A range that holds all finite values, a little wider; null when there are none. */
export function rangeOf(values: Iterable<number>): readonly [from: number, to: number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return null;
  const margin = 0.06 * (high - low) || 0.05 * Math.abs(high) || 1;
  return [low - margin, high + margin];
}
