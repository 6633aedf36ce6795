import { certifiability, leastCertifiable } from '../../kernel/dose/damage/certifiability.ts';
import { bankMoments, damageNow, damageOver } from '../../kernel/dose/damage/damageDistribution.ts';
import { damageReach } from '../../kernel/dose/damage/damageReach.ts';
import { characteristicDose } from '../../kernel/dose/damage/characteristicDose.ts';
import { confidenceOver } from '../../kernel/dose/damage/confidenceSequence.ts';
import { DAMAGE } from '../../model/doseReading.ts';
import { makeReading, type FrameHeader } from '../../model/makeReading.ts';
import { DAMAGE_AHEAD, DAMAGE_DONE, type Emit } from '../../model/signal.ts';
import type { ResponseState } from './responseState.ts';
import type { ResponseWork } from './responseWork.ts';
import { speak } from './speak.ts';

/** Standard deviations below 0 at which the damage fraction is no damage, and the references are wrong. */
const ALARM = 3;

type Out = Emit<'reading' | 'detection'>;
const qualityOf = (isValid: boolean): 'valid' | 'invalid' => (isValid ? 'valid' : 'invalid');

/** Says how damaged the area is after a frame, and once per area that it is past the tolerance; leaves in the state what the next frame is expected to show. */
export function emitDamage(state: ResponseState, work: ResponseWork, header: FrameHeader, emit: Out): void {
  const { id, damage, median, estimate } = work;
  const say = (name: string, value: number, unit: string, isValid: boolean, standardError?: number): void =>
    emit(
      makeReading(header, id, {
        name,
        value,
        standardError,
        unit,
        quality: qualityOf(isValid && Number.isFinite(value)),
      }),
    );
  const account = state.damage;
  const standardError = damageNow(account, damage, estimate);
  state.expected = estimate.value;
  const { mean, deviation } = bankMoments(account, damage);
  const isDamage = mean + ALARM * deviation > 0;
  say(DAMAGE.fraction, estimate.value, '1', isDamage, standardError);
  say(DAMAGE.low, estimate.low, '1', isDamage);
  say(DAMAGE.high, estimate.high, '1', isDamage);
  const over = overOf(state, work, 0);
  say(DAMAGE.over, over, '1', isDamage);
  damageReach(account, damage, state.rate, estimate);
  say(DAMAGE.reach, estimate.value * median, state.unit, isDamage);
  say(DAMAGE.reachLow, estimate.low * median, state.unit, isDamage);
  say(DAMAGE.reachHigh, estimate.high * median, state.unit, isDamage);
  sayCertifiability(state, work, estimate.value, say);
  characteristicDose(account, damage, estimate);
  say(DAMAGE.characteristic, estimate.value * median, state.unit, isDamage);
  say(DAMAGE.characteristicLow, estimate.low * median, state.unit, isDamage);
  say(DAMAGE.characteristicHigh, estimate.high * median, state.unit, isDamage);
  if (state.isDamaged || work.config.rule !== 'predictive' || !(over > 1 - work.config.alpha)) return;
  state.isDamaged = true;
  speak(header, { detector: id, statistic: over, threshold: 1 - work.config.alpha, template: DAMAGE_DONE }, emit);
}

/** Z and the counts that would be needed, by the information per dose so far and the dose at which the tolerance is expected. */
function sayCertifiability(
  { information, measuredDose, referenceInformation }: ResponseState,
  { config, median }: ResponseWork,
  reach: number,
  say: (name: string, value: number, unit: string, isValid: boolean) => void,
): void {
  if (!(measuredDose > 0 && information > 0)) return;
  const dose = Number.isFinite(reach) ? reach * median : median;
  const collected = (information / measuredDose) * dose;
  const isExact = config.windows?.intactShare !== undefined;
  const share = isExact ? Infinity : referenceInformation / collected;
  const z = certifiability(config.tolerance, collected, share);
  say(DAMAGE.certifiability, z, '1', true);
  say(DAMAGE.countsNeeded, (leastCertifiable(config.alpha) / z) ** 2, '1', z > 0);
}

/** Says how probable it is that the next frame passes the tolerance; and once per area that it is too probable. */
export function emitNext(state: ResponseState, work: ResponseWork, header: FrameHeader, next: number, emit: Out): void {
  const { id, config } = work;
  const value = overOf(state, work, next);
  emit(makeReading(header, id, { name: DAMAGE.overNext, value, unit: '1', quality: 'valid' }));
  if (state.isStopped || !(value > config.alpha)) return;
  state.isStopped = true;
  speak(header, { detector: id, statistic: value, threshold: config.alpha, template: DAMAGE_AHEAD }, emit);
}

/** Probability that the tolerance is passed after `next` more dose; by the guaranteed rule, how little speaks against it. */
function overOf({ damage: account, exposureUs, rate }: ResponseState, work: ResponseWork, next: number): number {
  const { damage, median, config } = work;
  const ahead = next / median;
  if (config.rule === 'guaranteed')
    return confidenceOver(account.confidence, damage.kinetics, account.clocks[0]! + account.held.dose + ahead);
  const nextRate = next > 0 && exposureUs > 0 ? next / exposureUs : rate;
  return damageOver(account, damage, ahead, nextRate);
}
