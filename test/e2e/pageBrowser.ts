import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { build } from 'vite';
import { expect } from 'vitest';

export const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  // WebGL without a graphics card, for those pages that ask for it.
  '--enable-unsafe-swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Builds the page into a folder of its own. */
export async function buildPage(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'page-'));
  const root = new URL('../../dashboards/web', import.meta.url).pathname;
  await build({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'warn', build: { outDir } });
  return outDir;
}

export const launchBrowser = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

export const textOf = (shown: Page, name: string) => shown.getByTestId(name).first().innerText();

/** Waits for what a busy machine may take seconds for. */
export const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 8000, interval: 30 });

export async function sees(shown: Page, name: string, wanted: string | RegExp, ms = 8000): Promise<void> {
  await expect
    .poll(() => textOf(shown, name), { timeout: ms, interval: 30 })
    .toMatch(typeof wanted === 'string' ? new RegExp(`^${wanted}$`) : wanted);
}

/** HSL saturation of the computed colours of the tiles and their text, as far as they are shown. */
export function tileSaturations(shown: Page): Promise<number[]> {
  return shown.evaluate(() =>
    [...document.querySelectorAll('.tile, .tile *, .card, .card *')].flatMap((element) => {
      if (element.getClientRects().length === 0) return [];
      const style = getComputedStyle(element);
      return [style.color, style.backgroundColor, style.borderTopColor].flatMap((colour) => {
        const [r = 0, g = 0, b = 0, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
        const high = Math.max(r, g, b);
        const low = Math.min(r, g, b);
        return alpha === 0 || high === low ? [] : [(high - low) / (high + low > 255 ? 510 - high - low : high + low)];
      });
    }),
  );
}

/** Pixels of the waterfall, [4 width height], whatever paints it. */
export async function waterfallPixels(shown: Page): Promise<{ width: number; height: number; data: Uint8Array }> {
  const { width, height, text } = await shown.evaluate(() => {
    const ground = document.querySelector<HTMLCanvasElement>('#waterfall');
    const copy = document.createElement('canvas');
    copy.width = ground?.width ?? 0;
    copy.height = ground?.height ?? 0;
    const g = copy.getContext('2d');
    if (ground !== null) g?.drawImage(ground, 0, 0);
    const { data } = g?.getImageData(0, 0, copy.width, copy.height) ?? { data: new Uint8ClampedArray(0) };
    let text = '';
    for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
    return { width: copy.width, height: copy.height, text: btoa(text) };
  });
  return { width, height, data: Buffer.from(text, 'base64') };
}

/** Share of the waterfall's pixels that have a hue, and a sum that changes with the picture. */
export async function waterfallOf(shown: Page): Promise<{ hued: number; sum: number; painted: number }> {
  const { data } = await waterfallPixels(shown);
  let hued = 0;
  let sum = 0;
  let painted = 0;
  for (let i = 0; i < data.length; i += 4) {
    const [r = 0, g = 0, b = 0] = [data[i], data[i + 1], data[i + 2]];
    if (data[i + 3] !== 0) painted++;
    if (Math.max(r, g, b) - Math.min(r, g, b) > 40) hued++;
    sum = (sum + r * (i % 9973)) % 1e9;
  }
  return { hued: hued / (data.length / 4), sum, painted: painted / (data.length / 4) };
}
