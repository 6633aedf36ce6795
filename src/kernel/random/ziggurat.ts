import { nextUniform } from './xoshiro128.ts';
import type { RandomState } from './xoshiro128.ts';

const LAYERS = 256;
/** Where the tail begins, and the area of each layer, for 256 of them. */
const TAIL = 3.6541528853610088;
const AREA = 0.00492867323399;

/**
 * Layers of a ziggurat under exp(-x^2 / 2): [257] right edges, the first that of a rectangle with the area of base and tail.
 * @see Marsaglia and Tsang, Journal of Statistical Software 5 (2000) 8; Doornik, University of Oxford (2005)
 */
export const ZIGGURAT_EDGES = new Float64Array(LAYERS + 1);
/** Part of each layer that lies wholly under the curve: [256]. */
export const ZIGGURAT_INSIDE = new Float64Array(LAYERS);
const HEIGHTS = new Float64Array(LAYERS + 1);

ZIGGURAT_EDGES[0] = AREA / Math.exp((-TAIL * TAIL) / 2);
ZIGGURAT_EDGES[1] = TAIL;
for (let i = 2; i < LAYERS; i++) {
  const below = ZIGGURAT_EDGES[i - 1];
  ZIGGURAT_EDGES[i] = Math.sqrt(-2 * Math.log(AREA / below + Math.exp((-below * below) / 2)));
}
for (let i = 0; i < LAYERS; i++) ZIGGURAT_INSIDE[i] = ZIGGURAT_EDGES[i + 1] / ZIGGURAT_EDGES[i];
for (let i = 0; i <= LAYERS; i++) HEIGHTS[i] = Math.exp((-ZIGGURAT_EDGES[i] * ZIGGURAT_EDGES[i]) / 2);

/**
 * What becomes of a point that did not fall inside its layer: a normal number, or NaN where another has to be drawn.
 * @param layer 0 to 255
 * @param x from 0 to the right edge of the layer
 */
export function outsideZiggurat(state: RandomState, layer: number, x: number): number {
  if (layer === 0) return tail(state);
  const height = HEIGHTS[layer] + nextUniform(state) * (HEIGHTS[layer + 1] - HEIGHTS[layer]);
  return height < Math.exp((-x * x) / 2) ? x : NaN;
}

/** @see Marsaglia, Technometrics 6 (1964) 101 */
function tail(state: RandomState): number {
  for (;;) {
    const beyond = -Math.log(1 - nextUniform(state)) / TAIL;
    const wait = -Math.log(1 - nextUniform(state));
    if (2 * wait > beyond * beyond) return TAIL + beyond;
  }
}
