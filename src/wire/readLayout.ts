import { axisLength, checkAxis, NOISES } from '../model/layout.ts';
import type { Axis, Layout, Noise } from '../model/layout.ts';
import type { WireLimits } from './limits.ts';
import { copyNumbers, isWireNumbers, wireLength } from './wireArray.ts';
import { WireError } from './wireError.ts';
import { isWireMap, textField, told } from './wireFields.ts';
import type { WireMap } from './wireFields.ts';

const MAX_AXES = 8;

/**
 * A layout of the wire format.
 * @param declared - How the values scatter according to the pipeline file; wins over what the wire says.
 * @throws WireError 'tooLarge', 'layout', 'noise' or 'garbage'.
 */
export function readLayout(map: WireMap, declared: Noise | undefined, limits: WireLimits): Layout {
  if (!Array.isArray(map['axes'])) throw new WireError('layout', `axes is ${told(map['axes'])}, expected a list`);
  if (map['axes'].length < 1 || map['axes'].length > MAX_AXES)
    throw new WireError('layout', `${map['axes'].length} axes, expected 1 to ${MAX_AXES}`);
  const axes = map['axes'].map((axis: unknown) => readAxis(axis, limits));
  const size = axes.reduce((product, axis) => product * axisLength(axis), 1);
  if (size > limits.maxSize) throw new WireError('tooLarge', `${size} channels, at most ${limits.maxSize} are taken`);
  return {
    axes,
    size,
    quantity: textField(map, 'quantity'),
    unit: textField(map, 'unit'),
    noise: declared ?? readNoise(map),
  };
}

function readNoise(map: WireMap): Noise {
  const found = NOISES.find((noise) => noise === map['noise']);
  if (found === undefined)
    throw new WireError(
      'noise',
      `noise is ${told(map['noise'])}, expected one of ${NOISES.join(', ')}; or declare it for the stream`,
    );
  return found;
}

function readAxis(map: unknown, limits: WireLimits): Axis {
  if (!isWireMap(map)) throw new WireError('layout', `an axis is ${told(map)}, expected a map`);
  const placement = map['placement'] ?? 'centre';
  if (placement !== 'centre' && placement !== 'edge')
    throw new WireError('layout', `placement is ${told(placement)}, expected centre or edge`);
  const numbers = map['coordinates'];
  if (!isWireNumbers(numbers)) throw new WireError('layout', `coordinates is ${told(numbers)}, expected numbers`);
  const length = wireLength(numbers);
  if (length > limits.maxAxisLength + 1)
    throw new WireError('tooLarge', `an axis of ${length}, at most ${limits.maxAxisLength} are taken`);
  const axis: Axis = {
    name: textField(map, 'name'),
    unit: textField(map, 'unit'),
    placement,
    coordinates: new Float64Array(length),
  };
  copyNumbers(numbers, axis.coordinates);
  try {
    checkAxis(axis);
  } catch (cause) {
    throw new WireError('layout', cause instanceof Error ? cause.message : String(cause), { cause });
  }
  return axis;
}
