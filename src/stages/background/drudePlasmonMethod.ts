import { emptyPlasmonFit, fitDrudePlasmon, plasmonAt } from '../../kernel/background/drudePlasmonFit.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { channelRange } from '../../model/channelRange.ts';
import { channelsMoved } from '../../model/channelsMoved.ts';
import { fastAxis, type Layout } from '../../model/layout.ts';
import { varied, type BackgroundMethod, type Channels } from './method.ts';
import { uniformStep } from './uniformStep.ts';

/** A fit of three parameters wants a few channels more. */
const LEAST_CHANNELS = 8;

/** The plasmon in a window as a method; below the window, where the zero loss is, nothing is known. @throws RangeError when the window does not fit the axis. */
export function drudePlasmonMethod(
  { window, vary }: { readonly window: readonly [from: number, to: number]; readonly vary: number },
  layout: Layout,
): BackgroundMethod {
  const axis = fastAxis(layout);
  const { centres } = uniformStep(layout);
  const n = layout.size;
  const [first, end] = channelRange(axis, window);
  if (end - first < LEAST_CHANNELS)
    throw new RangeError(`the window holds ${end - first} channels, expected at least ${LEAST_CHANNELS}`);
  const energies = centres.slice();
  const undefinedAt = new Uint8Array(n);
  const here: { first: number; end: number } = { first, end };
  const defaultRegion = { first: 0, end: n };
  const isCounts = layout.noise === 'poisson';
  const fitted = emptyPlasmonFit();
  const at = new Float64Array(4);
  // Varied, the window ends sooner or later: how much of the tail counts decides most.
  const varyWindow = (variation: -1 | 0 | 1): Channels => ({
    first: here.first,
    end: Math.min(
      n,
      Math.max(here.first + LEAST_CHANNELS, here.first + Math.round(varied(here.end - here.first, vary, variation))),
    ),
  });
  const place = (): void => {
    undefinedAt.fill(1, 0, here.first).fill(0, here.first);
    defaultRegion.first = Math.min(here.end, n - 1);
  };
  place();
  const [whole, shared, own] = [new Float64Array(3), new Float64Array(3), new Float64Array(3)];
  /** Sums of the derivatives over channels: [3]. */
  const sumGradients = (from: number, to: number, sum: Float64Array): void => {
    sum.fill(0);
    for (let i = from; i < to; i++) {
      plasmonAt(energies[i]!, fitted.logs, at);
      for (let k = 0; k < 3; k++) sum[k]! += at[k + 1]!;
    }
  };
  const product = (a: Float64Array, b: Float64Array): number => {
    let sum = 0;
    for (let k = 0; k < 3; k++) for (let l = 0; l < 3; l++) sum += a[k]! * fitted.covariance[3 * k + l]! * b[l]!;
    return sum;
  };
  return {
    defaultRegion,
    undefinedAt,
    follow(axisShift) {
      const moved = channelsMoved(axis, first, axisShift);
      for (let i = 0; i < n; i++) energies[i] = centres[i]! + axisShift;
      here.first = first + moved;
      here.end = end + moved;
      if (here.first < 0 || here.end > n || !(energies[here.first]! > 0)) return false;
      place();
      return true;
    },
    fit({ values, variances }, variation, out) {
      try {
        fitDrudePlasmon(values, energies, varyWindow(variation), isCounts ? null : variances, fitted);
      } catch (error) {
        if (isRefusal(error, 'NoSignalInWindow')) return false;
        throw error;
      }
      for (let i = 0; i < n; i++) {
        plasmonAt(energies[i]!, fitted.logs, at);
        out[i] = at[0]!;
      }
      // Where no plasmon is in the window, the fit runs out of it.
      const energy = Math.exp(fitted.logs[1]!);
      return fitted.converged && energy > energies[here.first]! && energy < energies[here.end - 1]!;
    },
    variances(_spectrum, _background, out) {
      for (let i = 0; i < n; i++) {
        sumGradients(i, i + 1, own);
        out[i] = product(own, own);
      }
    },
    netVariance({ variances }, _background, _ofBackground, region) {
      sumGradients(region.first, region.end, whole);
      // What the fit saw of the region itself is part of both.
      const from = Math.max(region.first, here.first);
      sumGradients(from, Math.max(from, Math.min(region.end, here.end)), shared);
      let sum = product(whole, whole) - 2 * product(shared, whole);
      for (let i = region.first; i < region.end; i++) sum += variances[i]!;
      return sum;
    },
    report(tell) {
      const { unit } = axis;
      for (const [name, k] of [
        ['plasmonEnergy', 1],
        ['plasmonWidth', 2],
      ] as const) {
        const value = Math.exp(fitted.logs[k]!);
        const standardError = value * Math.sqrt(fitted.covariance[4 * k]!);
        tell({ name, value, standardError, unit, quality: 'valid' });
      }
    },
  };
}
