import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../dashboards/web/src/tokens.css', import.meta.url), 'utf8');

function tokensOf(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf('}', start));
  return new Map(Array.from(block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g), (m) => [m[1] ?? '', m[2] ?? '']));
}

/** Relative luminance, WCAG 2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** Text on background, and the least contrast. */
const TEXT = [
  ['t1', 'panel'],
  ['t1', 'bg'],
  ['t1', 'raised'],
  ['t2', 'panel'],
  ['t2', 'bg'],
  ['t2', 'raised'],
  ['t3', 'panel'],
  ['t3', 'bg'],
  ['amber', 'panel'],
  ['red', 'panel'],
  ['blue', 'panel'],
  ['void', 'panel'],
  ['on-amber', 'amber-fill'],
  ['on-red', 'red-fill'],
  ['on-blue', 'blue-fill'],
] as const;
const MARKS = [
  ['now', 'panel'],
  ['ref', 'panel'],
  ['ref', 'bg'],
  ['edge', 'panel'],
  ['edge', 'bg'],
  ['focus', 'panel'],
  ['gain', 'middle'],
  ['loss', 'middle'],
  // The border that every amber fill has.
  ['amber', 'panel'],
] as const;

describe.each([
  ['dark', ':root'],
  ['light', "[data-theme='light']"],
])('colours of the %s theme', (_, selector) => {
  const tokens = tokensOf(selector);
  const ratio = (front: string, back: string) => contrast(tokens.get(front) ?? '', tokens.get(back) ?? '');

  it.each(TEXT)('let %s be read on %s', (front, back) => {
    expect(ratio(front, back)).toBeGreaterThanOrEqual(4.5);
  });
  it.each(MARKS)('let %s be seen on %s', (front, back) => {
    expect(ratio(front, back)).toBeGreaterThanOrEqual(3);
  });
  it('keep grey when all is well: what is neutral has hardly a hue', () => {
    for (const name of ['bg', 'panel', 'raised', 'line', 'edge', 't1', 't2', 't3', 'now', 'middle']) {
      const value = tokens.get(name) ?? '';
      const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(value.slice(at, at + 2), 16));
      const high = Math.max(r, g, b);
      const low = Math.min(r, g, b);
      expect((high - low) / (high + low > 255 ? 510 - high - low : high + low), name).toBeLessThan(0.2);
    }
  });
});
