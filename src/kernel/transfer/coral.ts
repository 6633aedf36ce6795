import { dot } from '../array/dot.ts';
import { refusal } from '../refusal.ts';
import { jacobiSvd } from './jacobiSvd.ts';
import type { LowRankMap } from './lowRankMap.ts';
import { around, checkStandards, meanOf, type Standards } from './standards.ts';

/**
 * Correlation alignment (CORAL): y = mean_m + (x - mean_s) (C_s + ridge)^-1/2 (C_m + ridge)^1/2, so that mean and covariance of the slave
 * become those of the master. Which spectrum belongs to which does not matter: it needs many of the same population, not pairs, and
 * cannot tell a shift of the axis from a change of the samples.
 *
 * Both covariances are of low rank but for the ridge, and are never written out.
 *
 * @param spectra - at least two of each instrument, on as many channels.
 * @param ridge - > 0, in the unit of the values squared; more changes less.
 * @throws RangeError TooFewStandards, LengthMismatch, NonFiniteInput, OutOfRange.
 * @see Sun, Feng and Saenko, Proc. AAAI 30 (2016) 2058.
 */
export function learnCoral({ master, slave }: Standards, ridge: number): LowRankMap {
  const few = Math.min(master.length, slave.length);
  checkStandards({ master: master.slice(0, few), slave: slave.slice(0, few) }, 'same');
  checkStandards({ master, slave: master }, 'same');
  checkStandards({ master: slave, slave }, 'same');
  if (!(ridge > 0)) throw refusal('OutOfRange', `ridge is ${ridge}, expected a positive number`);
  const from = meanOf(slave);
  const to = meanOf(master);
  const whitening = axesOf(slave, from, (variance) => Math.sqrt(ridge / (variance + ridge)) - 1);
  const colouring = axesOf(master, to, (variance) => Math.sqrt((variance + ridge) / ridge) - 1);
  const inwards: Float64Array[] = [];
  const outwards: Float64Array[] = [];
  for (const { axis, change } of whitening) {
    const outward = axis.map((value) => change * value);
    for (const other of colouring) {
      const share = change * other.change * dot(other.axis, axis);
      for (let i = 0; i < outward.length; i++) outward[i] = outward[i]! + share * other.axis[i]!;
    }
    inwards.push(axis);
    outwards.push(outward);
  }
  for (const { axis, change } of colouring) {
    inwards.push(axis);
    outwards.push(axis.map((value) => change * value));
  }
  return { kind: 'lowRank', identity: true, from, to, inwards, outwards };
}

/** Principal axes of some spectra, and by how much each is stretched. */
function axesOf(rows: readonly Float64Array[], mean: Float64Array, change: (variance: number) => number) {
  const { scaled, values } = jacobiSvd(around(rows, mean));
  return scaled
    .map((column, k) => ({ column, s: values[k]! }))
    .filter(({ s }) => s > 0)
    .map(({ column, s }) => ({
      axis: column.map((value) => value / s),
      change: change((s * s) / (rows.length - 1)),
    }));
}
