import { MonitorError } from './error.ts';
import type { Frame } from './frame.ts';

/**
 * Refuses what no stage can compute with: a value that is not finite, a variance that is negative or not finite. What a masked channel
 * holds does not matter. The ingress masks such channels as they arrive; behind it they are a mistake of the stage before.
 *
 * @param id - of the stage that was given the frame.
 * @throws MonitorError naming the stage, the frame and the first such channel.
 */
export function checkFrame(frame: Frame, id: string): void {
  const { values, variances, mask, stream, seq } = frame;
  if (areFinite(values) && (variances === undefined || areVariances(variances))) return;
  for (let i = 0; i < values.length; i++) {
    if (mask?.[i] === 1) continue;
    const value = values[i];
    if (value - value !== 0)
      throw new MonitorError('STAGE', `values[${i}] is ${value}, expected a finite number or a masked channel`, {
        id,
        stream,
        seq,
      });
    const variance = variances?.[i] ?? 0;
    if (!(variance >= 0 && variance < Infinity))
      throw new MonitorError(
        'STAGE',
        `variances[${i}] is ${variance}, expected a finite number, 0 or above, or a masked channel`,
        { id, stream, seq },
      );
  }
}

/** Whether all are finite: v - v is 0 of those alone. Four sums, so that none waits for the others. */
function areFinite(v: Float64Array): boolean {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = v.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    a += v[i] - v[i];
    b += v[i + 1] - v[i + 1];
    c += v[i + 2] - v[i + 2];
    d += v[i + 3] - v[i + 3];
  }
  for (let i = whole; i < v.length; i++) a += v[i] - v[i];
  return a + b + c + d === 0;
}

/** Whether all are finite and none is negative: v - |v| is 0 of those alone. */
function areVariances(v: Float64Array): boolean {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = v.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    a += v[i] - Math.abs(v[i]);
    b += v[i + 1] - Math.abs(v[i + 1]);
    c += v[i + 2] - Math.abs(v[i + 2]);
    d += v[i + 3] - Math.abs(v[i + 3]);
  }
  for (let i = whole; i < v.length; i++) a += v[i] - Math.abs(v[i]);
  return a + b + c + d === 0;
}
