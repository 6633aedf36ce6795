import { z } from 'zod';
import { constant, parameter, type Affine, type PeakModel } from '../../kernel/peaks/peakModel.ts';

/** Settings of quantification.whiteLineFit. */
export const whiteLineSettings = {
  l3: z.number().positive().describe('Where L3 is expected, in the unit of the axis.'),
  within: z.number().positive().default(5).describe('How far it may be from there.'),
  splitting: z.number().positive().describe('Distance of L2 from L3 expected.'),
  splittingWithin: z.number().min(0).default(1.5).describe('How far the distance may be from that; 0 holds it.'),
  width: z
    .number()
    .positive()
    .default(2.6)
    .describe('Full width of L3 at half maximum to start from; a quarter to three times that may be fitted.'),
  widthFactor: z.number().positive().default(1.25).describe('Width of L2 over that of L3: its hole is filled sooner.'),
  stepOffset: z.number().default(0.6).describe('How far behind its line the continuum of each begins.'),
  stepWidth: z.number().positive().default(1).describe('Full width of the steps of the continuum.'),
  stepWeights: z
    .tuple([z.number().min(0).max(1), z.number().min(0).max(1)])
    .default([2 / 3, 1 / 3])
    .describe('Share of the continuum that begins at L3 and at L2.'),
  region: z
    .tuple([z.number(), z.number()])
    .optional()
    .describe('Part of the axis that is fitted, in its unit, from before L3 to the plateau; left out, all of it.'),
};
export type WhiteLineSettings = z.output<z.ZodObject<typeof whiteLineSettings>>;

/** Places of the numbers in the model. */
export const AMPLITUDE = { l3: 0, l2: 1, continuum: 2, background: 3 } as const;
export const PARAMETER = { l3: 0, splitting: 1, width: 2 } as const;

/** Two Gaussians, a continuum of two arctan steps behind them and a constant background; what it fits are areas. */
export function whiteLineModel({
  l3,
  within,
  splitting,
  splittingWithin,
  width,
  widthFactor,
  stepOffset,
  stepWidth,
  stepWeights,
}: WhiteLineSettings): PeakModel {
  const around = (name: string, start: number, by: number) => ({ name, start, low: start - by, high: start + by });
  const at = (plus: number, isL2: boolean): Affine => ({
    constant: plus,
    terms: (isL2 ? [PARAMETER.l3, PARAMETER.splitting] : [PARAMETER.l3]).map((index) => ({
      parameter: index,
      factor: 1,
    })),
  });
  const positive = { low: 0, high: Infinity };
  const line = (isL2: boolean) => ({
    shape: 'gaussian' as const,
    weight: 1,
    parameters: [at(0, isL2), parameter(PARAMETER.width, isL2 ? widthFactor : 1)],
  });
  const step = (isL2: boolean) => ({
    shape: 'step' as const,
    weight: stepWeights[isL2 ? 1 : 0],
    parameters: [at(stepOffset, isL2), constant(stepWidth)],
  });
  return {
    parameters: [
      around('L3', l3, within),
      around('splitting', splitting, splittingWithin),
      { name: 'width', start: width, low: width / 4, high: 3 * width },
    ],
    components: [
      { name: 'L3', ...positive, lines: [line(false)] },
      { name: 'L2', ...positive, lines: [line(true)] },
      { name: 'continuum', ...positive, lines: [step(false), step(true)] },
      { name: 'background', ...positive, lines: [], background: { power: 0, origin: 0, span: 1 } },
    ],
  };
}
