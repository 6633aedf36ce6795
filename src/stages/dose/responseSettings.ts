import { z } from 'zod';
import { responseWindows } from './responseWindows.ts';

/** Settings of dose.response. */
export const responseSettings = z
  .strictObject({
    tolerance: z
      .number()
      .gt(0)
      .max(0.5)
      .describe('Damage fraction that must not be passed, over 0 and at most 0.5.')
      .meta({ unit: '1' }),
    alpha: z
      .number()
      .min(1e-4)
      .max(0.5)
      .default(0.05)
      .describe('Risk of passing it: stop when P(f after the next frame > tolerance) is higher. 0.02 is strict.'),
    rule: z
      .enum(['predictive', 'guaranteed'])
      .default('predictive')
      .describe(
        'predictive: right on average over the prior; guaranteed: right for every sample whose kinetics are as stated, whenever one looks; needs `lowestDose`.',
      ),
    lowestDose: z
      .number()
      .positive()
      .optional()
      .describe('Lowest dose at which the tolerance can be reached, in the unit of the dose: for the guaranteed rule.'),
    prior: z
      .strictObject({
        dose: z
          .number()
          .positive()
          .optional()
          .describe('Median of the dose at which the tolerance is reached, in the unit of the dose.'),
        spread: z.number().positive().max(2).default(0.7).describe('Standard deviation of its natural logarithm.'),
      })
      .default({ spread: 0.7 })
      .describe('What is known before the first frame: of the sample, and of its environment.'),
    budget: z
      .number()
      .positive()
      .optional()
      .describe(
        'Dose that is taken to be safe, in its unit: without `prior.dose`, 19 of 20 samples are taken to bear it.',
      ),
    kinetics: z
      .enum(['unknown', 'exponential'])
      .default('unknown')
      .describe(
        'unknown: none, exponential, sigmoid, delayed, above a rate only, or anything smooth; exponential: asserted.',
      ),
    windows: responseWindows.optional().describe('Two windows; left out, whole spectra are taken apart.'),
    intact: z
      .string()
      .optional()
      .describe(
        'Spectrum of undamaged material, for whole spectra: a baseline file, as of a sacrificial area, or columns of text. Left out, learned from the first `learn` frames of an area.',
      ),
    damaged: z
      .string()
      .optional()
      .describe(
        'Spectrum of fully damaged material, on the scale of `intact`; with a learned one, brought to its total. Left out, the direction of the change is learned, and f is the change of the spectrum over the spectrum.',
      ),
    damagedIs: z
      .enum(['state', 'direction'])
      .default('state')
      .describe(
        'What `damaged` is. state: the material when all is damaged, and f its fraction. direction: where the spectrum goes, as a pure compound shows it; f is then the change of the spectrum over the spectrum at the channel that changes most.',
      ),
    referenceError: z
      .number()
      .min(0)
      .max(0.5)
      .default(0)
      .describe(
        'How far an intact reference of another area may be off here, as one standard deviation of f: thickness, texture and background differ from place to place.',
      )
      .meta({ unit: '1' }),
    learn: z.int().min(1).default(10).describe('Frames an intact reference is learned from.').meta({ unit: 'frames' }),
    shift: z
      .enum(['free', 'fixed'])
      .default('free')
      .describe('Whether each spectrum may lie shifted by its own; fixed: by the measured drift of the frame only.'),
    dispersion: z
      .number()
      .positive()
      .default(1)
      .describe('Variance of the counts over their mean, or factor on given variances.'),
    dose: z.string().min(1).optional().describe('Stage whose dose counts; left out, the first one heard.'),
  })
  .superRefine((settings, context) => {
    const { rule, lowestDose, kinetics, prior, budget, windows: pair, intact, damaged, damagedIs } = settings;
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (prior.dose === undefined && budget === undefined)
      refuse(
        'prior',
        'expected prior.dose or budget: the median dose at which the tolerance is reached, or a dose taken to be safe',
      );
    if (rule === 'guaranteed' && lowestDose === undefined)
      refuse('lowestDose', 'expected a lowest dose: without one the guaranteed rule must stop before the first frame');
    if (rule === 'guaranteed' && kinetics !== 'exponential')
      refuse('kinetics', 'expected exponential: the guarantee holds for stated kinetics only');
    if (pair !== undefined && (intact !== undefined || damaged !== undefined))
      refuse('windows', 'expected either windows or spectra of reference, got both');
    if (damagedIs === 'direction' && damaged === undefined)
      refuse('damagedIs', 'expected `damaged`: the spectrum of a pure compound that shows the direction');
  });
export type ResponseSettings = z.output<typeof responseSettings>;

/** 95 % of the samples bear at least what is `-SAFE` standard deviations below the median. */
const SAFE = 1.645;

/** Median of the prior, in the unit of the dose. */
export function priorDose({ prior, budget }: ResponseSettings): number {
  return prior.dose ?? budget! * Math.exp(SAFE * prior.spread);
}
