const NAMES = [
  'bg',
  'panel',
  'raised',
  'line',
  'edge',
  't1',
  't2',
  't3',
  'now',
  'ref',
  'band',
  'amber',
  'amber-fill',
  'on-amber',
  'red-fill',
  'on-red',
  'blue',
  'blue-fill',
  'void',
  'gain',
  'loss',
  'middle',
] as const;
export type Tokens = Readonly<Record<(typeof NAMES)[number], string>>;

/** The colours of the present theme, for canvases. */
export function readTokens(): Tokens {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Tokens;
}

/** '#rrggbb' -> [r, g, b] */
export function rgb(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

export function font(size: number, weight = 400): string {
  return `${weight} ${size}px "IBM Plex Sans Variable", system-ui, sans-serif`;
}

/** Sizes a canvas to its box and the screen's pixels (at most two per CSS pixel), and clears it. */
export function fit(canvas: HTMLCanvasElement): { g: CanvasRenderingContext2D; width: number; height: number } {
  const width = Math.max(1, canvas.clientWidth);
  const height = Math.max(1, canvas.clientHeight);
  const ratio = Math.min(2, devicePixelRatio || 1);
  const w = Math.round(width * ratio);
  const h = Math.round(height * ratio);
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const g = canvas.getContext('2d');
  if (g === null) throw new Error('the browser draws no canvas');
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.clearRect(0, 0, width, height);
  return { g, width, height };
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Slanted lines over a box. */
export function hatch(g: CanvasRenderingContext2D, box: Box, colour: string, alpha: number): void {
  g.beginPath();
  g.rect(box.x, box.y, box.width, box.height);
  hatchPath(g, box, colour, alpha);
}

/** Slanted lines over the part of a box that is inside the present path. */
export function hatchPath(g: CanvasRenderingContext2D, box: Box, colour: string, alpha: number): void {
  g.save();
  g.clip();
  g.globalAlpha = alpha;
  g.strokeStyle = colour;
  g.lineWidth = 1.5;
  g.beginPath();
  for (let x = box.x - box.height; x < box.x + box.width; x += 7) {
    g.moveTo(x, box.y + box.height);
    g.lineTo(x + box.height, box.y);
  }
  g.stroke();
  g.restore();
}

/** Colours of a chip that lies on the waterfall, in both themes. */
export const DARK_CHIP = { fill: 'rgba(0, 0, 0, 0.66)', text: '#ffffff' } as const;

/** A label on a filled box, its middle at `y`. */
export function chip(
  g: CanvasRenderingContext2D,
  text: string,
  at: { x: number; y: number; align: 'left' | 'right' },
  colours: { fill: string; text: string },
): void {
  g.font = font(12.5, 600);
  const width = g.measureText(text).width + 10;
  const x = at.align === 'right' ? at.x - width : at.x;
  const y = Math.max(0, at.y - 9);
  g.fillStyle = colours.fill;
  g.fillRect(x, y, width, 18);
  g.fillStyle = colours.text;
  g.textAlign = 'left';
  g.textBaseline = 'middle';
  g.fillText(text, x + 5, y + 9.5);
}
