import { z } from 'zod';
import { POWDER_STANDARDS, type PowderStandardName } from '../../kernel/tables/powderStandards.ts';
import { REFERENCE_TABLES, type ReferenceTableName } from '../../kernel/tables/referenceLines.ts';

type Reference = PowderStandardName | ReferenceTableName;
const REFERENCES = [...Object.keys(POWDER_STANDARDS), ...Object.keys(REFERENCE_TABLES)] as [Reference, ...Reference[]];

const ownLine = z.strictObject({
  reference: z.number().describe('Where it belongs, in the unit of the calibrated axis.'),
  uncertainty: z.number().min(0).default(0).describe('One standard uncertainty of that.'),
  position: z.number().optional().describe('Where it is expected on the axis as it is; left out, at `reference`.'),
  feature: z.enum(['peak', 'edge']).default('peak').describe("'edge': the inflection of a step."),
});

/** A line given in the settings. */
export type OwnLine = z.output<typeof ownLine>;

/** Numbers that each model of the axis fits. */
export const MODEL_SIZE = {
  offset: 1,
  linear: 2,
  quadratic: 3,
  cubic: 4,
  zero: 1,
  displacement: 1,
  zeroAndDisplacement: 2,
} as const;

/** Settings of calibration.axis. */
export const axisSettings = z
  .strictObject({
    reference: z
      .enum(REFERENCES)
      .optional()
      .describe(
        'Known lines: a powder standard (with `wavelength`) or a table; those outside the axis are not looked for.',
      ),
    only: z
      .array(z.string())
      .min(1)
      .optional()
      .describe("Names of the lines of the table to use: ['Ni'] of the XAS foils."),
    lines: z.array(ownLine).min(1).optional().describe('Lines of your own, instead of or beside those of `reference`.'),
    wavelength: z
      .number()
      .positive()
      .optional()
      .describe('X-ray wavelength for a powder standard.')
      .meta({ unit: 'Ao' }),
    laserNm: z
      .number()
      .positive()
      .optional()
      .describe('Laser wavelength in vacuum: where the lines of neon lie on a Raman axis.')
      .meta({ unit: 'nm' }),
    window: z
      .number()
      .positive()
      .default(10)
      .describe('How far a line may lie from where it is expected, axis units; holds one line only.'),
    width: z
      .number()
      .positive()
      .optional()
      .describe('Full width of a line at half maximum, axis units; left out, a third of `window`.'),
    model: z
      .enum(Object.keys(MODEL_SIZE) as [keyof typeof MODEL_SIZE, ...(keyof typeof MODEL_SIZE)[]])
      .default('linear')
      .describe(
        "What is wrong with the axis: 'offset'; 'linear', offset and gain; more with more lines. Of a diffractometer 'zero' and 'displacement' of the sample, which together need lines over a wide range.",
      ),
    radiusMm: z
      .number()
      .positive()
      .optional()
      .describe('Radius of the goniometer, for the displacement.')
      .meta({ unit: 'mm' }),
    learn: z
      .number()
      .int()
      .min(1)
      .default(10)
      .describe('Frames of the reference that are added up; until then nothing is handed on.'),
    coefficients: z
      .array(z.number())
      .min(1)
      .max(6)
      .optional()
      .describe('A calibration known already, instead of lines: c0 + c1 x + c2 x^2; one alone is an offset.'),
  })
  .superRefine((config, context) => {
    const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', message, path: [path] });
    const { reference, lines, coefficients, model, wavelength, radiusMm, only } = config;
    const isPowder = reference !== undefined && reference in POWDER_STANDARDS;
    const hasLines = reference !== undefined || lines !== undefined;
    if (hasLines === (coefficients !== undefined))
      refuse('reference', "expected lines ('reference' or 'lines') or 'coefficients', one of the two");
    if (isPowder && wavelength === undefined)
      refuse('wavelength', `${reference} needs the wavelength, expected it in angstrom`);
    if (/displacement/i.test(model) && radiusMm === undefined)
      refuse('radiusMm', `'${model}' needs the radius of the goniometer`);
    if (only === undefined) return;
    const names =
      reference === undefined || isPowder
        ? []
        : REFERENCE_TABLES[reference as ReferenceTableName].lines.map(({ name }) => name);
    for (const name of only)
      if (!names.includes(name))
        refuse('only', `there is no line '${name}', expected of: ${names.join(', ') || 'a table'}`);
  });

export type AxisSettings = z.output<typeof axisSettings>;
