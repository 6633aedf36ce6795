import type { Scene } from './scene.ts';
import { font } from './tokens.ts';

/** The whole run at the far left: width is the highest statistic; the frame shows what the waterfall covers. */
export function drawRunStrip({ g, geometry, tokens, model, rows, map, offset, endRow }: Scene): void {
  const { x, y, width, height } = geometry.run;
  g.fillStyle = tokens.bg;
  g.fillRect(x, y, width, height);
  const run = model.run;
  const bins = run?.values.length ?? 0;
  if (run !== null && bins > 0) {
    const step = height / bins;
    run.values.forEach((value, k) => {
      if (value === null) return;
      g.fillStyle = value > 1 ? tokens['amber-fill'] : tokens.t3;
      const length = Math.min(1, Math.log1p(value * 3) / Math.log1p(15)) * width;
      const top = Math.floor(y + height - (k + 1) * step);
      g.fillRect(x, top, Math.max(1, length), Math.ceil(y + height - k * step) - top);
    });
    const spanUs = bins * run.binUs;
    const oldest = Math.max(rows.first, map.rowAt(geometry.waterfall.y + height - offset));
    const covered = (timeUs: number) =>
      y + height - (Math.min(spanUs, Math.max(0, timeUs - run.startUs)) / spanUs) * height;
    const from = covered(rows.startUs(oldest));
    const to = endRow < rows.next ? covered(rows.endUs(endRow - 1)) : y;
    if (from - y < height - 3 || to > y) {
      g.strokeStyle = tokens.t1;
      g.lineWidth = 2;
      g.strokeRect(x + 1, to + 1, width - 2, Math.max(3, from - to - 1));
    }
  }
  g.strokeStyle = tokens.edge;
  g.lineWidth = 1;
  g.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  g.fillStyle = tokens.t1;
  g.font = font(13, 550);
  g.textAlign = 'left';
  g.textBaseline = 'bottom';
  g.fillText('Run', x, y - 2);
}
