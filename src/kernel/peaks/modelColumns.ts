import { createLineColumns, type LineColumns } from './lineColumns.ts';
import { affineValue, type Affine, type PeakModel } from './peakModel.ts';
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
  /** Per component: where its only line may be computed in place; null when it is put together from several, or scaled. */
  readonly direct: readonly (LineColumns | null)[];
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
  const line = createLineColumns(n);
  const direct = model.components.map(({ lines }, component) => {
    const [only] = lines;
    const isPlain = ({ terms }: Affine): boolean =>
      terms.length === 0 || (terms.length === 1 && terms[0]!.factor === 1);
    if (only === undefined || lines.length > 1 || only.weight !== 1 || !only.parameters.every(isPlain)) return null;
    const used = only.parameters.map(({ terms }) => (terms.length === 0 ? -1 : free.indexOf(terms[0]!.parameter)));
    if (used.some((place, p) => place >= 0 && used.indexOf(place) !== p)) return null;
    const columnOf = (place: number): Float64Array | undefined =>
      partials.find((each) => each.component === component && each.free === place)?.column;
    return { value: basis[component]!, partials: used.map((place, p) => columnOf(place) ?? line.partials[p]!) };
  });
  return { model, x, free, basis, partials, direct, line, lineParameters: new Float64Array(4) };
}

/**
 * Computes all columns at these parameters.
 *
 * @param columns - overwritten.
 * @param parameters - all parameters of the model, fixed ones included.
 * @param axisShift - added to the coordinates of the channels.
 */
export function fillModelColumns(columns: ModelColumns, parameters: Float64Array, axisShift: number): void {
  const { model, x, free, basis, partials, direct, line, lineParameters } = columns;
  for (let k = 0; k < basis.length; k++) {
    const { lines } = model.components[k]!;
    const inPlace = direct[k]!;
    if (inPlace === null) for (const { component, column } of partials) if (component === k) column.fill(0);
    for (let l = 0; l < lines.length; l++) {
      const { shape, weight, parameters: affines } = lines[l]!;
      for (let p = 0; p < affines.length; p++) lineParameters[p] = affineValue(affines[p]!, parameters);
      lineParameters[0]! -= axisShift;
      PEAK_SHAPES[shape].fill(x, lineParameters, inPlace ?? line);
      if (inPlace !== null) continue;
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

/** Writes `factor` times a column. */
export function scaleInto(from: Float64Array, factor: number, to: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] = factor * from[i]!;
}

/** Adds `factor` times a column to another. */
export function addScaled(from: Float64Array, factor: number, to: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i]! += factor * from[i]!;
}
