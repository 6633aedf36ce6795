import { MonitorError } from '../../../src/model/error.ts';
import { createLayoutInterner, spectrumLayout } from '../../../src/model/layout.ts';
import type { FileFrame } from '../../../src/model/reader.ts';
import type { GridMeaning } from '../binary/grid.ts';
import { MAX_CHANNELS } from '../binary/grid.ts';
import type { Oddities } from './oddities.ts';

/** Points of a spectrum as a file lists them. */
export interface Points {
  /** In the order of the file; one more than values when they are bin edges. */
  readonly coordinates: Float64Array;
  readonly values: Float64Array;
  readonly variances?: Float64Array | undefined;
}

/** What a frame has of them. */
export type Spectrum = Pick<FileFrame, 'layout' | 'values' | 'variances' | 'mask'>;

/**
 * Makes spectra whose layouts are one object per grid; what is given may be changed.
 *
 * Axes that descend are turned round. Points out of order are sorted, and those of one coordinate become their mean;
 * points without a coordinate are left out; values that are no numbers are masked. All of that is noted.
 * @throws MonitorError made by `broken` when no spectrum can be made of it.
 */
export function createSpectra(
  meaning: Omit<GridMeaning, 'placement'>,
  oddities: Oddities,
  broken: (what: string, cause?: unknown) => MonitorError,
): (points: Points) => Spectrum {
  const intern = createLayoutInterner();
  const { name, unit, quantity, valueUnit, noise } = meaning;
  return (points) => {
    const isEdges = points.values.length > 0 && points.coordinates.length === points.values.length + 1;
    if (!isEdges && points.coordinates.length !== points.values.length)
      throw broken(`${points.values.length} values on ${points.coordinates.length} coordinates`);
    if (points.values.length === 0) throw broken('a spectrum without a channel');
    if (points.values.length > MAX_CHANNELS) throw broken(`a spectrum of more than ${MAX_CHANNELS} channels`);
    const { coordinates, values, variances } = isEdges ? turned(points, oddities) : ordered(points, oddities, broken);
    try {
      const placement = isEdges ? 'edge' : 'centre';
      const layout = intern(
        spectrumLayout({ name, unit, placement, coordinates }, { quantity, unit: valueUnit, noise }),
      );
      return { layout, values, variances, mask: maskOf(values, variances, oddities) };
    } catch (cause) {
      throw cause instanceof MonitorError ? cause : broken('the axis cannot be used', cause);
    }
  };
}

function turned(points: Points, oddities: Oddities): Points {
  const { coordinates, values, variances } = points;
  if (coordinates[0]! > coordinates.at(-1)!) {
    oddities.note('the axis descends in the file; the spectra are turned round');
    for (const array of [coordinates, values, variances]) array?.reverse();
  }
  return points;
}

function ordered(points: Points, oddities: Oddities, broken: (what: string) => MonitorError): Points {
  const whole = withCoordinates(points, oddities);
  const x = whole.coordinates;
  if (x.length === 0) throw broken('no point has a coordinate');
  const { coordinates } = turned(whole, oddities);
  let backward = 0;
  for (let i = 1; i < coordinates.length; i++) if (!(coordinates[i]! > coordinates[i - 1]!)) backward++;
  if (backward === 0) return whole;
  if (backward > coordinates.length / 2)
    throw broken('the axis neither ascends nor descends: it goes back at more than half of the points');
  oddities.note(`the axis goes back or stands still at ${backward} points; they are sorted, equal ones averaged`);
  return sorted(whole);
}

function withCoordinates(points: Points, oddities: Oddities): Points {
  const keep = points.coordinates.reduce((count, x) => count + (Number.isFinite(x) ? 1 : 0), 0);
  if (keep === points.coordinates.length) return points;
  oddities.note(`${points.coordinates.length - keep} points have no coordinate and are left out`);
  const kept = (array: Float64Array): Float64Array => array.filter((_, i) => Number.isFinite(points.coordinates[i]));
  const { values, variances } = points;
  return {
    coordinates: kept(points.coordinates),
    values: kept(values),
    variances: variances === undefined ? undefined : kept(variances),
  };
}

function sorted({ coordinates, values, variances }: Points): Points {
  const order = Uint32Array.from(coordinates, (_, i) => i).sort((a, b) => coordinates[a]! - coordinates[b]! || a - b);
  const x: number[] = [];
  const y: number[] = [];
  const v: number[] = [];
  for (let from = 0; from < order.length;) {
    let to = from;
    let [sum, variance] = [0, 0];
    while (to < order.length && coordinates[order[to]!] === coordinates[order[from]!]) {
      sum += values[order[to]!]!;
      variance += variances?.[order[to]!] ?? 0;
      to++;
    }
    x.push(coordinates[order[from]!]!);
    y.push(sum / (to - from));
    v.push(variance / (to - from) ** 2);
    from = to;
  }
  return {
    coordinates: Float64Array.from(x),
    values: Float64Array.from(y),
    variances: variances === undefined ? undefined : Float64Array.from(v),
  };
}

/** Undefined when all can be used. A variance that is missing or negative makes a channel unusable too. */
function maskOf(
  values: Float64Array,
  variances: Float64Array | undefined,
  oddities: Oddities,
): Uint8Array<ArrayBuffer> | undefined {
  let mask: Uint8Array<ArrayBuffer> | undefined;
  for (let i = 0; i < values.length; i++) {
    const variance = variances?.[i] ?? 0;
    if (Number.isFinite(values[i]) && variance >= 0 && Number.isFinite(variance)) continue;
    mask ??= new Uint8Array(values.length);
    mask[i] = 1;
  }
  if (mask !== undefined) oddities.note('values that are no numbers, or have no error, are masked');
  return mask;
}
