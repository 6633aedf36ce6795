import type { z } from 'zod';
import {
  constant,
  parameter,
  type Affine,
  type ModelComponent,
  type ModelLine,
  type PeakModel,
  type PeakParameter,
} from '../../kernel/peaks/peakModel.ts';
import { PEAK_SHAPES, type PeakShapeName } from '../../kernel/peaks/peakShape.ts';
import type { fitSettings } from './fitSettings.ts';
import { shapedPeaks, type PeakSettings } from './shapedPeaks.ts';

/** Share of (-1, 1) that an asymmetry may take. */
const MOST_ASYMMETRY = 0.95;
/** A width times this and over this are the bounds where none are given. */
const WIDTH_FREEDOM = 4;
const POWERS = { none: 0, constant: 1, linear: 2, quadratic: 3 } as const;

/**
 * The model that settings describe; the peaks come first, in their order, then the background.
 *
 * @param region - ends of what is fitted, axis units.
 */
export function buildPeakModel(
  config: Pick<z.output<typeof fitSettings>, 'peaks' | 'shape' | 'background'>,
  region: readonly [from: number, to: number],
): PeakModel {
  const parameters: PeakParameter[] = [];
  const shapes = new Map<string, readonly Affine[]>();
  const add = (name: string, start: number, low: number, high: number): Affine => {
    parameters.push({ name, start, low, high });
    return parameter(parameters.length - 1);
  };
  const components = shapedPeaks(config).map((peak): ModelComponent => {
    const { name, position, within = peak.width, partners, sign } = peak;
    const centre = add(`${name}.position`, position, position - within, position + within);
    const own =
      peak.like === undefined ? shapeOf(peak, add) : widened(peak.shape, shapes.get(peak.like)!, peak.widthFactor);
    shapes.set(name, own);
    const lineOf = (at: Affine, weight: number, widthFactor: number): ModelLine => ({
      shape: peak.shape,
      weight,
      parameters: [at, ...widened(peak.shape, own, widthFactor)],
    });
    const others = partners.map(({ offset, offsetWithin = 0, ratio, widthFactor }, k) => {
      const distance =
        offsetWithin === 0
          ? constant(offset)
          : add(`${name}.offset${k + 1}`, offset, offset - offsetWithin, offset + offsetWithin);
      return lineOf(plus(centre, distance), ratio, widthFactor);
    });
    const low = sign === 'positive' ? 0 : -Infinity;
    return { name, low, high: Infinity, lines: [lineOf(centre, 1, 1), ...others] };
  });
  const origin = 0.5 * (region[0] + region[1]);
  const span = Math.max(0.5 * (region[1] - region[0]), Number.MIN_VALUE);
  const powers = Array.from({ length: POWERS[config.background] }, (_, power) => ({
    name: `background ${power}`,
    low: config.background === 'constant' ? 0 : -Infinity,
    high: Infinity,
    lines: [],
    background: { power, origin, span },
  }));
  return { parameters, components: [...components, ...powers] };
}

/** Width and what else the shape has, as parameters of their own. */
function shapeOf(
  peak: PeakSettings,
  add: (name: string, start: number, low: number, high: number) => Affine,
): readonly Affine[] {
  const { name, shape, width, mixing, asymmetry, hold } = peak;
  const [narrowest, widest] = peak.widthRange ?? [width / WIDTH_FREEDOM, width * WIDTH_FREEDOM];
  const lorentzian = peak.lorentzianWidth ?? width;
  const low = shape === 'doniachSunjic' && asymmetry >= 0 ? 0 : -MOST_ASYMMETRY;
  const high = shape === 'doniachSunjic' && asymmetry < 0 ? 0 : MOST_ASYMMETRY;
  const known = {
    width: [width, narrowest, widest],
    mixing: [mixing, 0, 1],
    lorentzianWidth: [lorentzian, 0, WIDTH_FREEDOM * Math.max(lorentzian, widest)],
    asymmetry: [asymmetry, low, high],
  } as const;
  return PEAK_SHAPES[shape].parameters.slice(1).map((each) => {
    const which = each as keyof typeof known;
    const [start, from, to] = known[which];
    const isHeld = which !== 'width' && hold.includes(which);
    return isHeld ? add(`${name}.${which}`, start, start, start) : add(`${name}.${which}`, start, from, to);
  });
}

/** The same shape, wider in all that is a width. */
function widened(shape: PeakShapeName, own: readonly Affine[], factor: number): readonly Affine[] {
  const names = PEAK_SHAPES[shape].parameters;
  return own.map((each, k) => (/width/i.test(names[k + 1]!) ? times(each, factor) : each));
}

const times = ({ constant: value, terms }: Affine, factor: number): Affine => ({
  constant: value * factor,
  terms: terms.map((term) => ({ ...term, factor: term.factor * factor })),
});
const plus = (a: Affine, b: Affine): Affine => ({ constant: a.constant + b.constant, terms: [...a.terms, ...b.terms] });
