import { existsSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/requirement.ts';
import { CHROMIUM, eventually, sees } from './pageBrowser.ts';
import { LARGE, startPageSession, type PageSession } from './pageSession.ts';
import { permitStand, type PermitStand } from './permitStand.ts';

const isReady = needs('servers', 'chromium', existsSync(CHROMIUM));
let session: PageSession;
let stand: PermitStand;

const focused = (shown: Page) => shown.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? '');
/** What Tab comes to, one after the other. */
async function tabbed(shown: Page, count: number): Promise<string[]> {
  const names: string[] = [];
  for (let k = 0; k < count; k++) {
    await shown.keyboard.press('Tab');
    names.push(await focused(shown));
  }
  return names;
}

describe.skipIf(!isReady)('the page without a mouse, without colour, without sight', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    session = await startPageSession('page');
  }, 60_000);
  afterEach(async () => {
    await session.shut();
    stand.end();
  });
  afterAll(() => session?.end());

  it('is reached by keyboard: permit, alarms, plots, transport', async () => {
    stand = permitStand({}, { changeAt: 20 });
    stand.status();
    stand.playDose(60);
    const shown = await session.open(stand, { size: LARGE, alarm: stand.alarm });
    await sees(shown, 'change-word', /^CHANGE/);
    await eventually(() => shown.getByTestId('play').isDisabled()).toBe(false);
    const order = await tabbed(shown, 40);
    const places = ['stop', 'alarm', 'scale-linear', 'view-residual', 'play', 'export'].map((name) =>
      order.indexOf(name),
    );
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    const ring = await shown.getByTestId('stop').evaluate((button) => {
      button.focus();
      return Number.parseFloat(getComputedStyle(button).outlineWidth);
    });
    expect(ring).toBeGreaterThanOrEqual(2.5);
  });

  it.each([
    ['?', 'keys', 'keys-close'],
    ['e', 'export-dialog', 'export-close'],
  ] as const)('keeps the focus inside a dialog and gives it back: %s', async (key, dialog, last) => {
    stand = permitStand();
    stand.status();
    stand.playDose(5);
    const shown = await session.open(stand);
    await sees(shown, 'permit-word', 'BEAM PERMITTED');
    await shown.getByTestId('stop').focus();
    await shown.keyboard.press(key);
    expect(await shown.getByTestId(dialog).isVisible()).toBe(true);
    const inside = await tabbed(shown, 12);
    expect(inside).toContain(last);
    // The browser's own bar, which has no name here, is the one other place that Tab comes to.
    const strangers = inside.filter((name) => !name.startsWith(dialog.split('-')[0]!) && name !== '');
    expect(strangers).toEqual([]);
    await shown.keyboard.press('Escape');
    expect(await shown.getByTestId(dialog).isVisible()).toBe(false);
    expect(await focused(shown)).toBe('stop');
  });

  it('tells what every picture shows, and announces the permit, the banner and the alarms, not the ages', async () => {
    stand = permitStand({}, { changeAt: 20 });
    stand.status();
    stand.playDose(60);
    const shown = await session.open(stand);
    await sees(shown, 'change-word', /^CHANGE/);
    const silent = await shown.locator('canvas:not([aria-hidden="true"])').evaluateAll((all) =>
      all
        .filter((canvas) => canvas.closest('.uplot') === null)
        .filter(
          (canvas) => canvas.getAttribute('role') !== 'img' || (canvas.getAttribute('aria-label') ?? '').length < 5,
        )
        .map((canvas) => canvas.id),
    );
    expect(silent).toEqual([]);
    await eventually(() => shown.getByTestId('plot').getAttribute('aria-label')).toMatch(
      /^Spectrum, residual and waterfall at .* Changed for /,
    );
    const regions = await shown
      .locator('[aria-live], [role="status"]')
      .evaluateAll((all) =>
        all.map((region) => [region.getAttribute('data-testid') ?? '', region.getAttribute('aria-live') ?? 'status']),
      );
    const live = Object.fromEntries(regions) as Record<string, string>;
    expect(live).toMatchObject({
      'spoken-permit': 'assertive',
      'spoken-alarm': 'polite',
      'spoken-banner': 'status',
    });
    for (const name of ['data-age', 'change-age', 'rate', 'clock']) expect(live).not.toHaveProperty(name);
    stand.say({ state: 'stopped', desired: 'closed', observed: 'closed', cause: 'by hand', confirmedMs: 38 });
    await eventually(() => shown.getByTestId('spoken-permit').textContent()).toMatch(/^BEAM STOPPED\. by hand/i);
  });

  it('tells each state by its shape and border, without colour', async () => {
    stand = permitStand({}, { changeAt: 20 });
    stand.status();
    stand.playDose(10);
    const shown = await session.open(stand);
    await sees(shown, 'change-word', /^No change$/);
    const lookOf = (tile: string) =>
      shown.locator(tile).evaluate((element) => {
        const { borderStyle, borderWidth } = getComputedStyle(element);
        return [element.querySelector('.head use')?.getAttribute('href'), borderStyle, borderWidth].join(' ');
      });
    const looks = [await lookOf('#change')];
    stand.playDose(50);
    await sees(shown, 'change-word', /^CHANGE/);
    looks.push(await lookOf('#change'));
    stand.run.clearAlert(stand.sink);
    await sees(shown, 'change-word', 'Changed, now back');
    looks.push(await lookOf('#change'));
    expect(new Set(looks).size).toBe(looks.length);
    const data = [await lookOf('#data')];
    stand.pass(60_000);
    await sees(shown, 'data-word', 'STALE');
    data.push(await lookOf('#data'));
    expect(new Set(data).size).toBe(2);
  });
});
