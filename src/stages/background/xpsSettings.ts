import { z } from 'zod';
import { channelCentres, fastAxis, type Layout } from '../../model/layout.ts';

/** Settings of the backgrounds of photoelectrons. */
export const xpsSettings = {
  axis: z
    .enum(['binding', 'kinetic'])
    .default('binding')
    .describe('Which energy the axis counts: the background rises towards higher binding, lower kinetic energy.'),
  endpointAverage: z
    .number()
    .int()
    .min(1)
    .default(5)
    .describe(
      'Channels at either end whose mean is the level there: of a single one, the whole background has the noise.',
    ),
};

/** Of photoelectrons: files count binding energy; five channels halve the noise of the ends without reaching into the peak. */
export const xpsPresets = { XPS: { axis: 'binding', endpointAverage: 5 } } as const;

/** [n] binding energies of the channels, eV, up to an offset. */
export function bindingEnergiesOf(layout: Layout, axis: 'binding' | 'kinetic'): Float64Array {
  return channelCentres(fastAxis(layout)).map((energy) => (axis === 'binding' ? energy : -energy));
}
