import { parseStamp } from '../../ascii/time.ts';
import { axisName } from '../../hdf5/axisName.ts';
import type { FrameNumber } from '../../../src/model/reader.ts';
import type { Noise } from '../../../src/model/layout.ts';
import { MAX_CHANNELS } from '../binary/grid.ts';
import { textUnit } from '../text/meaning.ts';
import type { Oddities } from '../text/oddities.ts';
import type { Points } from '../text/spectrum.ts';
import { brokenLine } from '../text/textFile.ts';
import { attributeOf, childOf, childrenOf, textAt, type XmlNode } from '../text/xml.ts';

/** One scan of an XRDML file. */
export interface Scan {
  readonly axis: { readonly name: string; readonly unit: string };
  readonly points: Points;
  readonly values: { readonly quantity: string; readonly unit: string; readonly noise: Noise };
  readonly timeUs: number | null;
  /** Counting time of a point, s. */
  readonly countingSeconds: number | null;
  /** Axes that stand still, mean temperature. */
  readonly numbers: readonly FrameNumber[];
}

/** An axis of the goniometer: [count] positions, or one. */
interface Positions {
  readonly name: string;
  readonly unit: string;
  readonly positions: Float64Array;
}

/** @throws MonitorError naming file and scan. */
export function readScan(node: XmlNode, index: number, path: string, oddities: Oddities): Scan {
  const broken = (what: string) => brokenLine(path, null, `scan ${index + 1}: ${what}`);
  const data = childOf(node, 'dataPoints')!;
  const isRaw = childOf(data, 'counts') !== null;
  const tag = isRaw ? 'counts' : 'intensities';
  const counted = numbersOf(textAt(data, tag));
  if (counted === null || counted.length === 0) throw broken('there are no counts in it');
  if (counted.length > MAX_CHANNELS) throw broken(`more than ${MAX_CHANNELS} points`);
  const positions = childrenOf(data, 'positions').flatMap((each) => positionsOf(each, counted.length));
  const moving = positions.filter((each) => each.positions.length === counted.length && each.positions.length > 1);
  const axis = moving.find(({ name }) => name === 'twoTheta') ?? moving[0];
  if (axis === undefined && counted.length > 1)
    throw broken(`no axis has the ${counted.length} positions of the counts`);
  const { name, unit, positions: coordinates } = axis ?? positions[0] ?? unknownAxis();
  const fixed = positions.filter((each) => each.positions.length === 1);
  const status = attributeOf(node, 'status');
  if (status !== null && status !== 'Completed') oddities.note(`scan ${index + 1} is '${status}'`);
  return {
    axis: { name, unit },
    ...valuesOf(data, counted, isRaw, attributeOf(childOf(data, tag), 'unit'), coordinates.slice(0, counted.length)),
    timeUs: parseStamp(textAt(node, 'header', 'startTimeStamp') ?? '', 'ymd', 0),
    countingSeconds: countingOf(data),
    numbers: [
      ...fixed.map((each) => ({ name: each.name, value: each.positions[0]!, unit: each.unit })),
      ...temperatureOf(data),
    ],
  };
}

const unknownAxis = (): Positions => ({ name: 'twoTheta', unit: 'deg', positions: Float64Array.of(0) });

/** Raw counts are multiplied by the factors of the attenuator; intensities were already. */
function valuesOf(
  data: XmlNode,
  counted: Float64Array,
  isRaw: boolean,
  unit: string | null,
  coordinates: Float64Array,
) {
  const factors =
    numbersOf(textAt(data, 'beamAttenuationFactors')) ?? numbersOf(textAt(data, 'commonBeamAttenuationFactor'));
  const factorAt = (i: number): number => factors?.[factors.length === 1 ? 0 : i] ?? 1;
  const isRate = unit !== null && /cps|\/s/i.test(unit);
  const isScaled = factors !== null && factors.some((factor) => factor !== 1);
  const values = isRaw ? counted.map((count, i) => count * factorAt(i)) : counted;
  if (isRate)
    return {
      points: { coordinates, values },
      values: { quantity: 'countRate', unit: 's-1', noise: 'unknown' as const },
    };
  if (!isScaled)
    return { points: { coordinates, values }, values: { quantity: 'counts', unit: '1', noise: 'poisson' as const } };
  const variances = values.map((value, i) => Math.max(value, factorAt(i)) * factorAt(i));
  return {
    points: { coordinates, values, variances },
    values: { quantity: 'counts', unit: '1', noise: 'scaledPoisson' as const },
  };
}

function positionsOf(node: XmlNode, count: number): Positions[] {
  const name = axisName(attributeOf(node, 'axis') ?? 'x');
  const unit = textUnit(attributeOf(node, 'unit') ?? '');
  const common = numbersOf(textAt(node, 'commonPosition'));
  const list = numbersOf(textAt(node, 'listPositions'));
  const [start] = numbersOf(textAt(node, 'startPosition')) ?? [];
  const [end] = numbersOf(textAt(node, 'endPosition')) ?? [];
  if (list !== null && list.length > 0) return [{ name, unit, positions: list }];
  if (common !== null && common.length > 0) return [{ name, unit, positions: common.slice(0, 1) }];
  if (start === undefined || end === undefined) return [];
  if (start === end) return [{ name, unit, positions: Float64Array.of(start) }];
  const step = (end - start) / Math.max(1, count - 1);
  return [{ name, unit, positions: Float64Array.from({ length: count }, (_, i) => start + i * step) }];
}

function countingOf(data: XmlNode): number | null {
  const times = numbersOf(textAt(data, 'commonCountingTime')) ?? numbersOf(textAt(data, 'countingTimes'));
  if (times === null || times.length === 0) return null;
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  return mean > 0 ? mean : null;
}

/** Mean of the temperatures that were recorded along the scan, by their unit. */
function temperatureOf(data: XmlNode): FrameNumber[] {
  const points = childOf(data, 'nonAmbientPoints');
  for (const name of Object.keys(points ?? {})) {
    const unit = /^(?:K|°?C|degC)$/i.exec(attributeOf(childOf(points, name), 'unit') ?? '')?.[0];
    const values = numbersOf(textAt(points, name));
    if (unit === undefined || values === null || values.length === 0) continue;
    const value = values.reduce((sum, each) => sum + each, 0) / values.length;
    return [{ name: 'temperature', value, unit: /k/i.test(unit) ? 'K' : 'Cel' }];
  }
  return [];
}

/** Numbers with blanks between them; what is no number becomes NaN. */
function numbersOf(text: string | null): Float64Array | null {
  if (text === null || text.trim() === '') return null;
  return Float64Array.from(text.trim().split(/\s+/), Number);
}
