import { combineWidths } from '../../src/kernel/peaks/lineshapes.ts';
import type { CrystalPhase } from '../../src/kernel/tables/crystalPhase.ts';

/** A powder of one phase in the beam. */
export interface Powder {
  readonly phase: CrystalPhase;
  /** Thermal parameter B, angstrom squared. */
  readonly thermal: number;
  /** Crystallites, nm. */
  readonly sizeNm: number;
}

/** Cell edges, angstrom; c along the third axis. */
export interface Cell {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** How the diffraction is recorded: Debye-Scherrer, flat detector. */
export interface DiffractionSetting {
  /** Angstrom. */
  readonly wavelength: number;
  /** Distance of the detector, mm. */
  readonly distanceMm: number;
  readonly scherrer: number;
  /** Instrumental width, degrees squared. */
  readonly gaussianVariance: number;
}

/** Receives one peak: area in intensity times degrees, centre and full width at half maximum in degrees, Lorentzian fraction. */
export type PeakSink = (area: number, centre: number, width: number, eta: number) => void;

const DEGREE = Math.PI / 180;
const shape = { width: 0, eta: 0 };

/**
 * Every peak of one mole of a powder, at 2theta as seen by a detector that is `closer` mm too near.
 * @param strain microstrain
 */
export function powderPeaks(
  { phase, thermal, sizeNm }: Powder,
  { a, b, c }: Cell,
  strain: number,
  closer: number,
  setting: DiffractionSetting,
  sink: PeakSink,
): void {
  const { wavelength, distanceMm, scherrer, gaussianVariance } = setting;
  const { reflections, isHexagonal } = phase;
  const gaussianWidth = Math.sqrt(gaussianVariance);
  const volume = a * b * c * (isHexagonal ? Math.sqrt(3) / 2 : 1);
  for (let i = 0; i < reflections.length; i += 5) {
    const h = reflections[i];
    const k = reflections[i + 1];
    const l = reflections[i + 2];
    const inPlane = isHexagonal ? (4 * (h * h + h * k + k * k)) / (3 * a * a) : (h * h) / (a * a) + (k * k) / (b * b);
    const inverseSquare = inPlane + (l * l) / (c * c);
    const sine = (wavelength / 2) * Math.sqrt(inverseSquare);
    if (sine >= 1) continue;
    const cosine = Math.sqrt(1 - sine * sine);
    const tangent = sine / cosine;
    const cosTwo = 1 - 2 * sine * sine;
    const lorentzianWidth = ((scherrer * wavelength) / (10 * sizeNm * cosine) + 4 * strain * tangent) / DEGREE;
    combineWidths(gaussianWidth, lorentzianWidth, shape);
    const tanTwo = Math.tan(2 * Math.asin(sine));
    const centre = Math.atan(tanTwo * (1 - closer / distanceMm)) / DEGREE;
    const strength = reflections[i + 3] * reflections[i + 4] * Math.exp((-thermal * inverseSquare) / 2);
    // A mole holds 1 / volume cells per atom of the formula, hence the volume once.
    sink((strength * (1 + cosTwo * cosTwo)) / (sine * sine * cosine * volume), centre, shape.width, shape.eta);
  }
}
