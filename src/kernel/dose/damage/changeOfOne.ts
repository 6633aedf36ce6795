/**
 * The intact spectrum changed in the direction of another until the channel that changes most has changed by as much as it
 * held: a damage fraction on this scale is a relative change of the spectrum.
 *
 * @param intact - [n], some channel above 0.
 * @param towards - [n], on the scale of the intact one.
 * @returns [n].
 * @throws RangeError when the two are the same.
 */
export function changeOfOne(intact: Float64Array, towards: Float64Array): Float64Array {
  let largest = 0;
  for (let i = 0; i < intact.length; i++)
    if (intact[i]! > 0) largest = Math.max(largest, Math.abs(towards[i]! - intact[i]!) / intact[i]!);
  if (!(largest > 0 && largest < Infinity))
    throw new RangeError('the two spectra show no direction: they are the same');
  return intact.map((value, i) => value + (towards[i]! - value) / largest);
}
