import { byId } from '../element.ts';
import { percent } from '../format.ts';
import type { Model } from '../model.ts';
import { fit, font, readTokens } from './tokens.ts';

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
  let rightmost = width;
  for (const milestone of [1, ...dose.milestones.filter((m) => m < 1).reverse()]) {
    const x = Math.min(width - 1.5, milestone * width);
    const isPassed = fraction >= milestone;
    g.fillStyle = tokens.t1;
    g.fillRect(x - 1, 1, 2, bar + 6);
    const text = `${isPassed ? '✓ ' : ''}${milestone === 1 ? 'stop' : percent(100 * milestone)}`;
    const left = Math.min(rightmost, x + 0.5 * g.measureText(text).width) - g.measureText(text).width;
    // Two labels that would touch: the higher one is read.
    if (left < 0 || (milestone < 1 && left + g.measureText(text).width < x)) continue;
    g.fillStyle = isPassed ? tokens.t1 : tokens.t2;
    g.textAlign = 'left';
    g.fillText(text, left, bar + 8);
    rightmost = left - 8;
  }
}
