import { refusal } from '../refusal.ts';

/** The recipe: windows in eV. A ratio means something only beside a calibration made by the same recipe. */
export interface WhiteLineOptions {
  /** Energy of the first channel and channel width, eV. */
  readonly energyOffset: number;
  readonly energyStep: number;
  /** Background before the edge, a constant; [from, to). */
  readonly preEdge: readonly [from: number, to: number];
  /** Continuum behind both lines; [from, to). */
  readonly plateau: readonly [from: number, to: number];
  /** Around each line, relative to it. @default [-4, 5] */
  readonly window?: readonly [from: number, to: number];
  /** Where L2 is looked for, relative to L3. @default [9, 17] */
  readonly l2Search?: readonly [from: number, to: number];
  /** Share of the continuum that begins at L3 and at L2. @default [2/3, 1/3] */
  readonly stepWeights?: readonly [l3: number, l2: number];
  /** Half width of the steps. @default 0.5 */
  readonly stepWidth?: number;
}

export interface WhiteLines {
  /** Position of the highest channels, eV. */
  readonly l3: number;
  readonly l2: number;
  /** Counts times eV above background and continuum. */
  readonly area3: number;
  readonly area2: number;
  readonly ratio: number;
  /** One standard deviation from counting the windows alone. */
  readonly ratioError: number;
}

/**
 * L3 and L2 white lines of a transition metal: constant background, continuum as two arctan steps at the lines, sums over windows (Pearson).
 *
 * @param counts - [n] finite.
 * @param options - see {@link WhiteLineOptions}.
 * @throws RangeError 'NonFiniteInput'; 'OutOfRange' for a window without channels, naming it; 'ZeroNorm' when L2 has no area.
 * @see Pearson, Ahn & Fultz, Phys. Rev. B 47 (1993) 8471.
 */
export function whiteLines(counts: Float64Array, options: WhiteLineOptions): WhiteLines {
  const { energyOffset, energyStep, preEdge, plateau } = options;
  const { window = [-4, 5], l2Search = [9, 17], stepWeights = [2 / 3, 1 / 3], stepWidth = 0.5 } = options;
  const n = counts.length;
  for (let i = 0; i < n; i++)
    if (!Number.isFinite(counts[i])) throw refusal('NonFiniteInput', `counts[${i}] is ${counts[i]}`);
  const energyOf = (channel: number): number => energyOffset + energyStep * channel;
  const channels = (name: string, from: number, to: number): readonly [number, number] => {
    const first = Math.round((from - energyOffset) / energyStep);
    const end = Math.round((to - energyOffset) / energyStep);
    if (first < 0 || end > n || first >= end)
      throw refusal(
        'OutOfRange',
        `${name} is ${from} to ${to} eV, expected a part of ${energyOf(0)} to ${energyOf(n - 1)} eV`,
      );
    return [first, end];
  };
  const before = meanOf(counts, ...channels('preEdge', ...preEdge));
  const step = meanOf(counts, ...channels('plateau', ...plateau)) - before;
  const at3 = highestOf(counts, 0, n);
  const l3 = energyOf(at3);
  const l2 = energyOf(highestOf(counts, ...channels('l2Search', l3 + l2Search[0], l3 + l2Search[1])));
  const rise = (energy: number, at: number): number => 0.5 + Math.atan((energy - at) / stepWidth) / Math.PI;
  const areaAt = (name: string, line: number): readonly [area: number, variance: number] => {
    const [first, end] = channels(`the window of ${name}`, line + window[0], line + window[1]);
    let area = 0;
    let variance = 0;
    for (let i = first; i < end; i++) {
      const energy = energyOf(i);
      area += counts[i]! - before - step * (stepWeights[0] * rise(energy, l3) + stepWeights[1] * rise(energy, l2));
      variance += counts[i]!;
    }
    return [area * energyStep, variance * energyStep * energyStep];
  };
  const [area3, variance3] = areaAt('L3', l3);
  const [area2, variance2] = areaAt('L2', l2);
  if (area2 === 0 || area3 === 0) throw refusal('ZeroNorm', `the areas are ${area3} and ${area2}, expected lines`);
  const ratio = area3 / area2;
  const ratioError = Math.abs(ratio) * Math.sqrt(variance3 / area3 ** 2 + variance2 / area2 ** 2);
  return { l3, l2, area3, area2, ratio, ratioError };
}

function meanOf(values: Float64Array, first: number, end: number): number {
  let sum = 0;
  for (let i = first; i < end; i++) sum += values[i]!;
  return sum / (end - first);
}

function highestOf(values: Float64Array, first: number, end: number): number {
  let best = first;
  for (let i = first; i < end; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
