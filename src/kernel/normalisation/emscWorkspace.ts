import type { EmscModel } from './emscModel.ts';

/** What `emsc` works in. */
export interface EmscWorkspace {
  readonly model: EmscModel;
  /** [count] of the last fit: scale b, interferents, then polynomial from the constant up. */
  readonly coefficients: Float64Array;
  /** [count] coefficients of the orthonormal columns. */
  readonly inBasis: Float64Array;
  /** [count * count] inverse of the weighted product of the columns over the channels that count. */
  readonly gramInverse: Float64Array;
  /** [n] and [count]: scratch. */
  readonly counted: Float64Array;
  readonly row: Float64Array;
  /** [count * count] each: scratch. */
  readonly spread: Float64Array;
  readonly inner: Float64Array;
}

/** Makes what `emsc` works in. */
export function createEmscWorkspace(model: EmscModel): EmscWorkspace {
  const { count, reference } = model;
  return {
    model,
    coefficients: new Float64Array(count),
    inBasis: new Float64Array(count),
    gramInverse: new Float64Array(count * count),
    counted: new Float64Array(reference.length),
    row: new Float64Array(count),
    spread: new Float64Array(count * count),
    inner: new Float64Array(count * count),
  };
}
