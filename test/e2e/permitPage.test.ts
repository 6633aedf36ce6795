import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startPageServer, type PageServer } from '../../src/server/pageServer.ts';
import { needs } from '../support/requirement.ts';
import { buildPage, CHROMIUM, eventually, launchBrowser, sees, textOf, tileSaturations } from './pageBrowser.ts';
import { LARGE, SMALL, TABLET } from './pageSession.ts';
import { permitStand, STOPPED, type PermitStand } from './permitStand.ts';

/** Pictures for those who want to see what the tests saw. */
const PICTURES = new URL('../../test-output/permit', import.meta.url).pathname;

let webRoot = '';
let browser: Browser;
let server: PageServer | null = null;
let page: Page | null = null;
let stand: PermitStand;
let troubles: string[] = [];

async function open(size: { width: number; height: number } = SMALL, theme = 'dark'): Promise<Page> {
  server = await startPageServer({ feed: stand.feed, port: 0, token: null, webRoot, permit: stand.command });
  page = await browser.newPage({ viewport: size });
  troubles = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  await page.goto(`${server.url}#theme=${theme}`);
  return page;
}

async function shut(): Promise<void> {
  await page?.close();
  await server?.close();
  page = server = null;
  stand.end();
}

const isOff = (shown: Page, name: string) => shown.getByTestId(name).isDisabled();
const focused = (shown: Page) => shown.evaluate(() => document.activeElement?.getAttribute('data-testid'));

/** Opens the dialog and fills it in. */
async function fillRearm(shown: Page): Promise<void> {
  await shown.getByTestId('rearm').click();
  await shown.getByTestId('rearm-by').fill('rs');
  await shown.getByTestId('rearm-reason').fill('moved 200 nm');
}

/**
 * Holds by `press` until the monitor has been asked `count` times; again where the page stood still meanwhile, for then it
 * lets go by itself.
 */
async function holdUntilAsked(count: number, press: () => Promise<void>, release: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < 4 && stand.asked.length < count; tries++) {
    await press();
    const endMs = performance.now() + 4000;
    while (stand.asked.length < count && performance.now() < endMs) await new Promise((r) => setTimeout(r, 50));
    await release();
  }
  expect(stand.asked).toHaveLength(count);
}

const isReady = needs('servers', 'chromium', existsSync(CHROMIUM));

