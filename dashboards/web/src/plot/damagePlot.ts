import type { DamageView } from '../../../../src/server/protocol.ts';
import { byId } from '../element.ts';
import { scaled } from '../format.ts';
import type { Model } from '../model.ts';
import { doseScale } from '../units.ts';
import { fit, font, hatchPath, readTokens } from './tokens.ts';

const LEFT = 46;
const BOTTOM = 16;
const TOP = 6;

/** Damage against dose: estimates with their band, what comes if damage goes on as now, and the tolerance. */
export function drawDamagePlot(model: Model): void {
  const { account, damage } = model.dose;
  if (damage === null) return;
  const { g, width, height } = fit(byId<HTMLCanvasElement>('damageplot'));
  const tokens = readTokens();
  const { curve, tolerance } = damage;
  const spent = curve.at(-1)?.[0] ?? account?.spent ?? 0;
  const end = Math.max(account?.limit ?? 0, 1.05 * spent) || 1;
  const top = Math.max(1.6 * (tolerance ?? 0), 1.1 * (damage.high ?? damage.value), 0.01);
  const x = (dose: number) => LEFT + ((width - LEFT - 1) * dose) / end;
  const y = (value: number) => TOP + (height - TOP - BOTTOM) * (1 - Math.max(0, Math.min(top, value)) / top);

  g.strokeStyle = tokens.edge;
  g.lineWidth = 1;
  g.beginPath();
  g.moveTo(LEFT, TOP);
  g.lineTo(LEFT, y(0) + 0.5);
  g.lineTo(width, y(0) + 0.5);
  g.stroke();

  const fan = fanOf(damage, spent, end, top);
  if (fan.length > 0) {
    g.beginPath();
    fan.forEach(([dose, value]) => g.lineTo(x(dose), y(value)));
    g.closePath();
    hatchPath(g, { x: x(spent), y: TOP, width: width - x(spent), height: height - TOP - BOTTOM }, tokens.ref, 0.8);
  }
  g.fillStyle = tokens.band;
  g.beginPath();
  for (const [dose, value, , high] of curve) g.lineTo(x(dose), y(high ?? value));
  for (const [dose, value, low] of [...curve].reverse()) g.lineTo(x(dose), y(low ?? value));
  g.fill();
  g.strokeStyle = g.fillStyle = tokens.now;
  g.lineWidth = 1.5;
  g.beginPath();
  for (const [dose, value] of curve) g.lineTo(x(dose), y(value));
  g.stroke();
  for (const [dose, value] of curve.slice(-1)) {
    g.beginPath();
    g.arc(x(dose), y(value), 4, 0, 2 * Math.PI);
    g.fill();
  }
  g.font = font(12);
  g.fillStyle = tokens.t2;
  g.textBaseline = 'middle';
  g.textAlign = 'right';
  g.fillText('0', LEFT - 5, y(0));
  if (tolerance !== null) {
    g.fillText(String(Number(tolerance.toPrecision(2))), LEFT - 5, y(tolerance));
    g.strokeStyle = tokens.t1;
    g.setLineDash([6, 4]);
    g.beginPath();
    g.moveTo(LEFT, y(tolerance));
    g.lineTo(width, y(tolerance));
    g.stroke();
    g.setLineDash([]);
    g.textAlign = 'left';
    g.textBaseline = 'bottom';
    g.fillText('tolerance', LEFT + 4, y(tolerance) - 1);
  }
  g.textBaseline = 'bottom';
  if (fan.length > 0 && height > 80 && x(spent) < width - 150) {
    g.textAlign = 'right';
    g.fillText('if it goes on as now', width - 2, y(0) - 2);
  }
  g.textAlign = 'left';
  g.fillText('0', LEFT, height);
  const { factor, unit } = doseScale(account?.unit ?? '', end, model.hello?.modality ?? '');
  const last = scaled(end * factor, end * factor);
  g.textAlign = 'right';
  g.fillText(`${last.number}${last.power} ${unit}`, width - 1, height);
}

/** What lies between the earliest and the latest way to the tolerance, up to the end of the budget. */
function fanOf(damage: DamageView, spent: number, end: number, top: number): (readonly [number, number])[] {
  const { value, tolerance, reach } = damage;
  const [early, late] = [damage.reachLow ?? reach, damage.reachHigh ?? reach];
  if (tolerance === null || early === null || value >= tolerance || early <= spent) return [];
  const high = damage.high ?? value;
  const low = damage.low ?? value;
  const upper = (tolerance - high) / (early - spent);
  const lower = late === null || late <= spent ? 0 : Math.max(0, (tolerance - low) / (late - spent));
  const at = (start: number, slope: number): (readonly [number, number])[] => {
    const stop = slope > 0 ? Math.min(end, spent + (top - start) / slope) : end;
    return [
      [spent, start],
      [stop, start + slope * (stop - spent)],
    ];
  };
  return [...at(high, Math.max(0, upper)), ...(upper > 0 ? [[end, top] as const] : []), ...at(low, lower).reverse()];
}
