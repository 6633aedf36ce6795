/** A layer that X-rays pass on their way into the detector. */
export interface AbsorbingLayer {
  /** [n] mass attenuation coefficient at each energy, cm2/g. */
  readonly attenuation: Float64Array;
  /** Density times thickness, g/cm2, > 0. */
  readonly massThickness: number;
}

export interface BremsstrahlungOptions {
  /** [n] photon energies, keV. */
  readonly energies: Float64Array;
  /** Energy of the beam's electrons, keV. */
  readonly beamEnergy: number;
  /** Mean atomic number of the specimen; scales only. @default 1 */
  readonly atomicNumber?: number;
  /** Window, contact and dead layer. */
  readonly layers?: readonly AbsorbingLayer[];
  /** The crystal that must stop the photon. */
  readonly crystal?: AbsorbingLayer;
  /** The specimen that the photon must leave; `takeOffDeg` above its surface. */
  readonly specimen?: AbsorbingLayer & { readonly takeOffDeg: number };
}

/**
 * Kramers' law of the continuum of a thick target, Z (E0 - E) / E per eV; for a thin foil the same shape far below E0.
 *
 * @param energies - [n] photon energies, keV.
 * @param options - energy of the beam's electrons, keV; mean atomic number.
 * @param out - [n] receives the intensity; 0 at and above E0, and where no photon energy is.
 * @returns `out`.
 * @see Kramers, Phil. Mag. 46 (1923) 836.
 * @example
 * kramers(Float64Array.of(5, 20), { beamEnergy: 20, atomicNumber: 2 }, new Float64Array(2)); // => Float64Array [6, 0]
 */
export function kramers(
  energies: Float64Array,
  { beamEnergy, atomicNumber = 1 }: { readonly beamEnergy: number; readonly atomicNumber?: number },
  out: Float64Array,
): Float64Array {
  for (let i = 0; i < energies.length; i++) {
    const e = energies[i]!;
    out[i] = e > 0 && e < beamEnergy ? (atomicNumber * (beamEnergy - e)) / e : 0;
  }
  return out;
}

/** Multiplies by the part that passes a layer, exp(-mu rho t). */
export function transmit(intensity: Float64Array, { attenuation, massThickness }: AbsorbingLayer): Float64Array {
  for (let i = 0; i < intensity.length; i++) intensity[i] = intensity[i]! * Math.exp(-attenuation[i]! * massThickness);
  return intensity;
}

/** Multiplies by the part that a layer stops, 1 - exp(-mu rho t). */
export function stop(intensity: Float64Array, { attenuation, massThickness }: AbsorbingLayer): Float64Array {
  for (let i = 0; i < intensity.length; i++)
    intensity[i] = -intensity[i]! * Math.expm1(-attenuation[i]! * massThickness);
  return intensity;
}

/** Multiplies by the part that leaves a specimen in which it arises evenly, (1 - exp(-x)) / x, x = mu rho t / sin(take-off). */
export function leave(
  intensity: Float64Array,
  { attenuation, massThickness, takeOffDeg }: AbsorbingLayer & { readonly takeOffDeg: number },
): Float64Array {
  const path = massThickness / Math.sin((takeOffDeg * Math.PI) / 180);
  for (let i = 0; i < intensity.length; i++) {
    const x = attenuation[i]! * path;
    if (x > 0) intensity[i] = (-intensity[i]! * Math.expm1(-x)) / x;
  }
  return intensity;
}

/**
 * Shape of the detected bremsstrahlung before the detector's energy resolution: Kramers' law, what leaves the specimen, what passes the
 * layers, and what the crystal stops.
 *
 * @param options - see {@link BremsstrahlungOptions}.
 * @param out - [n] receives the intensity per eV, up to a scale.
 * @returns `out`.
 * @see Statham, X-Ray Spectrom. 5 (1976) 154.
 */
export function bremsstrahlung(options: BremsstrahlungOptions, out: Float64Array): Float64Array {
  const { energies, layers = [], crystal, specimen } = options;
  kramers(energies, options, out);
  if (specimen !== undefined) leave(out, specimen);
  for (const layer of layers) transmit(out, layer);
  return crystal === undefined ? out : stop(out, crystal);
}
