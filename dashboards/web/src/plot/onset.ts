import type { AlertView } from '../../../../src/server/protocol.ts';
import { clock, contextNumber, halfInterval } from '../format.ts';
import { withUnit } from '../units.ts';
import { timeToY, type Scene } from './scene.ts';
import { chip, DARK_CHIP } from './tokens.ts';

/** One horizontal line through everything: when it began, how well that is known, and when it was raised. */
export function drawOnset(scene: Scene, view: AlertView): void {
  const { g, geometry, tokens } = scene;
  const box = geometry.waterfall;
  const { alert } = view;
  const y = timeToY(scene, alert.onsetUs);
  const right = geometry.trackX + geometry.trackCount * geometry.trackStep - 2;
  if (y < box.y || y > box.y + box.height) return;
  const isActive = view.clearedUs === null;
  if (alert.onsetIntervalUs !== undefined) {
    const upper = timeToY(scene, alert.onsetIntervalUs[1]);
    const lower = Math.min(box.y + box.height, timeToY(scene, alert.onsetIntervalUs[0]));
    g.globalAlpha = 0.35;
    g.fillStyle = tokens['amber-fill'];
    g.fillRect(box.x, Math.min(upper, y - 1.5), right - box.x, Math.max(3, lower - upper));
    g.globalAlpha = 1;
  }
  g.setLineDash(isActive ? [] : [8, 5]);
  for (const [colour, width] of [
    [tokens.amber, 4],
    [tokens['amber-fill'], 2],
  ] as const) {
    g.strokeStyle = colour;
    g.lineWidth = width;
    g.beginPath();
    g.moveTo(box.x - 6, y);
    g.lineTo(right, y);
    g.stroke();
  }
  g.setLineDash([]);
  const amber = { fill: tokens['amber-fill'], text: tokens['on-amber'] };
  chip(g, clock(alert.onsetUs), { x: box.x - 6, y, align: 'right' }, amber);
  const interval = alert.onsetIntervalUs === undefined ? '' : ` ${halfInterval(...alert.onsetIntervalUs)}`;
  const context = view.context[0];
  const circumstances = context === undefined ? '' : `, ${withUnit(contextNumber(context.value), context.unit)}`;
  chip(g, `onset${interval}${circumstances}`, { x: box.x + 8, y: y + 12, align: 'left' }, amber);
  const raised = timeToY(scene, view.raisedUs);
  if (raised < box.y) return;
  const edge = box.x + box.width;
  chip(g, `raised ${clock(view.raisedUs)}`, { x: edge - 18, y: raised - 4, align: 'right' }, DARK_CHIP);
  g.fillStyle = tokens['amber-fill'];
  g.strokeStyle = tokens['on-amber'];
  g.lineWidth = 1;
  g.beginPath();
  g.moveTo(edge - 3, raised);
  g.lineTo(edge - 15, raised - 7);
  g.lineTo(edge - 15, raised + 7);
  g.closePath();
  g.fill();
  g.stroke();
}
