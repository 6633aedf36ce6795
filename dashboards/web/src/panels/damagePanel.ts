import type { DamageView, ExposureView } from '../../../../src/server/protocol.ts';
import { byId, byTestId, setAttribute, setHidden, strong, write, type Piece } from '../element.ts';
import { fixed, percent, scaled, withInterval } from '../format.ts';
import type { Model } from '../model.ts';
import { doseScale, withUnit } from '../units.ts';

/** Below it the data cannot clear a sample: 2.6 times the quantile of 5 %. */
export const LEAST_Z = 4.3;

/** How much is damaged, when the tolerance is reached, and whether the data or the budget decide. */
export function updateDamagePanel(model: Model): void {
  const { damage, exposure } = model.dose;
  setHidden(byTestId('damage'), damage === null);
  setHidden(byTestId('exposure'), exposure === null);
  if (exposure !== null) write(byTestId('exposure'), ...exposurePieces(exposure));
  if (damage === null) return;
  write(byTestId('damage-value'), ...valuePieces(damage));
  write(byTestId('damage-reach'), ...reachPieces(model, damage));
  write(byTestId('damage-z'), ...zPieces(damage));
  setAttribute(byId('damageplot'), 'aria-label', `Damage against dose, now ${percent(100 * damage.value)}`);
}

function valuePieces({ value, low, high, tolerance, isKnown }: DamageView): Piece[] {
  const limit = tolerance === null ? '' : `, tolerance ${fixed(tolerance, 3)}`;
  const number =
    low === null || high === null || !(high > value) || !(value > low)
      ? [strong(fixed(value, 3)), high === null ? '' : ` (95\u00a0%: ${fixed(low ?? 0, 3)} to ${fixed(high, 3)})`]
      : intervalPieces(value, high - value, value - low);
  return [...(isKnown ? [] : ['cannot be estimated now; was ']), ...number, limit];
}

function intervalPieces(value: number, up: number, down: number): Piece[] {
  const [number = '', ...rest] = withInterval(value, up, down).split(' ');
  return [strong(number), ` ${rest.join('\u00a0')} (95\u00a0%)`];
}

function reachPieces(model: Model, { reach, reachLow, reachHigh, value, tolerance }: DamageView): Piece[] {
  if (tolerance !== null && value >= tolerance) return [strong('reached')];
  if (reach === null) return ['not in sight'];
  const account = model.dose.account;
  const reference = account?.limit ?? reach;
  const { factor, unit } = doseScale(account?.unit ?? '', reference, model.hello?.modality ?? '');
  const shown = (dose: number) => scaled(dose * factor, reference * factor);
  const far = (dose: number) => (dose > 10 * reference ? 'far' : shown(dose).number);
  const range = reachLow === null || reachHigh === null ? '' : ` (${far(reachLow)} to ${far(reachHigh)})`;
  return ['at ', strong(far(reach)), `${range}${shown(reference).power} ${unit}`];
}

function zPieces({ z, countsNeeded }: DamageView): Piece[] {
  if (z === null) return ['Z is not known yet'];
  const number = strong(`Z ${fixed(z, z < 9.95 ? 1 : 0)}`);
  if (z >= LEAST_Z) return [number, ': this sample can be certified at this count rate'];
  const needed =
    countsNeeded === null || !(countsNeeded > 1)
      ? 'more counts or a larger tolerance would be needed'
      : `${fixed(countsNeeded, countsNeeded < 9.95 ? 1 : 0)}\u00a0times the counts would be needed`;
  return [number, `: the budget decides, not the data; ${needed}`];
}

function exposurePieces({ advice, unit, state, saving }: ExposureView): Piece[] {
  const mode = state === null ? '' : state > 0 ? 'full, something may begin' : 'low, nothing happens';
  const advised: Piece[] = advice === null ? [] : ['advised ', strong(withUnit(fixed(advice, 2), unit))];
  const saved: Piece[] = saving === null ? [] : [strong(percent(100 * saving)), ' of the dose saved'];
  return ['Exposure ', ...joined([advised, mode === '' ? [] : [mode], saved])];
}

const joined = (parts: readonly (readonly Piece[])[]): Piece[] =>
  parts.filter((part) => part.length > 0).flatMap((part, k) => (k === 0 ? part : [', ', ...part]));
