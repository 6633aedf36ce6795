import { FOUR_LN2, GAUSSIAN_HEIGHT } from '../../src/kernel/peaks/lineshapes.ts';
import { MASS_ATTENUATION } from '../../src/kernel/tables/massAttenuation.ts';
import { createEdxContinuum } from './edxContinuum.ts';
import { EDX_ELEMENTS, EMITTED_LINES, ESCAPED_ENERGY, leavingPart, lineWidth, PATH_FACTOR } from './edxEmission.ts';
import { continuumMass, edxAxis, liveFraction, PILE_UP_S, selfConvolution } from './edxSpectrum.ts';
import type { EdxState } from './edxSpectrum.ts';
import { massAttenuationAt } from '../../src/kernel/tables/massAttenuationAt.ts';

/** A forward model that remembers what does not change from frame to frame. */
export interface EdxModel {
  /** Expected counts [channels] of `seconds` of real time. Returns the rate of pulses before dead time, 1/s. */
  mean(state: EdxState, seconds: number, out: Float64Array): number;
}

/** Beyond so many full widths a Gaussian is below 1e-15 of its height. */
const REACH = 3.6;
/** Pile-up is a per cent of the counts; it is computed for mass fractions and relative mass thicknesses rounded to these. */
const FRACTION_NODE = 0.0025;
const THICKNESS_NODE = 0.01;

/** [lines][elements] attenuation on the way out, cm2/g. */
const WAYS = EMITTED_LINES.map(({ energy }) =>
  Float64Array.from(EDX_ELEMENTS, (name) => PATH_FACTOR * massAttenuationAt(MASS_ATTENUATION[name], energy)),
);

/**
 * EDX spectra for a stream: within 1e-4 of the maximum of `edxMean` for gains and offsets that move no channel by more than 10 eV and
 * up to 1e5 pulses per second.
 */
export function createEdxStream(channels: number): EdxModel {
  const axis = edxAxis(channels);
  const continuum = createEdxContinuum(axis, channels);
  /** Counts per second, nA and channel, and their sum. */
  const incoming = new Float64Array(channels);
  let incomingRate = 0;
  /** Two of them at once, per second: at the nearest node, and moved to where they are now. */
  const nodeCoincident = new Float64Array(channels);
  const coincident = new Float64Array(channels);
  const atNode = new Float64Array(channels);
  const nodeMasses = new Float64Array(EDX_ELEMENTS.length);
  const drawn = new Float64Array(EDX_ELEMENTS.length + 2).fill(NaN);
  const node = new Int32Array(EDX_ELEMENTS.length + 1).fill(-1);

  const draw = (masses: Float64Array, gainPpm: number, offset: number, out: Float64Array): void => {
    continuum.draw(masses, continuumMass(masses), gainPpm, offset, out);
    const step = axis.step * (1 + gainPpm * 1e-6);
    for (let k = 0; k < WAYS.length; k++) {
      const { element, energy, yieldPerMass, escape } = EMITTED_LINES[k];
      if (masses[element] === 0) continue;
      let way = 0;
      for (let j = 0; j < masses.length; j++) way += masses[j] * WAYS[k][j];
      const rate = masses[element] * yieldPerMass * leavingPart(way) * axis.step;
      addGaussian((1 - escape) * rate, energy, offset, step, out);
      if (escape > 0) addGaussian(escape * rate, energy - ESCAPED_ENERGY, offset, step, out);
    }
  };

  const moveNode = (masses: Float64Array, total: number): void => {
    let isSame = true;
    for (let k = 0; k < node.length; k++) {
      const place =
        k < masses.length
          ? Math.round(masses[k] / total / FRACTION_NODE)
          : Math.round(Math.log(total) / Math.log1p(THICKNESS_NODE));
      if (node[k] === place) continue;
      node[k] = place;
      isSame = false;
    }
    if (isSame) return;
    const thickness = (1 + THICKNESS_NODE) ** node[masses.length];
    let fractions = 0;
    for (let k = 0; k < masses.length; k++) fractions += node[k];
    for (let k = 0; k < masses.length; k++) nodeMasses[k] = (thickness * node[k]) / fractions;
    draw(nodeMasses, 0, 0, atNode);
    for (let i = 0; i < channels; i++) atNode[i] /= thickness;
    selfConvolution(atNode, nodeCoincident);
  };

  return {
    mean({ massThickness, current, gainPpm, offset }, seconds, out) {
      const elements = massThickness.length;
      const isDrawn =
        drawn[elements] === gainPpm &&
        drawn[elements + 1] === offset &&
        massThickness.every((value, k) => value === drawn[k]);
      const total = massThickness.reduce((sum, value) => sum + value, 0);
      if (!isDrawn) {
        drawn.set(massThickness);
        drawn[elements] = gainPpm;
        drawn[elements + 1] = offset;
        draw(massThickness, gainPpm, offset, incoming);
        incomingRate = 0;
        for (let i = 0; i < channels; i++) incomingRate += incoming[i];
        moveNode(massThickness, total);
        // Two pulses carry twice the offset.
        resample(nodeCoincident, (2 * offset) / axis.step, 1 + gainPpm * 1e-6, coincident);
      }
      const rate = current * incomingRate;
      const live = seconds * liveFraction(rate);
      const single = live * current * (1 - 2 * rate * PILE_UP_S);
      const double = live * PILE_UP_S * (current * total) ** 2;
      for (let i = 0; i < channels; i++) out[i] = single * incoming[i] + double * coincident[i];
      return rate;
    },
  };
}

/** Writes `values` read at start + i * step, linearly; beyond their ends, what is there. */
function resample(values: Float64Array, start: number, step: number, out: Float64Array): void {
  const last = values.length - 2;
  for (let i = 0; i < out.length; i++) {
    const position = start + i * step;
    const left = Math.min(last, Math.max(0, Math.floor(position)));
    const part = Math.min(1, Math.max(0, position - left));
    out[i] = values[left] + part * (values[left + 1] - values[left]);
  }
}

/** Adds a line by recurrence from its middle outwards: g(x + h) / g(x) is itself a geometric sequence. */
function addGaussian(area: number, centre: number, offset: number, step: number, out: Float64Array): void {
  const width = lineWidth(centre);
  const middle = Math.round((centre - offset) / step);
  const distance = offset + middle * step - centre;
  const decay = FOUR_LN2 / (width * width);
  const height = ((area * GAUSSIAN_HEIGHT) / width) * Math.exp(-decay * distance * distance);
  const bend = Math.exp(-2 * decay * step * step);
  const channels = Math.ceil((REACH * width) / step);
  let value = height;
  let ratio = Math.exp(-decay * step * (2 * distance + step));
  for (let i = middle; i <= Math.min(out.length - 1, middle + channels); i++) {
    if (i >= 0) out[i] += value;
    value *= ratio;
    ratio *= bend;
  }
  ratio = Math.exp(-decay * step * (step - 2 * distance));
  value = height * ratio;
  ratio *= bend;
  for (let i = middle - 1; i >= Math.max(0, middle - channels); i--) {
    if (i < out.length) out[i] += value;
    value *= ratio;
    ratio *= bend;
  }
}
