import type { DoseAccountView } from '../../../../src/server/protocol.ts';
import { byId, byTestId, setAttribute, setHidden, strong, write, type Piece } from '../element.ts';
import { clock, counts, duration, fixed, percent, scaled, signedPercent } from '../format.ts';
import { isOld, type Model } from '../model.ts';
import { doseScale } from '../units.ts';

/** How much of the budget is spent, and when it ends. */
export function updateDosePanel(model: Model): void {
  const { account } = model.dose;
  const lastUs = model.status?.lastTimeUs ?? Number.NaN;
  const opened = account?.generationUs ?? null;
  const isPast = account !== null && isOld(model);
  write(
    byTestId('dose-as-of'),
    isPast ? `as of ${clock(lastUs)}` : opened === null ? '' : `account of ${clock(opened)}`,
  );
  setHidden(byTestId('dose-none'), account !== null);
  setHidden(byTestId('dose-account'), account === null);
  if (account === null) {
    write(byTestId('dose-none'), 'No dose is counted in this run.');
    return;
  }
  const scale = scaleOf(model, account);
  const { limit } = account;
  const spent = scaled(account.spent * scale.factor, scale.reference);
  const budget = scaled(scale.reference, scale.reference);
  write(byTestId('dose-spent'), limit === null ? `${spent.number}${spent.power}` : spent.number);
  write(byTestId('dose-budget'), limit === null ? scale.unit : `of ${budget.number}${budget.power} ${scale.unit}`);
  write(byTestId('dose-pct'), limit === null ? '' : percent((100 * account.spent) / limit));
  setAttribute(
    byId('dosebar'),
    'aria-label',
    limit === null ? 'Dose without a limit' : `Dose spent: ${percent((100 * account.spent) / limit)} of the limit`,
  );
  write(byTestId('dose-rate'), ...ratePieces(account, scale));
  writeLeft(model, account, scale);
  setHidden(byTestId('dose-unknown'), account.isKnown);
  showRow(
    'dose-time',
    account.timeFraction === null ? [] : [strong(percent(100 * account.timeFraction)), ' of its limit'],
  );
  const isOneArea = account.ofSample === null || account.ofSample <= account.spent * (1 + 1e-9);
  showRow('dose-sample', isOneArea ? [] : [strong(withPower((account.ofSample ?? 0) * scale.factor, scale))]);
  showRow('dose-b', agreementPieces(model, scale));
}

interface Scale {
  readonly factor: number;
  readonly unit: string;
  /** What the shown numbers are scaled by, in `unit`. */
  readonly reference: number;
}

function scaleOf(model: Model, { unit, limit, spent }: DoseAccountView): Scale {
  const scale = doseScale(unit, limit ?? spent, model.hello?.modality ?? '');
  return { ...scale, reference: (limit ?? spent) * scale.factor };
}

/** A row of the list, hidden where there is nothing to say. */
function showRow(name: string, pieces: readonly Piece[]): void {
  const value = byTestId(name);
  setHidden(value, pieces.length === 0);
  setHidden(value.previousElementSibling as HTMLElement, pieces.length === 0);
  write(value, ...pieces);
}

function ratePieces({ rate, rateBefore, rateLimit }: DoseAccountView, scale: Scale): Piece[] {
  if (rate === null) return ['–'];
  const limit = rateLimit === null ? '' : `, limit ${rateText(rateLimit * scale.factor, scale.unit)}`;
  if (rate > 0) return [`${rateText(rate * scale.factor, scale.unit)}${limit}`];
  return [rateBefore === null ? `0${limit}` : `0, was ${rateText(rateBefore * scale.factor, scale.unit)}${limit}`];
}

function writeLeft(model: Model, account: DoseAccountView, scale: Scale): void {
  const { limit, spent, rate, rateBefore, exhaustedSeconds, framesLeft } = account;
  const left = limit === null ? null : Math.max(0, limit - spent);
  const isOpen = left === null || left === 0 || rate === 0 || exhaustedSeconds === null;
  write(byTestId('dose-left-name'), isOpen ? 'Budget left' : 'Budget ends in');
  const value = byTestId('dose-left');
  if (left === null) write(value, 'no limit set');
  else if (left === 0) write(value, strong('none'));
  else if (isOpen) {
    const at =
      rateBefore === null
        ? ''
        : `, ${duration(left / rateBefore)} at ${rateText(rateBefore * scale.factor, scale.unit)}`;
    write(value, strong(withPower(left * scale.factor, scale)), at);
  } else {
    const endUs = (model.status?.lastTimeUs ?? 0) + exhaustedSeconds * 1e6;
    const at = exhaustedSeconds < 86_400 ? ` at ${clock(endUs)}` : '';
    const frames = framesLeft === null ? '' : `, ${counts(Math.floor(framesLeft))} frames`;
    write(value, strong(duration(exhaustedSeconds)), at, frames);
  }
}

function agreementPieces({ dose }: Model, scale: Scale): Piece[] {
  const { agreement } = dose;
  if (agreement === null) return [];
  const { ratio, charged } = agreement;
  if (ratio === null) return ['not compared yet'];
  const isMore = charged !== null && charged > (dose.account?.spent ?? Infinity) * 1.001;
  const more = isMore ? `, at worst ${withPower(charged * scale.factor, scale)}` : '';
  return ['differs ', strong(signedPercent(100 * (ratio - 1))), more];
}

/** `7.4 × 10³ e⁻/Å²` */
function withPower(value: number, { reference, unit }: Scale): string {
  const shown = scaled(value, reference);
  return `${shown.number}${shown.power} ${unit}`;
}

/** Per second, or per minute when that is below one. */
function rateText(perSecond: number, unit: string): string {
  const isSlow = Math.abs(perSecond) < 1;
  const value = isSlow ? perSecond * 60 : perSecond;
  const shown = scaled(value, value);
  const number =
    shown.power === '' ? fixed(value, Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2) : shown.number;
  return `${number}${shown.power} ${unit}/${isSlow ? 'min' : 's'}`;
}
