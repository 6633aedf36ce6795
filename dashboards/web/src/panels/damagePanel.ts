import type { DamageView, ExposureView } from '../../../../src/server/protocol.ts';
import { byId, byTestId, setAttribute, setHidden, strong, write, type Piece } from '../element.ts';
import { fixed, percent, scaled, withError, withInterval } from '../format.ts';
import type { Model } from '../model.ts';
import { doseScale } from '../units.ts';

/** Below it the data cannot clear a sample: 2.6 times the quantile of 5 %. */
export const LEAST_Z = 4.3;
/** A dose of so many budgets is not printed. */
const FAR = 10;

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
  const limit = tolerance === null ? '' : `, tolerance ${Number(tolerance.toPrecision(2))}`;
  return [isKnown ? 'Damage ' : 'Damage cannot be estimated now; it was ', ...numberPieces(value, low, high), limit];
}

/** `0.0225 ± 0.0014 (95 %)`, `0.083 +0.019 −0.016 (95 %)`, `0.000 (95 %: up to 0.007)`. */
function numberPieces(value: number, low: number | null, high: number | null): Piece[] {
  if (low === null || high === null || !(high > value)) return [strong(fixed(value, 3))];
  if (!(low > 0 && value > low)) return [strong(fixed(value, 3)), ` (95\u00a0%: up to ${fixed(high, 3)})`];
  const [up, down] = [high - value, value - low];
  const isEven = Math.abs(up - down) < 0.1 * Math.max(up, down);
  const text = isEven ? withError(value, 0.5 * (up + down)) : withInterval(value, up, down);
  const [number = '', ...rest] = text.split(' ');
  return [strong(number), ` ${rest.join('\u00a0')} (95\u00a0%)`];
}

function reachPieces(model: Model, { reach, reachLow, reachHigh, value, tolerance }: DamageView): Piece[] {
  if (tolerance !== null && value >= tolerance) return [strong('reached')];
  if (reach === null) return ['not in sight, if damage goes on as now'];
  const { account } = model.dose;
  const reference = account?.limit ?? reach;
  const { factor, unit } = doseScale(account?.unit ?? '', reference, model.hello?.modality ?? '');
  const shown = (dose: number) =>
    dose > FAR * reference ? `over ${FAR} budgets` : scaled(dose * factor, reference * factor).number;
  const range = reachLow === null || reachHigh === null ? '' : ` (${shown(reachLow)}\u2060–\u2060${shown(reachHigh)})`;
  const unitText = `${scaled(reach * factor, reference * factor).power} ${unit}`;
  return ['at ', strong(shown(reach)), `${range}${unitText} if damage goes on as now`];
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

const MODES = ['low', 'high', 'held back by budget or damage'];

function exposurePieces({ advice, state, saving }: ExposureView): Piece[] {
  const mode = state === null ? '' : (MODES[state] ?? '');
  const advised: Piece[] =
    advice === null ? [mode] : ['advised ', strong(`${fixed(advice, 2)}×`), mode === '' ? '' : ` (${mode})`];
  const saved: Piece[] = saving === null ? [] : [', ', strong(percent(100 * saving)), ' of the dose saved'];
  return ['Exposure ', ...advised, ...saved];
}
