import type { PenalisedFit, PenalisedWorkspace } from '../../kernel/background/penalisedFit.ts';
import { createPenalisedWorkspace } from '../../kernel/background/penalisedFit.ts';
import { penalisedNetVariance, pullVariances } from '../../kernel/background/penalisedErrors.ts';
import { whittaker } from '../../kernel/background/whittaker.ts';
import { createWhittakerVariancesWorkspace, whittakerVariances } from '../../kernel/background/whittakerVariances.ts';
import { z } from 'zod';
import { axisQuantity, inUnitOf } from '../../model/axisQuantity.ts';
import { axisLength, fastAxis, meanChannelWidth, type Layout } from '../../model/layout.ts';
import { varied, type BackgroundMethod } from './method.ts';

/** Settings of the backgrounds of penalised least squares. */
export const penalisedSettings = {
  length: axisQuantity
    .optional()
    .describe(
      'Stiffness as a length, in the unit of the axis or with its own: features longer than some six times this are background. Stays right when the number of channels changes.',
    ),
  lambda: z
    .number()
    .positive()
    .max(1e12)
    .default(1e6)
    .describe(
      'Stiffness in channels, used when there is no `length`: that length over the channel width, to the fourth power; typically 1e4 to 1e9.',
    ),
  solves: z.number().int().min(1).max(100).default(20).describe('Solutions after which a frame takes what there is.'),
};

/** Presets of the stiffness. */
export const penalisedPresets = {
  // Lambda 1e6 at 1 cm-1 per channel, the middle of what Eilers and Boelens and Baek et al. use: fluorescence wider than some
  // 200 cm-1 is background. As a length it stays the same at every channel width, as lambda over width to the fourth power.
  Raman: { length: '32 cm-1' },
  // Halos of glass and of air are 3 degrees wide and more, lines a tenth of that: features longer than some 2.4 degrees are background.
  XRD: { length: '0.4 deg' },
} as const;
/** Stiffness by length or in channels. */
export const penalisedAlternatives = [['length', 'lambda']] as const;

type PenalisedSettings = z.output<z.ZodObject<typeof penalisedSettings>>;

/** One of the kernels, with its own settings filled in. */
export type PenalisedKernel = (
  values: Float64Array,
  options: { readonly lambda: number; readonly solves: number },
  out: Float64Array,
  work: PenalisedWorkspace,
) => PenalisedFit;

/** Largest stiffness whose equations double precision can solve. */
const STIFFEST = 1e12;

/** The stiffness per channel: a length over the channel width, to the fourth power. */
function lambdaOf({ length, lambda }: PenalisedSettings, layout: Layout): number {
  const axis = fastAxis(layout);
  if (length === undefined || axisLength(axis) < 2) return lambda;
  return (inUnitOf(axis, length, 'length') / meanChannelWidth(axis)) ** 4;
}

/**
 * A background of penalised least squares as a method: it is linear in the values for given weights, so its variances, and that of any sum,
 * follow from what each channel pulls.
 *
 * @param vary - fraction by which the stiffness is varied, as a length.
 */
export function penalisedMethod(
  kernel: PenalisedKernel,
  config: PenalisedSettings & { readonly vary: number },
  layout: Layout,
): BackgroundMethod {
  const n = layout.size;
  const nominal = lambdaOf(config, layout);
  const { solves, vary } = config;
  const work = createPenalisedWorkspace(n);
  const { weights } = work;
  const variancesWork = createWhittakerVariancesWorkspace(n);
  const influence = new Float64Array(n);
  const pulls = new Float64Array(n);
  const options = ([-1, 0, 1] as const).map((variation) => ({
    lambda: Math.min(STIFFEST, varied(nominal ** 0.25, vary, variation) ** 4),
    solves,
  }));
  const lambda = options[1]!.lambda;
  let fit: PenalisedFit = { iterations: 0, converged: false };
  return {
    fit({ values }, variation, out) {
      fit = kernel(values, options[variation + 1]!, out, work);
      return true;
    },
    variances({ values, variances }, background, out) {
      pullVariances(values, { background, weights, variances }, pulls);
      whittakerVariances({ weights, lambda, variances: pulls }, variancesWork, out);
    },
    netVariance({ variances }, _background, _ofBackground, { first, end }) {
      influence.fill(0).fill(1, first, end);
      whittaker(influence, { weights, lambda }, work, influence);
      return penalisedNetVariance({ weights, variances, pulls, influence, first, end });
    },
    report(tell) {
      tell({
        name: 'converged',
        value: fit.converged ? 1 : 0,
        standardError: undefined,
        unit: '1',
        quality: 'valid',
      });
    },
  };
}
