import { createLayoutInterner, spectrumLayout } from '../../src/model/layout.ts';
import type { Layout, Noise } from '../../src/model/layout.ts';

/** What the axis and the values of a file are. */
export interface Meaning {
  readonly axis: { readonly name: string; readonly unit: string };
  readonly values: { readonly quantity: string; readonly unit: string };
}

export interface Spectrum {
  readonly layout: Layout;
  readonly values: Float64Array;
  readonly variances: Float64Array | undefined;
}

/** Makes spectra whose layouts are one object per grid. */
export type SpectrumMaker = (
  coordinates: Float64Array,
  values: Float64Array,
  variances: Float64Array | undefined,
) => Spectrum;

/**
 * Puts axes in ascending order, their values with them; what is given may be changed.
 *
 * One more coordinate than values makes the coordinates bin edges.
 * @throws RangeError when an axis is not monotonic, with the place.
 */
export function createSpectrumMaker(meaning: Meaning, noise: Noise): SpectrumMaker {
  const intern = createLayoutInterner();
  return (coordinates, values, variances) => {
    if (coordinates.length > 1 && coordinates[0]! > coordinates[coordinates.length - 1]!)
      for (const array of [coordinates, values, variances]) array?.reverse();
    const placement = coordinates.length === values.length + 1 ? 'edge' : 'centre';
    const layout = intern(spectrumLayout({ ...meaning.axis, placement, coordinates }, { ...meaning.values, noise }));
    if (layout.size !== values.length) throw new RangeError(`${values.length} values on ${layout.size} channels`);
    return { layout, values, variances };
  };
}
