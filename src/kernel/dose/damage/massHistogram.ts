/** Bins of a histogram of probability. */
export const BINS = 1024;

/** Room for one: [BINS + 2], below, the bins, above. */
export function createMassHistogram(): Float64Array {
  return new Float64Array(BINS + 2);
}

/** Adds probability at a place, in bins from the lower end. */
export function addMass(bins: Float64Array, place: number, mass: number): void {
  bins[place < 0 ? 0 : place >= BINS ? BINS + 1 : Math.floor(place) + 1]! += mass;
}

/** Makes the distribution function of the histogram; to be called once, when all is in. */
export function accumulateMass(bins: Float64Array): void {
  for (let k = 1; k < bins.length; k++) bins[k]! += bins[k - 1]!;
}

/** Probability below a place; within a bin in proportion. */
export function massBelow(bins: Float64Array, place: number): number {
  if (!(place > 0)) return place === 0 ? bins[0]! : 0;
  if (place >= BINS) return bins[BINS]!;
  const k = Math.floor(place);
  return bins[k]! + (bins[k + 1]! - bins[k]!) * (place - k);
}
