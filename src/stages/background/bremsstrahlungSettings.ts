import { z } from 'zod';
import { MASS_ATTENUATION } from '../../kernel/tables/massAttenuation.ts';
import { backgroundSettings } from './settings.ts';

type Element = keyof typeof MASS_ATTENUATION;

const layer = z.strictObject({
  element: z
    .enum(Object.keys(MASS_ATTENUATION) as [Element, ...Element[]])
    .describe('What it is made of; carbon stands for a polymer.'),
  massThickness: z.number().positive().meta({ unit: 'g/cm2' }).describe('Density times thickness, g/cm2.'),
});
export type LayerSettings = z.output<typeof layer>;

/** Settings of the continuum that a detector shows: a thin polymer window and a silicon drift detector, unless said otherwise. */
export const bremsstrahlungSettings = {
  beamEnergyKeV: z.number().positive().meta({ unit: 'keV' }).describe("Energy of the beam's electrons, keV."),
  windows: z
    .array(z.tuple([z.number(), z.number()]).refine(([from, to]) => from < to, 'a window needs the lower energy first'))
    .min(1)
    .describe('Parts of the axis, in its unit, where there are no lines; the scales are fitted there.'),
  axisUnit: z
    .enum(['axis', 'eV', 'keV'])
    .default('axis')
    .describe("Unit of the axis; 'axis': as the stream says, which must be eV or keV."),
  resolution: z
    .number()
    .positive()
    .meta({ unit: 'eV' })
    .default(130)
    .describe('Full width at half maximum of the detector at Mn K-alpha, eV.'),
  layers: z
    .array(layer)
    .default([
      { element: 'C', massThickness: 3.6e-5 },
      { element: 'Al', massThickness: 8.1e-6 },
      { element: 'Si', massThickness: 1.165e-5 },
    ])
    .describe('What X-rays pass on their way: window, contact, dead layer.'),
  crystal: layer
    .default({ element: 'Si', massThickness: 0.105 })
    .describe('What must stop them: 0.45 mm of silicon are 0.105 g/cm2.'),
  specimen: layer
    .extend({ takeOffDeg: z.number().gt(0).max(90).meta({ unit: 'deg' }).describe('Angle to the surface, degrees.') })
    .optional()
    .describe('What X-rays must leave; left out, nothing is absorbed there.'),
  ...backgroundSettings,
};

export type BremsstrahlungSettings = z.output<z.ZodObject<typeof bremsstrahlungSettings>>;
