import { existsSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/requirement.ts';
import { CHROMIUM, eventually, sees } from './pageBrowser.ts';
import { LARGE, SMALL, startPageSession, TABLET, type PageSession } from './pageSession.ts';
import { permitStand, type PermitStand } from './permitStand.ts';

const CLOSED = { desired: 'closed', observed: 'closed', leaseLeftMs: 0 } as const;
const isReady = needs('servers', 'chromium', existsSync(CHROMIUM));
const INFLUX = {
  id: 'InfluxDB',
  role: 'sink',
  state: 'down',
  detail: 'connection refused',
  spool: { waitingCount: 18_340, bytes: 1.9e8, capBytes: 1e9, oldestMs: Date.now() - 252_000, trouble: '' },
} as const;

let session: PageSession;
let stand: PermitStand;
/** Writes a frame now and then, so that nothing turns stale while a busy machine looks. */
let alive: ReturnType<typeof setInterval>;

interface State {
  readonly name: string;
  bring(shown: Page): Promise<void> | void;
  readonly word: readonly [testId: string, text: RegExp];
}

/** One after the other on one page, as a long day would bring them. */
const STATES: readonly State[] = [
  { name: 'waiting', bring: () => undefined, word: ['data-word', /^WAITING$/] },
  {
    name: 'quiet',
    bring() {
      stand.say({ state: 'permitted', desired: 'open', observed: 'open', confirmedMs: 22, leaseLeftMs: 420 });
      stand.playDose(380);
    },
    word: ['change-word', /^No change$/],
  },
  { name: 'changed', bring: () => stand.playDose(400), word: ['change-word', /^CHANGE at 30\.9/] },
  {
    name: 'review',
    async bring(shown) {
      const box = await shown.locator('#waterfall').boundingBox();
      if (box !== null) await shown.mouse.click(box.x + 60, box.y + box.height / 3);
    },
    word: ['data-word', /^REVIEW$/],
  },
  {
    name: 'replay',
    async bring(shown) {
      await shown.keyboard.press('l');
      stand.status({ mode: 'replay', speed: 4 });
      stand.playDose(1);
    },
    word: ['data-word', /^REPLAY 4×$/],
  },
  {
    name: 'influx',
    bring() {
      stand.status({ links: [INFLUX] });
      stand.playDose(1);
    },
    word: ['banner', /InfluxDB/],
  },
  {
    name: 'unsure',
    bring() {
      stand.status();
      stand.playDose(1);
      const cause = 'Damage response: P(over tolerance after the next frame) 0.062, limit 0.05';
      stand.say({ ...CLOSED, state: 'stopped', observed: 'open', confirmedMs: null, tries: 12, cause });
    },
    word: ['permit-word', /^STOP NOT CONFIRMED$/],
  },
  {
    name: 'stopped',
    bring: () => stand.say({ observed: 'closed', confirmedMs: 38 }),
    word: ['permit-word', /^BEAM STOPPED$/],
  },
  {
    name: 'rearm',
    bring: (shown) => shown.getByTestId('rearm').click(),
    word: ['rearm-title', /^Re-arm the beam permit\?$/],
  },
  {
    name: 'stale',
    async bring(shown) {
      clearInterval(alive);
      await shown.keyboard.press('Escape');
      stand.pass(60_000);
      stand.say({ state: 'withheld', cause: 'detector fresh: last 60 s ago, limit 15 s' });
    },
    word: ['data-word', /^STALE$/],
  },
  { name: 'disconnected', bring: () => session.server.close(), word: ['data-word', /^DISCONNECTED$/] },
];

/** What does not fit. */
function misfits(shown: Page) {
  return shown.evaluate(() => {
    const seen = (element: HTMLElement) => element.offsetParent !== null;
    const isTablet = innerWidth <= 1100;
    const bottom = (name: string) => document.querySelector(name)?.getBoundingClientRect().bottom ?? 9999;
    return {
      width: document.documentElement.scrollWidth,
      height: document.documentElement.scrollHeight,
      tooWide: [...document.querySelectorAll<HTMLElement>('.head, .sub, .ti, #permit .why, #ban, #trans')]
        .filter((element) => seen(element) && element.scrollWidth > element.clientWidth + 1)
        .map((element) => element.textContent),
      tooLow: [...document.querySelectorAll<HTMLElement>('button')]
        .filter((button) => isTablet && seen(button))
        .filter((button) => button.getBoundingClientRect().height < (button.closest('.ph') === null ? 44 : 28))
        .map((button) => button.textContent),
      tooFar: isTablet ? ['#permit', '#change', '#main'].filter((name) => bottom(name) > innerHeight) : [],
    };
  });
}

describe.skipIf(!isReady)('the page fits its screen in every state', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    session = await startPageSession('page');
  }, 60_000);
  afterEach(async () => {
    clearInterval(alive);
    await session.shut();
    stand.end();
  });
  afterAll(() => session?.end());

  it.each([
    ['dark', LARGE],
    ['light', SMALL],
    ['dark', TABLET],
  ] as const)('18, 19: %s, %o', async (theme, size) => {
    stand = permitStand({ ...CLOSED, state: 'notArmed', confirmedMs: null }, { changeAt: 500, framePeriodUs: 2.5e6 });
    stand.status();
    const shown = await session.open(stand, { size, view: `theme=${theme}`, permit: stand.command });
    alive = setInterval(() => stand.run.seq >= 0 && stand.play(1), 1500);
    for (const { name, bring, word } of STATES) {
      await bring(shown);
      await sees(shown, ...word);
      const { nextRow } = stand.feed;
      const rows = () => shown.getByTestId('main').getAttribute('data-rows').then(Number);
      if (name !== 'waiting') await eventually(rows).toBeGreaterThanOrEqual(nextRow);
      const found = await misfits(shown);
      await session.picture(`${name}-${theme}-${size.width}`);
      expect(found, name).toMatchObject({ width: size.width, tooWide: [], tooLow: [], tooFar: [] });
      if (size !== TABLET) expect(found.height, name).toBe(size.height);
    }
  });
});
