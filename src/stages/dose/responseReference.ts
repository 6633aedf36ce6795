import { changeOfOne } from '../../kernel/dose/damage/changeOfOne.ts';
import { giveReference } from '../../kernel/dose/damage/damageAccount.ts';
import { addToDirection, changedSpectrum } from '../../kernel/dose/damage/learnedDirection.ts';
import { refreshDamaged, reduceSpectrum } from '../../kernel/dose/damage/spectralReduction.ts';
import { keepSpectrum, learnSpectrum } from './responseLesson.ts';
import type { ResponseState, Spectrum } from './responseState.ts';
import { layReferences, type ResponseWork } from './responseWork.ts';

/**
 * Whether both reference spectra are known, in `work.spectral`: from files, or the intact one from the first frames of the
 * area, and the damaged one from how the spectra change with dose. After a change of channels, what was learned no longer
 * fits, and nothing is known of this area.
 */
export function knowsReferences(state: ResponseState, work: ResponseWork, frame: Spectrum): boolean {
  const { reference } = state;
  if (work.intact === null) keepSpectrum(state, frame);
  const intact = work.intact?.values ?? (reference.frames >= work.config.learn ? reference.sum : null);
  if (intact === null) {
    learnSpectrum(state);
    return false;
  }
  if (intact.length !== frame.values.length) return false;
  work.spectral ??= layReferences(work, intact, damagedFor(work, intact));
  if (work.damaged === null && !findDirection(state, work, frame)) return false;
  if (!reference.isKnown) {
    reference.isKnown = true;
    const variances = work.intact === null ? reference.variance : (work.intact.variances ?? undefined);
    const { reduction, spectral, config } = work;
    if (variances !== undefined)
      reduceSpectrum(spectral!, { values: intact, variances, mask: undefined }, 0, 0, config.dispersion, reduction);
    const variance = variances === undefined ? 0 : reduction.variance;
    state.referenceInformation = variance > 0 ? 1 / variance : Infinity;
    const now = state.damage.clocks[0]!;
    const middle = work.intact === null && now > 0 ? (0.5 * reference.dose) / now : 0;
    giveReference(state.damage, work.damage, Math.min(variance + config.referenceError ** 2, 1), Math.min(1, middle));
  }
  return true;
}

/** The damaged spectrum on the scale of the intact one: as the files have it, or with the total of the intact one. */
function damagedFor({ intact: given, damaged, config }: ResponseWork, intact: Float64Array): Float64Array {
  if (damaged === null) return intact.slice();
  const isDirection = config.damagedIs === 'direction';
  if (given !== null && !isDirection) return damaged.values.slice();
  const scale = totalOf(intact) / totalOf(damaged.values);
  const whole = damaged.values.map((value) => scale * value);
  return isDirection ? changeOfOne(intact, whole) : whole;
}

function totalOf(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Where the spectra before this one went with dose, into the damaged reference; then adds this one. */
function findDirection(state: ResponseState, work: ResponseWork, frame: Spectrum): boolean {
  const { direction } = state;
  const { spectral, size, scratch: variance } = work;
  const { values, variances, mask } = frame;
  const { intact, damaged } = spectral!;
  if (mask?.includes(1) === true) return direction.cosine > 0;
  if (direction.sum.length !== size) {
    direction.sum = new Float64Array(size);
    direction.cross = new Float64Array(size);
    direction.frames = 0;
  }
  const total = totalOf(values);
  const whole = totalOf(intact);
  const scale = whole / total;
  if (!(scale > 0)) return direction.cosine > 0;
  const weight = variances === undefined ? total : 1;
  for (let i = 0; i < size; i++)
    variance[i] =
      work.config.dispersion * (variances === undefined ? intact[i]! * whole : variances[i]! * scale * scale);
  direction.cosine = changedSpectrum(direction, intact, variance, damaged);
  if (direction.cosine > 0) refreshDamaged(spectral!);
  addToDirection(direction, values, scale, weight, state.damage.clocks[0]!);
  return direction.cosine > 0;
}
