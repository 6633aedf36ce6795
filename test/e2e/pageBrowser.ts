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

export async function sees(shown: Page, name: string, wanted: string | RegExp, ms = 4000): Promise<void> {
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
