import { createFourierPlan, fourier, type FourierPlan } from '../array/fourier.ts';
import { checkFinite } from '../checkFinite.ts';
import { refusal } from '../refusal.ts';

/** Inelastic loss cross section K(T) = B T / ((C + C' T^2)^2 + D T^2), T in eV. Universal: B 2866, C 1643, C' 1, D 0. */
export interface TougaardOptions {
  /** [n] binding energies of the channels, eV, equal steps, rising or falling: with both arrays reversed, the background is. */
  readonly bindingEnergies: Float64Array;
  /** eV^2; 'fit': such that the background meets the spectrum at the end of high binding energy, in closed form. */
  readonly b: number | 'fit';
  /** eV^2. @default 1643 */
  readonly c?: number;
  /** 1 for the universal cross section, -1 for that of three parameters. @default 1 */
  readonly cPrime?: number;
  /** eV^2. @default 0 */
  readonly d?: number;
  /** Channels at an end whose mean is its level: of a single one, all inherit the noise. @default 5 */
  readonly endpointAverage?: number;
}

/** What the options make: derived once, used for every spectrum. */
export interface TougaardWorkspace {
  readonly highFirst: boolean;
  readonly endpointAverage: number;
  readonly b: number | 'fit';
  /** [n] channel width times the cross section for B = 1, by channels of loss. */
  readonly losses: Float64Array;
  readonly plan: FourierPlan;
  /** [size] transform of `losses`, and room. */
  readonly lossReal: Float64Array;
  readonly lossImaginary: Float64Array;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** A Tougaard background in words. */
export interface TougaardFit {
  /** Strength of the losses, eV^2. */
  readonly b: number;
  /** False: nothing lies above the end of low binding energy that could lose energy, so that B cannot be fitted; B is 0. */
  readonly determined: boolean;
}

/** Relative departure of a step from the mean step that still counts as equal. */
const EQUAL_STEPS = 1e-4;

/**
 * @param options - see {@link TougaardOptions}.
 * @throws RangeError for unequal steps, or ends that overlap.
 */
export function createTougaardWorkspace(options: TougaardOptions): TougaardWorkspace {
  const { bindingEnergies, b, c = 1643, cPrime = 1, d = 0, endpointAverage = 5 } = options;
  const n = bindingEnergies.length;
  if (n < 3 || 2 * endpointAverage > n)
    throw refusal('TooShort', `${n} channels, expected at least ${Math.max(3, 2 * endpointAverage)}`);
  const step = (bindingEnergies[n - 1]! - bindingEnergies[0]!) / (n - 1);
  for (let i = 1; i < n; i++)
    if (!(Math.abs(bindingEnergies[i]! - bindingEnergies[i - 1]! - step) <= EQUAL_STEPS * Math.abs(step)))
      throw refusal(
        'NonUniformAxis',
        `a step at channel ${i} of ${bindingEnergies[i]! - bindingEnergies[i - 1]!} eV, expected ${step}`,
      );
  const width = Math.abs(step);
  const losses = Float64Array.from({ length: n }, (_, k) => {
    const t = k * width;
    return k === 0 ? 0 : (width * t) / ((c + cPrime * t * t) ** 2 + d * t * t);
  });
  const plan = createFourierPlan(2 ** Math.ceil(Math.log2(2 * n)));
  const lossReal = new Float64Array(plan.size);
  const lossImaginary = new Float64Array(plan.size);
  lossReal.set(losses);
  fourier(lossReal, lossImaginary, plan);
  const [real, imaginary] = [new Float64Array(plan.size), new Float64Array(plan.size)];
  const highFirst = step < 0;
  return { highFirst, endpointAverage, b, losses, plan, lossReal, lossImaginary, real, imaginary };
}

/**
 * Tougaard background: what the electrons of all lower binding energies lost on their way out,
 * B(E) = y_end + integral K(E - E') (y(E') - y_end) dE', by rectangles; y_end is the level at the end of low binding energy.
 *
 * @param values - [n] counts, finite.
 * @param work - of {@link createTougaardWorkspace}.
 * @param out - [n] receives the background.
 * @returns B, given or fitted.
 * @throws RangeError for another length or a value that is not finite.
 * @see Tougaard, Surf. Interface Anal. 11 (1988) 453 and 25 (1997) 137.
 */
export function tougaard(values: Float64Array, work: TougaardWorkspace, out: Float64Array): TougaardFit {
  const { highFirst, endpointAverage, plan, real, imaginary } = work;
  const n = work.losses.length;
  if (values.length !== n || out.length !== n)
    throw refusal('LengthMismatch', `${values.length} values and ${out.length} results, expected ${n}`);
  checkFinite(values, 'values');
  const [low, high] = endLevels(values, highFirst, endpointAverage);
  const place = (k: number): number => (highFirst ? n - 1 - k : k);
  real.fill(0);
  imaginary.fill(0);
  for (let k = 0; k < n; k++) real[k] = values[place(k)]! - low;
  fourier(real, imaginary, plan);
  for (let k = 0; k < plan.size; k++) {
    const r = real[k]! * work.lossReal[k]! - imaginary[k]! * work.lossImaginary[k]!;
    imaginary[k] = real[k]! * work.lossImaginary[k]! + imaginary[k]! * work.lossReal[k]!;
    real[k] = r;
  }
  fourier(imaginary, real, plan);
  const whole = real[n - 1]! / plan.size;
  const determined = work.b !== 'fit' || whole > 0;
  const b = work.b !== 'fit' ? work.b : determined ? (high - low) / whole : 0;
  const scale = b / plan.size;
  for (let k = 0; k < n; k++) out[place(k)] = low + scale * real[k]!;
  return { b, determined };
}

/** Mean of the channels at either end: of low binding energy, of high. */
function endLevels(values: Float64Array, highFirst: boolean, count: number): readonly [low: number, high: number] {
  let [first, last] = [0, 0];
  for (let i = 0; i < count; i++) {
    first += values[i]! / count;
    last += values[values.length - 1 - i]! / count;
  }
  return highFirst ? [last, first] : [first, last];
}
