import type { Scale } from '../view.ts';

/** √ draws Poisson noise at one height everywhere. */
export function forward(scale: Scale, value: number): number {
  if (scale === 'linear') return value;
  return scale === 'sqrt' ? Math.sign(value) * Math.sqrt(Math.abs(value)) : Math.log10(Math.max(value, 1e-12));
}

export function backward(scale: Scale, value: number): number {
  if (scale === 'linear') return value;
  return scale === 'sqrt' ? Math.sign(value) * value ** 2 : 10 ** value;
}

/** Round values between two, at least `gap` pixels apart when drawn over `height` pixels. */
export function axisValues(scale: Scale, range: readonly [number, number], height: number, gap: number): number[] {
  const low = forward(scale, range[0]);
  const high = forward(scale, range[1]);
  const kept: number[] = [];
  let lastY = Number.NEGATIVE_INFINITY;
  for (const value of candidates(scale, range)) {
    const y = ((forward(scale, value) - low) / (high - low)) * height;
    if (y < 2 || y > height - 2 || Math.abs(y - lastY) < gap) continue;
    kept.push(value);
    lastY = y;
  }
  return kept.reverse();
}

/** Falling, so that the large values, which are far apart, get their label first. */
function candidates(scale: Scale, [low, high]: readonly [number, number]): number[] {
  const top = 10 ** Math.floor(Math.log10(Math.max(high, 1e-9)));
  const values: number[] = [];
  for (let power = top, k = 0; k < 8 && power > 1e-9; power /= 10, k++)
    for (const lead of scale === 'linear' ? [9, 8, 7, 6, 5, 4, 3, 2, 1] : [8, 6, 4, 3, 2, 1.5, 1, 0.5]) {
      if (scale === 'log' && lead !== 1 && lead !== 2 && lead !== 0.5) continue;
      values.push(Number((lead * power).toPrecision(6)));
    }
  if (low <= 0) values.push(0);
  return [...new Set(values)].filter((v) => v <= high && v >= low).sort((a, b) => b - a);
}

/** Value below which a share of the values lies; [n], finite values only. */
export function quantileOf(values: Float32Array, share: number): number {
  const sorted = Float32Array.from(values.filter(Number.isFinite)).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))] ?? 0;
}
