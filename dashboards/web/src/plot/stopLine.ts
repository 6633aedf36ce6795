import { clock } from '../format.ts';
import { timeToY, type Scene } from './scene.ts';
import { chip } from './tokens.ts';

/** The clock of the permit may be ahead of the last frame by so much: the source falls silent before the beam is withheld, us. */
const AHEAD_US = 60e6;

/** A red line through everything where the beam was stopped or withheld, as long as it is. */
export function drawStop(scene: Scene): void {
  const { g, geometry, tokens, rows, model } = scene;
  const { permit } = model;
  if (permit === null || (permit.state !== 'stopped' && permit.state !== 'withheld') || rows.next === rows.first)
    return;
  const { sinceUs, state } = permit;
  if (sinceUs < rows.startUs(rows.first) || sinceUs > rows.endUs(rows.next - 1) + AHEAD_US) return;
  const box = geometry.waterfall;
  const y = timeToY(scene, sinceUs);
  if (y < box.y || y > box.y + box.height) return;
  g.strokeStyle = tokens['red-fill'];
  g.lineWidth = 3;
  g.beginPath();
  g.moveTo(box.x - 6, y);
  g.lineTo(geometry.trackX + geometry.trackCount * geometry.trackStep - 2, y);
  g.stroke();
  const at = { x: box.x + 8, y: Math.max(box.y + 10, y - 12), align: 'left' } as const;
  chip(g, `beam ${state} ${clock(sinceUs)}`, at, { fill: tokens['red-fill'], text: tokens['on-red'] });
}
