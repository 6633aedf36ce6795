import {
  emptyPowerLaw,
  powerLawCurve,
  powerLawSumVariance,
  powerLawVariances,
  type PowerLaw,
  type PowerLawWindow,
} from '../../kernel/background/powerLaw.ts';
import { powerLawLeastSquares } from '../../kernel/background/powerLawLeastSquares.ts';
import { powerLawLogLog } from '../../kernel/background/powerLawLogLog.ts';
import { powerLawTwoArea } from '../../kernel/background/powerLawTwoArea.ts';
import { powerLawWindow } from '../../kernel/background/powerLawWindow.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import type { Layout } from '../../model/layout.ts';
import { varied, type BackgroundMethod } from './method.ts';
import { uniformStep } from './uniformStep.ts';

export const POWER_LAW_METHODS = ['twoArea', 'logLog', 'leastSquares', 'likelihood'] as const;

type Fit = (values: Float64Array, window: PowerLawWindow, variances: Float64Array | null, out: PowerLaw) => PowerLaw;

const FITS: Readonly<Record<(typeof POWER_LAW_METHODS)[number], Fit>> = {
  twoArea: powerLawTwoArea,
  logLog: powerLawLogLog,
  leastSquares: (values, window, variances, out) =>
    powerLawLeastSquares(values, { ...window, weights: 'data' }, variances, out),
  likelihood: (values, window, variances, out) => powerLawLeastSquares(values, window, variances, out),
};

export interface PowerLawSettings {
  readonly window: readonly [from: number, to: number];
  readonly method: (typeof POWER_LAW_METHODS)[number];
  readonly vary: number;
}

interface WindowSettings {
  readonly edge?: number | undefined;
  readonly before?: readonly [from: number, to: number] | undefined;
  readonly window?: readonly [from: number, to: number] | undefined;
}

/** The window as set, or before the edge. @throws RangeError when neither is set. */
export function windowOf({ edge, before, window }: WindowSettings): readonly [from: number, to: number] {
  if (window !== undefined) {
    if (edge !== undefined) throw new RangeError('got window and edge, expected one of them');
    return window;
  }
  if (edge === undefined) throw new RangeError('got no window, expected window or edge');
  if (before === undefined)
    throw new RangeError(`the edge is at ${edge}, expected before, which modality EELS would give, or window`);
  return [edge * (1 - before[0]), edge * (1 - before[1])];
}

/** A power law before an edge as a method; below its window nothing is known. @throws RangeError when the window does not fit the axis. */
export function powerLawMethod(
  { window: [from, to], method, vary }: PowerLawSettings,
  layout: Layout,
): BackgroundMethod {
  const { centres, ...axis } = uniformStep(layout);
  const n = layout.size;
  // The window ends before the edge, so that varying it means to begin it sooner or later.
  const windowsAt = (axisShift: number): readonly PowerLawWindow[] => {
    const nominal = powerLawWindow({ ...axis, offset: axis.offset + axisShift }, [from, to]);
    const lowest = centres.findIndex((energy) => energy + axisShift > 0);
    return ([-1, 0, 1] as const).map((variation) => {
      const first = Math.round(nominal.end - varied(nominal.end - nominal.first, vary, variation));
      return variation === 0 ? nominal : { ...nominal, first: Math.max(lowest, Math.min(first, nominal.end - 4)) };
    });
  };
  let windows = windowsAt(0);
  const logEnergies = new Float64Array(n);
  const undefinedAt = new Uint8Array(n);
  const defaultRegion = { first: 0, end: n };
  const place = (axisShift: number): void => {
    const { first, end } = windows[1]!;
    for (let i = 0; i < n; i++)
      logEnergies[i] = centres[i]! + axisShift > 0 ? Math.log(centres[i]! + axisShift) : -Infinity;
    undefinedAt.fill(1, 0, first).fill(0, first);
    defaultRegion.first = Math.min(end, n - 1);
  };
  place(0);
  const isCounts = layout.noise === 'poisson';
  const fit = emptyPowerLaw();
  return {
    defaultRegion,
    undefinedAt,
    follow(axisShift) {
      try {
        windows = windowsAt(axisShift);
      } catch (error) {
        if (isRefusal(error, 'WindowOutsideAxis') || isRefusal(error, 'NonPositiveEnergy')) return false;
        throw error;
      }
      place(axisShift);
      return true;
    },
    fit({ values, variances }, variation, out) {
      try {
        FITS[method](values, windows[variation + 1]!, isCounts ? null : variances, fit);
      } catch (error) {
        if (isRefusal(error, 'NoSignalInWindow') || isRefusal(error, 'NonPositiveWindow')) return false;
        throw error;
      }
      powerLawCurve(fit, logEnergies, out);
      return Number.isFinite(fit.lnA) && Number.isFinite(fit.r);
    },
    variances: (_spectrum, background, out) => void powerLawVariances(fit, logEnergies, background, out),
    netVariance({ variances }, background, _ofBackground, region) {
      let sum = powerLawSumVariance(fit, logEnergies, background, region);
      for (let i = region.first; i < region.end; i++) sum += variances[i]!;
      return sum;
    },
    report(tell) {
      const quality = fit.converged ? 'valid' : 'invalid';
      tell({ name: 'exponent', value: fit.r, standardError: Math.sqrt(fit.varianceR), unit: '1', quality });
    },
  };
}
