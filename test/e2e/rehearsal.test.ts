import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/requirement.ts';
import { start, type Running } from '../support/operando.ts';
import { CHROMIUM, launchBrowser } from './pageBrowser.ts';

const shows = (page: Page, name: string, pattern: RegExp, timeout: number): Promise<unknown> =>
  page.getByTestId(name).filter({ hasText: pattern }).waitFor({ timeout });

describe.runIf(needs('servers', 'chromium', existsSync(CHROMIUM)))('the rehearsal of a beam that is stopped', () => {
  let monitor: Running;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    monitor = start(['demo', '--scenario', 'eels-beam-damage:damage', '--port', '0'], tmpdir());
    const url = (await monitor.shows(/^page (http:\/\/127\.0\.0\.1:\d+\/)/m))[1]!;
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    await page.goto(url);
  });
  afterAll(async () => {
    await browser.close();
    monitor.child.kill('SIGTERM');
    await monitor.done;
  });

  it('arms by itself, shows the damage grow, and stops before the tolerance', { timeout: 90_000 }, async () => {
    await shows(page, 'permit-word', /^BEAM PERMITTED$/, 20_000);
    await shows(page, 'permit-word', /^BEAM STOPPED$/, 60_000);
    expect(await page.getByTestId('permit-sub').innerText()).toMatch(/Damage response/);
    expect(monitor.out()).toMatch(/BEAM STOPPED at frame \d+: Damage response.*limit 5 %/);
    expect(monitor.out()).not.toMatch(/the tolerance is passed with a probability/);
    await page.screenshot({ path: 'test-output/permit/rehearsal.png' });
  });

  it('does not go on while the cause stands', async () => {
    const answer = await page.evaluate(async () => {
      const response = await fetch('/api/v1/permit', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ command: 'rearm', id: 'again', by: 'mk', reason: 'a little more' }),
      });
      return { status: response.status, body: (await response.json()) as { detail: string } };
    });
    expect(answer.status).toBe(409);
    // With the beam off the forecast may fall below its limit again, while the alert it raised still stands.
    expect(answer.body.detail).toMatch(/The cause stands: (Damage response|Critical alerts: Damage)/);
    await shows(page, 'permit-word', /^BEAM STOPPED$/, 1000);
  });
});
