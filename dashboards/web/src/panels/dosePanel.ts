import { byId, byTestId, setHidden, strong, write } from '../element.ts';
import { clock, duration, fixed, percent, scaled } from '../format.ts';
import { isOld, type Model } from '../model.ts';
import { fit, font, readTokens } from '../plot/tokens.ts';
import { doseScale } from '../units.ts';

/** How much of the budget is spent, and when it ends. */
export function updateDosePanel(model: Model): void {
  const dose = model.dose.account;
  const lastUs = model.status?.lastTimeUs ?? Number.NaN;
  write(byTestId('dose-as-of'), dose !== null && isOld(model) ? `as of ${clock(lastUs)}` : '');
  setHidden(byTestId('dose-none'), dose !== null);
  setHidden(byTestId('dose-account'), dose === null);
  if (dose === null) {
    write(byTestId('dose-none'), 'No dose is counted in this run.');
    return;
  }
  const { factor, unit } = doseScale(dose.unit, dose.limit ?? dose.spent, model.hello?.modality ?? '');
  const reference = (dose.limit ?? dose.spent) * factor;
  const spent = scaled(dose.spent * factor, reference);
  write(byTestId('dose-spent'), dose.limit === null ? `${spent.number}${spent.power}` : spent.number);
  const budget = scaled(reference, reference);
  write(byTestId('dose-budget'), dose.limit === null ? unit : `of ${budget.number}${budget.power} ${unit}`);
  write(byTestId('dose-pct'), dose.limit === null ? '' : percent((100 * dose.spent) / dose.limit));
  write(byTestId('dose-rate'), dose.rate === null ? '–' : rateText(dose.rate * factor, unit));
  const isOff = dose.rate === 0;
  const left = dose.limit === null ? null : Math.max(0, dose.limit - dose.spent);
  write(
    byTestId('dose-left-name'),
    isOff || left === 0 || dose.exhaustedSeconds === null ? 'Budget left' : 'Budget ends in',
  );
  if (left === null) write(byTestId('dose-left'), 'no limit set');
  else if (left === 0) write(byTestId('dose-left'), strong('none'));
  else if (isOff || dose.exhaustedSeconds === null) {
    const shown = scaled(left * factor, reference);
    write(byTestId('dose-left'), strong(`${shown.number}${shown.power} ${unit}`));
  } else {
    const endUs = (model.status?.lastTimeUs ?? 0) + dose.exhaustedSeconds * 1e6;
    const at = dose.exhaustedSeconds < 86_400 ? ` at ${clock(endUs)}` : '';
    write(byTestId('dose-left'), strong(duration(dose.exhaustedSeconds)), at);
  }
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

/** The bar with its milestones; passed ones are ticked. */
export function drawDoseBar(model: Model): void {
  const dose = model.dose.account;
  if (dose === null) return;
  const { g, width, height } = fit(byId<HTMLCanvasElement>('dosebar'));
  const tokens = readTokens();
  const bar = height - 22;
  const fraction = dose.limit === null ? 0 : Math.min(1, dose.spent / dose.limit);
  g.strokeStyle = tokens.edge;
  g.strokeRect(0.5, 4.5, width - 1, bar - 1);
  g.fillStyle = tokens.t2;
  g.fillRect(1, 5, (width - 2) * fraction, bar - 2);
  if (dose.limit === null) return;
  g.font = font(12.5);
  g.textBaseline = 'top';
  for (const milestone of [...dose.milestones.filter((m) => m < 1), 1]) {
    const x = Math.min(width - 1.5, milestone * width);
    const isPassed = fraction >= milestone;
    g.fillStyle = tokens.t1;
    g.fillRect(x - 1, 1, 2, bar + 6);
    g.fillStyle = isPassed ? tokens.t1 : tokens.t2;
    g.textAlign = milestone > 0.9 ? 'right' : 'center';
    const text = `${isPassed ? '✓ ' : ''}${milestone === 1 ? 'limit' : percent(100 * milestone)}`;
    g.fillText(text, milestone > 0.9 ? width : x, bar + 8);
  }
}
