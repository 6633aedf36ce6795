import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/requirement.ts';
import { start, type Running } from '../support/operando.ts';
import { CHROMIUM, launchBrowser } from './pageBrowser.ts';

const word = (page: Page, name: string): Promise<string> => page.getByTestId(name).innerText();
const shows = (page: Page, name: string, pattern: RegExp, timeout: number): Promise<unknown> =>
  page.getByTestId(name).filter({ hasText: pattern }).waitFor({ timeout });
/** A picture of the waterfall's canvas. */
const waterfall = (page: Page): Promise<string> =>
  page.locator('#waterfall').evaluate((element) => {
    const canvas = element instanceof HTMLCanvasElement ? element : element.querySelector('canvas');
    return canvas?.toDataURL() ?? '';
  });

describe.runIf(needs('servers', 'chromium', existsSync(CHROMIUM)))('the demonstration, in a browser', () => {
  let monitor: Running;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    monitor = start(['demo', '--port', '0'], tmpdir());
    const url = (await monitor.shows(/^page (http:\/\/127\.0\.0\.1:\d+\/)/m))[1]!;
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    await page.goto(url);
  });
  afterAll(async () => {
    await browser.close();
    monitor.child.kill('SIGKILL');
    await monitor.done;
  });

  it('is live, and its waterfall moves', async () => {
    await shows(page, 'data-word', /^LIVE$/, 5000);
    const before = await waterfall(page);
    expect(before.length).toBeGreaterThan(1000);
    await expect.poll(() => waterfall(page), { timeout: 5000 }).not.toBe(before);
  });

  it('is quiet until the new phase comes, and says where it is and since when within 40 s', async () => {
    await shows(page, 'change-word', /^No change$/, 15_000);
    await shows(page, 'change-word', /^CHANGE at 27/, 40_000);
    expect(await word(page, 'alarms')).toMatch(/27\.\d.*2θ/s);
    expect(await word(page, 'ev-region')).toMatch(/27\.\d/);
    expect(await word(page, 'ev-onset')).toMatch(/\d\d:\d\d:\d\d.*±/s);
    expect(await word(page, 'ev-far')).toMatch(/one per 8\sh of quiet data/);
    expect(await page.getByTestId('region').count()).toBeGreaterThan(0);
    expect(monitor.out()).toMatch(/WARNING +Pattern changed at/);
  });

  it('does not look alive when the monitor is dead', async () => {
    monitor.child.kill('SIGKILL');
    await shows(page, 'data-word', /^DISCONNECTED$/, 5000);
    await shows(page, 'permit-word', /^BEAM UNKNOWN$/, 1000);
  });
});
