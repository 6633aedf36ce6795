import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AcceptAnswer, AcceptCommand, AcceptRequest } from '../../src/model/operatorCommand.ts';
import { startPageServer, type PageServer } from '../../src/server/pageServer.ts';
import { needs } from '../support/requirement.ts';
import {
  buildPage,
  CHROMIUM,
  eventually,
  launchBrowser,
  sees,
  textOf,
  tileSaturations,
  waterfallOf,
} from './pageBrowser.ts';
import { standOf, type Stand } from './pageStand.ts';

let webRoot = '';
let browser: Browser;
let server: PageServer | null = null;
let page: Page | null = null;
let troubles: string[] = [];

async function open(
  stand: Stand,
  size: { width: number; height: number } = { width: 1366, height: 768 },
  accept?: AcceptCommand,
): Promise<Page> {
  server = await startPageServer({ feed: stand.feed, port: 0, token: null, webRoot, accept });
  page = await browser.newPage({ viewport: size });
  troubles = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  await page.goto(`${server.url}#theme=dark`);
  return page;
}

const isReady = needs('servers', 'chromium', existsSync(CHROMIUM));

describe.skipIf(!isReady)('the live page in a browser', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    webRoot = await buildPage();
    browser = await launchBrowser();
  }, 60_000);
  afterEach(async () => {
    await page?.close();
    await server?.close();
    page = server = null;
  });
  afterAll(async () => {
    await browser?.close();
    await rm(webRoot, { recursive: true, force: true });
  });

  it('is grey while all is well, the waterfall included', async () => {
    const stand = standOf();
    stand.status();
    stand.play(200);
    const shown = await open(stand);
    await sees(shown, 'data-word', 'LIVE');
    await sees(shown, 'change-word', 'No change');
    await eventually(async () => (await waterfallOf(shown)).painted).toBeGreaterThan(0.5);
    expect(Math.max(...(await tileSaturations(shown)))).toBeLessThanOrEqual(0.2);
    // Chance colours about one cell of the screen, and a cell is a few pixels.
    expect((await waterfallOf(shown)).hued).toBeLessThan(1e-4);
    expect(await textOf(shown, 'change-sub')).toMatch(/highest statistic 0\.\d\d of threshold/);
    expect(await textOf(shown, 'dose-spent')).toBe('15.0');
    expect(troubles).toEqual([]);
  });

  it('shows a change with its region, onset and evidence', async () => {
    const stand = standOf({ changeAt: 150, delay: 12 });
    stand.status();
    stand.play(150);
    const shown = await open(stand);
    await sees(shown, 'change-word', 'No change');
    stand.play(60);
    await sees(shown, 'change-word', /^CHANGE at 30\.9° 2θ/);
    await sees(shown, 'change-sub', /since \d\d:\d\d:\d\d ±.20.s at \d+(\.\d)?.°C, 5 regions, 2 of 3 detectors/);
    await sees(shown, 'alarm-count', /^1 unacknowledged, 1 active/);
    expect(await textOf(shown, 'alarm')).toContain('Unacknowledged');
    expect(await textOf(shown, 'ev-stat')).toMatch(/^14\.2 against 9\.1$/);
    expect(await textOf(shown, 'ev-far')).toMatch(/one per 8.h of quiet data/);
    expect(await textOf(shown, 'ev-region')).toMatch(/30\.45–31\.35°/);
    expect(await textOf(shown, 'ev-onset')).toContain('±');
    await eventually(() => shown.getByTestId('region').count()).toBe(5);
    await sees(shown, 'region', /σ|[+−]\d+/);
    await eventually(async () => (await waterfallOf(shown)).hued).toBeGreaterThan(0.002);
    stand.run.clearAlert(stand.feed);
    await sees(shown, 'change-word', 'Changed, now back');
    await sees(shown, 'alarm-count', /^1 unacknowledged, 0 active/);
    expect(troubles).toEqual([]);
  });

  it('tells what each detector does: statistic, threshold, drift with its error, dispersion, trim', async () => {
    const stand = standOf();
    stand.status();
    stand.play(60);
    const shown = await open(stand, { width: 1920, height: 1080 });
    await sees(
      shown,
      'detectors',
      /Region scan\s+\d+\.\d+ of 9\.10\s+gain [01]\.\d{3}.±.0\.003, shift \(−0\.0\d+.±.0\.002\)°/,
    );
    const texts = await shown.getByTestId('detector-estimates').allInnerTexts();
    expect(texts.slice(1).map((text) => text.replaceAll('\u00a0', ' '))).toEqual([
      'broadening (0.010 ± 0.004)°, dispersion 1.31',
      'trim +0.420, trim waits 120 frames (evidence is high)',
    ]);
  });

  it('takes a new state for the reference, and shows it only when the monitor has confirmed', async () => {
    const stand = standOf({ changeAt: 60 });
    stand.status();
    stand.play(120);
    const asked: AcceptRequest[] = [];
    let confirm: (answer: AcceptAnswer) => void = () => undefined;
    const shown = await open(stand, undefined, (request) => {
      asked.push(request);
      return new Promise((resolve) => (confirm = resolve));
    });
    await sees(shown, 'ev-form', 'peak, gained \\(\\+\\)');
    await shown.getByTestId('accept-by').fill('mk');
    await shown.getByTestId('accept').click();
    await sees(shown, 'accept', 'Accepting…');
    expect(await shown.getByTestId('accept').isDisabled()).toBe(true);
    await eventually(() => asked).toMatchObject([{ by: 'mk', via: 'page' }]);
    await sees(shown, 'alarm-count', /^1 unacknowledged, 1 active/);
    const { id } = asked[0]!;
    confirm({ id, isDone: true, detail: 'Accepted (act 1).' });
    await sees(shown, 'accept', 'Accept as new reference');
    expect(await shown.getByTestId('accept').isDisabled()).toBe(true);
    stand.feed.noteAct({ id, by: 'mk', via: 'page', count: 1, afterUs: { detector: 0 } });
    stand.run.accept(stand.feed, 40);
    stand.play(10);
    await sees(shown, 'alarm', /Accepted as new reference by mk \d\d:\d\d:\d\d/);
    await sees(shown, 'alarm-count', /^0 unacknowledged, 0 active/);
    await sees(shown, 'change-word', 'Not watching');
    await sees(shown, 'change-sub', /learning the reference .*25.%/);
    await sees(shown, 'detector-statistic', /^learning 25.%$/);
    expect(await shown.getByTestId('evidence').count()).toBe(0);
    stand.play(40);
    await sees(shown, 'change-word', 'No change');
    expect(await shown.getByTestId('detector-learned').first().isVisible()).toBe(false);
    expect(troubles).toEqual([]);
  });

  it('says that nothing was confirmed when the monitor is silent, and repeats the same command', async () => {
    const stand = standOf({ changeAt: 60 });
    stand.status();
    stand.play(120);
    const asked: AcceptRequest[] = [];
    const shown = await open(stand, undefined, (request) => {
      asked.push(request);
      return asked.length === 1
        ? new Promise(() => undefined)
        : Promise.resolve({ id: request.id, isDone: false, detail: 'No frame has come yet.' });
    });
    await shown.getByTestId('accept').click();
    const clickedMs = performance.now();
    await sees(shown, 'accept-note', /^Not confirmed, try again/);
    expect(performance.now() - clickedMs).toBeGreaterThan(1900);
    expect(await textOf(shown, 'alarm')).toContain('Unacknowledged');
    await sees(shown, 'change-word', /^CHANGE/);
    await shown.getByTestId('accept').click();
    await sees(shown, 'accept-note', 'No frame has come yet.');
    expect(asked.map(({ id }) => id)).toEqual([asked[0]!.id, asked[0]!.id]);
    await shown.getByTestId('accept').click();
    await eventually(() => asked.length).toBe(3);
    expect(asked[2]!.id).not.toBe(asked[0]!.id);
    expect(troubles).toEqual([]);
  });

  it('accepts nothing in a replay, nor without a link, and says why', async () => {
    const stand = standOf({ changeAt: 20 });
    stand.status({ mode: 'replay', speed: 4 });
    stand.play(60);
    const shown = await open(stand, { width: 1920, height: 1080 });
    await sees(shown, 'accept-note', 'Commands are off: this is a replay.');
    expect(await shown.getByTestId('accept').isDisabled()).toBe(true);
    stand.status();
    await eventually(() => shown.getByTestId('accept').isDisabled()).toBe(false);
    await server?.close();
    await sees(shown, 'accept-note', 'No link to the monitor.');
    expect(await shown.getByTestId('accept').isDisabled()).toBe(true);
  });

  it('tells of a sink that is down without a word of doubt about the data', async () => {
    const stand = standOf();
    const link = {
      id: 'InfluxDB',
      role: 'sink',
      state: 'down',
      detail: '18 340 points wait on disk; none lost',
    } as const;
    stand.status({ links: [link] });
    stand.play(30);
    const shown = await open(stand, { width: 1920, height: 1080 });
    await sees(shown, 'banner', /InfluxDB unreachable for .*not affected.*18 340 points/s);
    await sees(shown, 'data-word', 'LIVE');
    expect(await textOf(shown, 'sinks')).toBe('InfluxDB down');
  });

  it('opens with a token once, and keeps it out of the address', async () => {
    const stand = standOf();
    stand.status();
    stand.play(5);
    server = await startPageServer({ feed: stand.feed, port: 0, token: 'open sesame', webRoot });
    page = await browser.newPage();
    await page.goto(`${server.url}?token=open%20sesame`);
    await sees(page, 'data-word', 'LIVE');
    expect(page.url()).not.toContain('sesame');
    await page.reload();
    await sees(page, 'data-word', 'LIVE');
  });
});
