import { existsSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/requirement.ts';
import { CHROMIUM, eventually, sees, waterfallOf, waterfallPixels } from './pageBrowser.ts';
import { SMALL, startPageSession, type PageSession } from './pageSession.ts';
import { standOf, type Stand } from './pageStand.ts';

const isReady = needs('servers', 'chromium', existsSync(CHROMIUM));
let session: PageSession;

const rendererOf = (shown: Page) => shown.locator('#waterfall').getAttribute('data-renderer');
const paintedRows = (shown: Page) => shown.locator('#waterfall').getAttribute('data-painted-rows').then(Number);

/** What was to be drawn has been. */
const drawn = (shown: Page) =>
  shown.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

async function openWith(stand: Stand, renderer: string, view = ''): Promise<Page> {
  const shown = await session.open(stand, { size: SMALL, view: `theme=dark&renderer=${renderer}${view}` });
  await sees(shown, 'data-word', 'LIVE');
  await eventually(() => shown.getByTestId('main').getAttribute('data-rows')).toBe(String(stand.feed.nextRow));
  await drawn(shown);
  return shown;
}

/** Share of the pixels in which two pictures differ by more than one in 32 of the whole range. */
function differing(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < a.length; i += 4) if ([0, 1, 2, 3].some((k) => Math.abs(a[i + k]! - b[i + k]!) > 8)) count++;
  return count / (a.length / 4);
}

describe.skipIf(!isReady)('the waterfall', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    session = await startPageSession('page');
  }, 60_000);
  afterEach(() => session.shut());
  afterAll(() => session?.end());

  it('is the same by WebGL and without it, in every view', async () => {
    const pictures: Record<string, Awaited<ReturnType<typeof waterfallPixels>>[]> = {};
    for (const renderer of ['webgl', 'canvas']) {
      const stand = standOf({ changeAt: 150 });
      stand.status();
      // More rows than lines of the screen, so that lines hold several.
      stand.play(420);
      const shown = await openWith(stand, renderer, '&zoom=28,38&rows=50');
      expect(await rendererOf(shown)).toBe(renderer);
      expect((await waterfallOf(shown)).hued).toBeGreaterThan(0.002);
      for (const [view, key] of [
        ['closer', ''],
        ['back', 'Shift+ArrowLeft'],
        ['further back', 'Shift+ArrowLeft'],
        ['forward', 'Shift+ArrowRight'],
        ['residual', 'r'],
        ['counts', 'w'],
        ['logarithmic', 's'],
      ] as const) {
        if (key !== '') await shown.keyboard.press(key);
        await drawn(shown);
        (pictures[view] ??= []).push(await waterfallPixels(shown));
      }
      expect(session.troubles).toEqual([]);
      await session.shut();
    }
    for (const [view, [webgl, canvas]] of Object.entries(pictures)) {
      expect([webgl!.width, webgl!.height], view).toEqual([canvas!.width, canvas!.height]);
      // A line may lie a pixel higher: lines are not a whole number of pixels high.
      expect(differing(webgl!.data, canvas!.data), view).toBeLessThan(0.01);
    }
    const [residual, counts] = [pictures['residual']![0]!, pictures['counts']![0]!];
    expect(differing(residual.data, counts.data)).toBeGreaterThan(0.5);
  });

  it('is painted without WebGL where this would only be emulated', async () => {
    const stand = standOf();
    stand.status();
    stand.play(20);
    expect(await rendererOf(await openWith(stand, 'auto'))).toBe('canvas');
  });

  it('goes on without WebGL when the browser takes it away', async () => {
    const stand = standOf();
    stand.status();
    stand.play(60);
    const shown = await openWith(stand, 'webgl');
    await shown.evaluate(() => {
      const gl = document.querySelector<HTMLCanvasElement>('#waterfall')?.getContext('webgl2');
      gl?.getExtension('WEBGL_lose_context')?.loseContext();
    });
    await eventually(() => rendererOf(shown)).toBe('canvas');
    await eventually(async () => (await waterfallOf(shown)).painted).toBeGreaterThan(0.3);
    expect(session.troubles).toEqual([]);
  });

  it.each(['webgl', 'canvas'])('paints a new row once and moves the others, by %s', async (renderer) => {
    const stand = standOf();
    stand.status();
    stand.play(50);
    const shown = await openWith(stand, renderer);
    const before = (await waterfallOf(shown)).sum;
    const paintedBefore = await paintedRows(shown);
    stand.play(3);
    await eventually(async () => (await waterfallOf(shown)).sum).not.toBe(before);
    await eventually(() => paintedRows(shown)).toBe(paintedBefore + 3);
  });
});