describe.skipIf(!isReady)('the beam permit on the page', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    webRoot = await buildPage();
    await mkdir(PICTURES, { recursive: true });
    browser = await launchBrowser();
  }, 60_000);
  afterEach(shut);
  afterAll(async () => {
    await browser?.close();
    await rm(webRoot, { recursive: true, force: true });
  });

  it('is not armed before there are frames, and arming is off with its reason', async () => {
    stand = permitStand({ state: 'notArmed', desired: 'closed', observed: 'closed', confirmedMs: null });
    stand.status();
    stand.hold('fresh.detector', false);
    const shown = await open();
    await sees(shown, 'permit-word', 'NOT ARMED');
    expect(await isOff(shown, 'rearm')).toBe(true);
    await sees(shown, 'rearm', 'Arm permit…');
    await sees(shown, 'permit-why', 'Arming waits for: detector fresh.');
    stand.play(2);
    stand.hold('fresh.detector', true);
    await eventually(() => isOff(shown, 'rearm')).toBe(false);
    expect(await shown.getByTestId('stop').isVisible()).toBe(false);
    expect(troubles).toEqual([]);
  });

  it('is grey while permitted, and tells when it stops and what is left of the lease', async () => {
    stand = permitStand();
    stand.status();
    stand.playDose(200);
    const shown = await open(LARGE);
    await sees(shown, 'permit-word', 'BEAM PERMITTED');
    await sees(shown, 'permit-sub', /^Stops in 16.min 40.s, at \d\d:\d\d:\d\d, on dose$/);
    expect(await shown.getByTestId('permit-drawing').getAttribute('data-shutter')).toBe('open');
    const lease = () => shown.locator('.lease span').evaluate((bar) => bar.style.width);
    await eventually(lease).toBe('84%');
    stand.say({ leaseLeftMs: 100 });
    await eventually(lease).toBe('20%');
    expect(Math.max(...(await tileSaturations(shown)))).toBeLessThanOrEqual(0.2);
    expect(troubles).toEqual([]);
  });

  it('10: says stopped only when the shutter is read back closed', async () => {
    stand = permitStand();
    stand.status();
    stand.playDose(5);
    const shown = await open();
    await sees(shown, 'permit-word', 'BEAM PERMITTED');
    stand.say({ ...STOPPED, observed: 'open', confirmedMs: null, tries: 1 });
    await sees(shown, 'permit-word', 'STOP NOT CONFIRMED');
    await sees(shown, 'permit-since', /; shutter open, told once$/);
    stand.say({ observed: 'unknown', tries: 7, reportAgeMs: 3400 });
    await sees(shown, 'permit-since', /; shutter unknown for 3\.40.s, told 7.times$/);
    await sees(shown, 'permit-word', 'STOP NOT CONFIRMED');
    stand.say({ ...STOPPED });
    await sees(shown, 'permit-word', 'BEAM STOPPED');
    await sees(
      shown,
      'permit-sub',
      /^Damage response: P\(over tolerance after the next frame\) 0\.062, limit 0\.05\.$/,
    );
    await sees(shown, 'permit-since', /^At \d\d:\d\d:\d\d\.480, beam off confirmed 38.ms later$/);
    expect(await shown.getByTestId('spoken-permit').textContent()).toMatch(/^BEAM STOPPED\. Damage response/);
    stand.say({ isReadBack: false });
    await sees(shown, 'permit-since', /told to close 38.ms later; not read back$/);
  });

  it('12: stops on Shift+B with one command, whatever dialog is open, and not while somebody writes', async () => {
    stand = permitStand();
    stand.status();
    stand.playDose(5);
    const shown = await open();
    await sees(shown, 'permit-word', 'BEAM PERMITTED');
    await shown.keyboard.press('Shift+B');
    await eventually(() => stand.asked.length).toBe(1);
    expect(stand.asked[0]).toMatchObject({ command: 'stop', via: 'page' });
    expect(await shown.locator('dialog[open]').count()).toBe(0);
    await shown.keyboard.press('?');
    await shown.keyboard.press('Shift+B');
    await eventually(() => stand.asked.length).toBe(2);
    // A stop is never taken for an earlier one: the beam may have been granted since.
    expect(stand.asked[1]!.id).not.toBe(stand.asked[0]!.id);
    await shown.keyboard.press('Escape');
    stand.answer({ isDone: false, detail: 'The run has ended.' });
    await shown.getByTestId('stop').click();
    await sees(shown, 'permit-why', 'Refused: The run has ended.');
    stand.answer(null);
    await shown.getByTestId('stop').click();
    await sees(shown, 'stop-text', 'Stopping…');
    await sees(shown, 'permit-why', /^Stop not confirmed, press again/);
    stand.say(STOPPED);
    await shown.getByTestId('rearm').click();
    await shown.getByTestId('rearm-reason').pressSequentially('Beam moved');
    await shown.keyboard.press('Shift+B');
    expect(await shown.getByTestId('rearm-reason').inputValue()).toBe('Beam movedB');
    expect(stand.asked).toHaveLength(4);
  });

  it('12: sends a stop within 50 ms of the key', async () => {
    stand = permitStand();
    stand.status();
    stand.playDose(5);
    const shown = await open();
    await sees(shown, 'permit-word', 'BEAM PERMITTED');
    const tookMs = await shown.evaluate(() => {
      const send = WebSocket.prototype.send;
      return new Promise<number>((resolve) => {
        let pressedMs = 0;
        WebSocket.prototype.send = function (data) {
          if (typeof data === 'string' && data.includes('"stop"')) resolve(performance.now() - pressedMs);
          return send.call(this, data);
        };
        pressedMs = performance.now();
        dispatchEvent(new KeyboardEvent('keydown', { key: 'B', shiftKey: true }));
      });
    });
    expect(tookMs).toBeLessThan(50);
  });

  it('11: is granted again by a hold of two seconds, with a name and a reason, and never by less', async () => {
    stand = permitStand(STOPPED);
    stand.status();
    stand.playDose(5);
    const shown = await open();
    await sees(shown, 'permit-word', 'BEAM STOPPED');
    await shown.getByTestId('rearm').click();
    await sees(shown, 'rearm-title', 'Re-arm the beam permit\\?');
    expect(await focused(shown)).toBe('rearm-keep');
    expect(await shown.getByTestId('condition').count()).toBe(5);
    expect(await isOff(shown, 'rearm-hold')).toBe(true);
    await sees(shown, 'rearm-note', 'Initials and a reason are needed.');
    await shown.getByTestId('rearm-by').fill('rs');
    await shown.getByTestId('rearm-reason').fill('moved 200 nm');
    await eventually(() => isOff(shown, 'rearm-hold')).toBe(false);
    const hold = shown.getByTestId('rearm-hold');
    await hold.click({ delay: 900 });
    await shown.keyboard.press('Escape');
    expect(await shown.getByTestId('rearm-dialog').isVisible()).toBe(false);
    expect(await focused(shown)).toBe('rearm');
    expect(stand.asked).toHaveLength(0);
    await fillRearm(shown);
    await hold.hover();
    await holdUntilAsked(
      1,
      () => shown.mouse.down(),
      () => shown.mouse.up(),
    );
    expect(stand.asked).toMatchObject([{ command: 'rearm', by: 'rs', reason: 'moved 200 nm', via: 'page' }]);
    // Done, but the tile waits for what the monitor shows.
    await eventually(() => shown.getByTestId('rearm-dialog').isVisible()).toBe(false);
    await sees(shown, 'permit-word', 'BEAM STOPPED');
    stand.say({ state: 'permitted', desired: 'open', observed: 'open', cause: '' });
    await sees(shown, 'permit-word', 'BEAM PERMITTED');
    expect(troubles).toEqual([]);
  });

  it('is granted by the space bar too; what the monitor refuses is told, and a repeat has its id only if unanswered', async () => {
    stand = permitStand(STOPPED);
    stand.status();
    stand.playDose(5);
    stand.answer({ isDone: false, detail: 'The cause stands: Damage response.' });
    const shown = await open();
    await fillRearm(shown);
    const press = async () => {
      await shown.getByTestId('rearm-hold').focus();
      await shown.keyboard.down(' ');
    };
    const release = () => shown.keyboard.up(' ');
    await press();
    await shown.waitForTimeout(900);
    await release();
    expect(stand.asked).toHaveLength(0);
    await holdUntilAsked(1, press, release);
    await sees(shown, 'rearm-note', 'Refused: The cause stands: Damage response.');
    stand.answer(null);
    await holdUntilAsked(2, press, release);
    await sees(shown, 'rearm-note', /^Not confirmed, try again/);
    await holdUntilAsked(3, press, release);
    const [first, second, third] = stand.asked.map(({ id }) => id);
    expect(second).not.toBe(first);
    expect(third).toBe(second);
  });

  it('lets go of the hold when a condition turns bad, and shows which', async () => {
    stand = permitStand(STOPPED);
    stand.status();
    stand.playDose(5);
    const shown = await open();
    await fillRearm(shown);
    const box = await shown.getByTestId('rearm-hold').boundingBox();
    if (box === null) throw new Error('no button');
    await shown.mouse.move(box.x + 20, box.y + 20);
    await shown.mouse.down();
    await shown.waitForTimeout(500);
    stand.hold('agreement.channels', false);
    await eventually(() => isOff(shown, 'rearm-hold')).toBe(true);
    await sees(shown, 'rearm-note', 'Not yet: Dose channels agree.');
    expect(await shown.locator('[data-held="false"] .name').innerText()).toBe('Dose channels agree');
    await shown.screenshot({ path: `${PICTURES}/rearm-blocked-dark-1366.png` });
    stand.hold('agreement.channels', true);
    await shown.waitForTimeout(2200);
    await shown.mouse.up();
    expect(stand.asked).toHaveLength(0);
    await shown.keyboard.press('Escape');
    expect(stand.asked).toHaveLength(0);
  });

  it('is withheld when the source falls silent, and unknown when the page loses the monitor', async () => {
    stand = permitStand();
    stand.status();
    stand.playDose(40);
    const shown = await open();
    await sees(shown, 'permit-word', 'BEAM PERMITTED');
    stand.pass(60_000);
    stand.say({ ...STOPPED, state: 'withheld', cause: 'detector fresh: last 1.02 s ago, limit 1 s' });
    stand.hold('fresh.detector', false);
    await sees(shown, 'data-word', 'STALE');
    await sees(shown, 'permit-word', 'BEAM WITHHELD');
    await sees(shown, 'banner', /detector/);
    expect(await isOff(shown, 'rearm')).toBe(true);
    await shown.screenshot({ path: `${PICTURES}/withheld-dark-1366.png` });
    const port = server?.port ?? 0;
    await server?.close();
    await sees(shown, 'data-word', 'DISCONNECTED');
    await sees(shown, 'permit-word', 'BEAM UNKNOWN');
    expect(await isOff(shown, 'stop')).toBe(true);
    expect(await isOff(shown, 'rearm')).toBe(true);
    await shown.keyboard.press('Shift+B');
    server = await startPageServer({ feed: stand.feed, port, token: null, webRoot, permit: stand.command });
    await sees(shown, 'permit-word', 'BEAM WITHHELD');
    expect(stand.asked).toHaveLength(0);
  });

  it('is unknown when the monitor is heard but tells of the permit no more', async () => {
    stand = permitStand();
    stand.status();
    stand.playDose(5);
    const shown = await open();
    await sees(shown, 'permit-word', 'BEAM PERMITTED');
    stand.end();
    await sees(shown, 'permit-word', 'BEAM UNKNOWN');
    await sees(shown, 'permit-sub', /^Last seen permitted\. /);
    expect(await isOff(shown, 'stop')).toBe(true);
  });

  it('shows of a replay what was, and sends nothing', async () => {
    stand = permitStand();
    stand.status({ mode: 'replay', speed: 4 });
    stand.playDose(30);
    const shown = await open(LARGE);
    await sees(shown, 'data-word', 'REPLAY 4×');
    await sees(shown, 'permit-word', 'RECORDED: PERMITTED');
    await sees(shown, 'permit-why', 'Commands are off: this is a replay.');
    expect(await isOff(shown, 'stop')).toBe(true);
    await shown.keyboard.press('Shift+B');
    await shown.waitForTimeout(300);
    expect(stand.asked).toHaveLength(0);
    await shown.screenshot({ path: `${PICTURES}/replay-dark-1920.png` });
  });

  it('tells dose, damage, what can be certified, what could be seen and what is saved', async () => {
    stand = permitStand();
    stand.status();
    stand.playDose(200);
    const shown = await open(LARGE);
    await sees(shown, 'dose-spent', '15.0');
    await sees(shown, 'dose-rate', '0.90 MGy/min, limit 2.25 MGy/min');
    await sees(shown, 'dose-left', /^16.min 40.s at .*, 200 frames$/);
    await sees(shown, 'dose-sample', /^19\.2 MGy$/);
    await sees(shown, 'dose-b', /^differs −1\.3.%$/);
    await sees(shown, 'damage-value', /^Damage 0\.02\d+.±.0\.001\d \(95.%\), tolerance 0\.05$/);
    await sees(shown, 'damage-reach', /^at 32\.8 \(31\.1\u2060–\u206037\.4\) MGy if damage goes on as now$/);
    await sees(shown, 'damage-z', 'Z 12: this sample can be certified at this count rate');
    await sees(shown, 'exposure', /67.% of the dose saved/);
    for (const name of ['detector-floor', 'regions-floor'])
      await sees(shown, name, /^could see: \+26.% in 1.frame, 8\.9.% in 8, 3\.1.% in 64$/);
    stand.playDose(3, 2.1);
    await sees(shown, 'damage-z', /^Z 2\.1: the budget decides, not the data; 4\.2.times the counts would be needed$/);
    const drawn = await shown.locator('#damageplot').evaluate((canvas: HTMLCanvasElement) => {
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return data.filter((_, i) => i % 4 === 3 && data[i] !== 0).length / (data.length / 4);
    });
    expect(drawn).toBeGreaterThan(0.05);
    expect(troubles).toEqual([]);
  });

  it.each([
    ['dark', LARGE],
    ['light', LARGE],
    ['dark', SMALL],
    ['light', SMALL],
    ['dark', TABLET],
    ['light', TABLET],
  ] as const)('fits in the %s theme a screen of %o in every state', async (theme, size) => {
    stand = permitStand({}, { changeAt: 160 });
    stand.status();
    stand.playDose(200);
    const shown = await open(size, theme);
    const states = {
      permitted: {},
      unsure: { ...STOPPED, observed: 'open', confirmedMs: null, tries: 12 },
      stopped: STOPPED,
      notArmed: { ...STOPPED, state: 'notArmed', cause: '', confirmedMs: null },
    } as const;
    await sees(shown, 'permit-word', 'BEAM PERMITTED');
    await sees(shown, 'damage-z', /^Z 12/);
    for (const [name, view] of Object.entries(states)) {
      stand.say(view);
      await eventually(() => textOf(shown, 'permit-word')).toMatch(WORDS[name as keyof typeof states]);
      const found = await shown.evaluate(() => ({
        width: document.documentElement.scrollWidth,
        height: document.documentElement.scrollHeight,
        tooWide: [...document.querySelectorAll<HTMLElement>('.head, .sub, .ti, #permit .why, #dose p, #dose dd')]
          .filter((element) => element.offsetParent !== null && element.scrollWidth > element.clientWidth + 1)
          .map((element) => element.textContent),
        alarms: document.querySelector('#alarms')?.getBoundingClientRect().height ?? 0,
        hidesTransport:
          innerWidth > 1100 &&
          (document.querySelector('#alarms')?.getBoundingClientRect().bottom ?? 0) >
            (document.querySelector('#trans')?.getBoundingClientRect().top ?? 0),
        small: [...document.querySelectorAll('button')]
          .filter((b) => b.offsetParent !== null && innerWidth <= 1100)
          .filter((b) => b.getBoundingClientRect().height < (b.closest('.ph') === null ? 44 : 28))
          .map((b) => b.textContent),
      }));
      await shown.screenshot({ path: `${PICTURES}/${name}-${theme}-${size.width}.png` });
      expect(found, name).toMatchObject({ width: size.width, tooWide: [], small: [], hidesTransport: false });
      if (size !== TABLET) expect(found.height, name).toBe(size.height);
      expect(found.alarms, name).toBeGreaterThan(90);
    }
    stand.say(STOPPED);
    await fillRearm(shown);
    await eventually(() => isOff(shown, 'rearm-hold')).toBe(false);
    await shown.screenshot({ path: `${PICTURES}/rearm-${theme}-${size.width}.png` });
    if (size === TABLET) {
      const low = await shown
        .locator('dialog[open] button')
        .evaluateAll((list) =>
          list.map((button) => button.getBoundingClientRect().height).filter((height) => height < 44),
        );
      expect(low).toEqual([]);
    }
  });

  it('stands still for those who asked for stillness, the hold included', async () => {
    stand = permitStand(STOPPED);
    stand.status();
    stand.playDose(5);
    const shown = await open();
    await shown.emulateMedia({ reducedMotion: 'reduce' });
    await fillRearm(shown);
    expect(await shown.evaluate(() => document.getAnimations().length)).toBe(0);
  });
});

const WORDS = {
  permitted: /^BEAM PERMITTED$/,
  unsure: /^STOP NOT CONFIRMED$/,
  stopped: /^BEAM STOPPED$/,
  notArmed: /^NOT ARMED$/,
} as const;
