import { z } from 'zod';

const SHAPES = ['gaussian', 'lorentzian', 'pseudoVoigt', 'voigt', 'asymmetric', 'doniachSunjic', 'step'] as const;

const partner = z.strictObject({
  offset: z.number().describe('Distance from the main line, axis units; negative on its low side.'),
  offsetWithin: z.number().positive().optional().describe('Fit the distance too, at most so far from `offset`.'),
  ratio: z.number().positive().describe('Area over that of the main line: 0.5 for 2p1/2 beside 2p3/2.'),
  widthFactor: z.number().positive().default(1).describe('Width over that of the main line.'),
});

const peak = z.strictObject({
  name: z
    .string()
    .regex(/^[^\s.]+$/)
    .describe('Readings begin with it: Fe2p.position. No blank, no full stop.'),
  shape: z
    .enum(SHAPES)
    .optional()
    .describe(
      "Left out, the shape of all; with `like`, that of the other. 'asymmetric' is a pseudo-Voigt with halves of different width; 'doniachSunjic' a metal, 'step' an edge.",
    ),
  position: z.number().describe('Where it is expected, axis units.'),
  within: z.number().min(0).optional().describe('How far it may be from there; 0 holds it; left out, one width.'),
  width: z
    .number()
    .positive()
    .describe('Full width at half maximum expected, axis units; of a Voigt, that of its Gaussian part.'),
  widthRange: z
    .tuple([z.number().positive(), z.number().positive()])
    .optional()
    .describe('Bounds of the width; equal ones hold it; left out, a quarter to four times `width`.'),
  mixing: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Lorentzian fraction to start from (pseudoVoigt, asymmetric).'),
  lorentzianWidth: z
    .number()
    .positive()
    .optional()
    .describe('Width of the Lorentzian part of a Voigt to start from; left out, `width`.'),
  asymmetry: z
    .number()
    .min(-0.95)
    .max(0.95)
    .default(0.1)
    .describe(
      'To start from. Of a metal, the sign says on which side the tail is: positive above, as on an axis of binding energy.',
    ),
  hold: z
    .array(z.enum(['mixing', 'lorentzianWidth', 'asymmetry']))
    .default([])
    .describe('What stays as given.'),
  like: z.string().optional().describe('Name of an earlier peak of the same shape whose width and shape it shares.'),
  widthFactor: z.number().positive().default(1).describe('With `like`: its width over that of the other.'),
  partners: z.array(partner).default([]).describe('Lines that belong to it with a fixed ratio of areas: a multiplet.'),
  sign: z.enum(['positive', 'any']).default('positive').describe("'any' lets its area be negative."),
});

type Peak = z.output<typeof peak>;

/** What is wrong with a list of peaks, in a sentence; undefined when nothing is. */
function wrongWith(peaks: readonly Peak[]): string | undefined {
  for (const [k, { name, like, shape, width, widthRange }] of peaks.entries()) {
    if (peaks.findIndex((each) => each.name === name) !== k)
      return `two peaks are called '${name}', expected different names`;
    if (widthRange !== undefined && !(widthRange[0] <= width && width <= widthRange[1]))
      return `the width of '${name}' is ${width}, expected within its bounds ${widthRange[0]} to ${widthRange[1]}`;
    if (like === undefined) continue;
    const other = peaks.slice(0, k).find((each) => each.name === like);
    if (other === undefined) return `'${name}' is like '${like}', expected the name of an earlier peak`;
    if (other.like !== undefined) return `'${name}' is like '${like}', which is like another; expected '${other.like}'`;
    if (shape !== undefined && other.shape !== undefined && other.shape !== shape)
      return `'${name}' is a ${shape} like '${like}', a ${other.shape}; expected the same shape`;
  }
  return undefined;
}

export const fitSettings = z.strictObject({
  region: z
    .tuple([z.number(), z.number()])
    .optional()
    .describe('Part of the axis that is fitted, in its unit; left out, all of it.'),
  shape: z.enum(SHAPES).default('pseudoVoigt').describe('Shape of the peaks that name none.'),
  peaks: z
    .array(peak)
    .min(1)
    .superRefine((peaks, context) => {
      const message = wrongWith(peaks);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .describe('What is fitted.'),
  background: z
    .enum(['none', 'constant', 'linear', 'quadratic'])
    .default('linear')
    .describe('What is fitted under the peaks.'),
  likelihood: z
    .enum(['auto', 'leastSquares'])
    .default('auto')
    .describe(
      "'auto' fits raw counts by Poisson likelihood; least squares with the errors of the data puts counts below about 20 per channel too low.",
    ),
  iterations: z
    .number()
    .int()
    .min(1)
    .default(60)
    .describe('Steps after which a fit has failed; a warm start needs 2 or 3.'),
});
