import type { AlertView } from '../../../../src/server/protocol.ts';
import { clock, contextNumber, halfInterval } from '../format.ts';
import { withUnit } from '../units.ts';
import { timeToY, type Scene } from './scene.ts';
import { chip, DARK_CHIP } from './tokens.ts';

/** Lines that would lie on each other are drawn once, and so are their labels; the first in the list wins. */
export function drawOnsets(scene: Scene, views: readonly AlertView[]): void {
  const lines: number[] = [];
  const labels: number[] = [];
  const isFree = (taken: number[], y: number, room: number) => {
    if (taken.some((other) => Math.abs(other - y) < room)) return false;
    taken.push(y);
    return true;
  };
  for (const view of views) {
    if (isFree(lines, timeToY(scene, view.alert.onsetUs), 3)) drawOnset(scene, view);
    const raised = timeToY(scene, view.raisedUs);
    drawRaised(scene, view, raised, isFree(labels, raised, 18));
  }
}

/** One horizontal line through everything: when it began, how well that is known, and when it was raised. */
function drawOnset(scene: Scene, view: AlertView): void {
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
}

function drawRaised({ g, geometry, tokens }: Scene, view: AlertView, y: number, isLabelled: boolean): void {
  const box = geometry.waterfall;
  if (y < box.y || y > box.y + box.height) return;
  const edge = box.x + box.width;
  if (isLabelled) chip(g, `raised ${clock(view.raisedUs)}`, { x: edge - 18, y: y - 4, align: 'right' }, DARK_CHIP);
  g.fillStyle = tokens['amber-fill'];
  g.strokeStyle = tokens['on-amber'];
  g.lineWidth = 1;
  g.beginPath();
  g.moveTo(edge - 3, y);
  g.lineTo(edge - 15, y - 7);
  g.lineTo(edge - 15, y + 7);
  g.closePath();
  g.fill();
  g.stroke();
}
