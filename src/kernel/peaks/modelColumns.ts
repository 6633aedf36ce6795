import { createLineColumns, type LineColumns } from './lineColumns.ts';
import { affineValue, type PeakModel } from './peakModel.ts';
import { PEAK_SHAPES } from './peakShape.ts';

/** How one component changes with one free parameter. */
export interface PartialColumn {
  readonly component: number;
  /** Place among the free parameters. */
  readonly free: number;
  readonly column: Float64Array;
}

/** A model over the channels of an axis: one column per component, and its derivatives. */
export interface ModelColumns {
  readonly model: PeakModel;
  /** [n] channel centres. */
  readonly x: Float64Array;
  /** Parameters that are fitted: all but those with equal bounds. */
  readonly free: readonly number[];
  /** One [n] per component, of amplitude 1. */
  readonly basis: readonly Float64Array[];
  readonly partials: readonly PartialColumn[];
  readonly line: LineColumns;
  readonly lineParameters: Float64Array;
}

/**
 * Makes room for a model over an axis; background columns are computed once, here.
 * @param x - [n] channel centres, finite.
 */
export function createModelColumns(model: PeakModel, x: Float64Array): ModelColumns {
  const n = x.length;
  const free = model.parameters.flatMap(({ low, high }, index) => (low < high ? [index] : []));
  const partials = model.components.flatMap(({ lines }, component) =>
    free.flatMap((index, place) =>
      lines.some(({ parameters }) => parameters.some(({ terms }) => terms.some((term) => term.parameter === index)))
        ? [{ component, free: place, column: new Float64Array(n) }]
        : [],
    ),
  );
  const basis = model.components.map(({ background }) =>
    background === undefined
      ? new Float64Array(n)
      : x.map((each) => ((each - background.origin) / background.span) ** background.power),
  );
  return { model, x, free, basis, partials, line: createLineColumns(n), lineParameters: new Float64Array(4) };
}

/**
 * Computes all columns at these parameters.
 *
 * @param columns - overwritten.
 * @param parameters - all parameters of the model, fixed ones included.
 * @param axisShift - added to the coordinates of the channels.
 */
export function fillModelColumns(columns: ModelColumns, parameters: Float64Array, axisShift: number): void {
  const { model, x, free, basis, partials, line, lineParameters } = columns;
  for (const { column } of partials) column.fill(0);
  for (let k = 0; k < basis.length; k++) {
    const { lines } = model.components[k]!;
    for (let l = 0; l < lines.length; l++) {
      const { shape, weight, parameters: affines } = lines[l]!;
      for (let p = 0; p < affines.length; p++) lineParameters[p] = affineValue(affines[p]!, parameters);
      lineParameters[0]! -= axisShift;
      PEAK_SHAPES[shape].fill(x, lineParameters, line);
      if (l === 0) scaleInto(line.value, weight, basis[k]!);
      else addScaled(line.value, weight, basis[k]!);
      for (const partial of partials) {
        if (partial.component !== k) continue;
        for (let p = 0; p < affines.length; p++)
          for (const { parameter, factor } of affines[p]!.terms)
            if (parameter === free[partial.free]) addScaled(line.partials[p]!, weight * factor, partial.column);
      }
    }
  }
}

function scaleInto(from: Float64Array, factor: number, to: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] = factor * from[i]!;
}

/** Adds `factor` times a column to another. */
export function addScaled(from: Float64Array, factor: number, to: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i]! += factor * from[i]!;
}
