import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium, type CDPSession, type Page } from 'playwright-core';
import { build } from 'vite';
import { startPageServer } from '../../src/server/pageServer.ts';
import { installProbe, type Probe } from './probe.ts';
import { createScriptedMonitor } from './script.ts';

export interface PageOptions {
  readonly executablePath: string;
  readonly channels: number;
  readonly rate: number;
  readonly seconds: number;
  readonly renderer: string;
  /** Lets the browser use the graphics of the machine. */
  readonly hasGraphics: boolean;
  readonly seed: number;
}

export interface PageResult {
  readonly renderer: string;
  readonly rows: number;
  /** Work of the page's own script for one drawing. */
  readonly frameMs: { p50: number; p95: number; p99: number };
  readonly framesPerSecond: number;
  /** CPU time of the page's main thread for one drawing, all its work counted: messages, layout, collection. */
  readonly cpuMs: number;
  /** From a move of the pointer to the end of the drawing it caused. */
  readonly pointerMs: { p50: number; p95: number };
  readonly firstPaintMs: number;
  /** Until the page says so: that data are stale, from the last frame; that the monitor is lost, from the cut. */
  readonly reactionMs: { stale: number; disconnected: number };
  /** Of the script, collected, without arrays: when the measurement starts and when it ends. */
  readonly heapMiB: [number, number];
  /** Of typed arrays, mostly the rows that are held. */
  readonly arrayMiB: [number, number];
  /** All that the browser fetches to show the page, compressed. */
  readonly bundleKiB: number;
}

const SETTLE_MS = 5000;
const FLAGS = ['--headless', '--no-sandbox', '--no-first-run', '--disable-background-networking'];
/** The same on every machine; WebGL is then emulated. */
const WITHOUT_GRAPHICS = ['--disable-gpu', '--enable-unsafe-swiftshader'];

/** A page in a real browser, 1920 x 1080, in front of a scripted monitor. */
export async function measurePage(root: string, options: PageOptions): Promise<PageResult> {
  const webRoot = await mkdtemp(join(tmpdir(), 'operando-page-'));
  const web = join(root, 'dashboards/web');
  await build({ root: web, configFile: join(web, 'vite.config.ts'), logLevel: 'warn', build: { outDir: webRoot } });
  const monitor = createScriptedMonitor(options.channels, options.rate, options.seed);
  const server = await startPageServer({ feed: monitor.feed, port: 0, token: null, webRoot });
  const args = options.hasGraphics ? FLAGS : [...FLAGS, ...WITHOUT_GRAPHICS];
  const browser = await chromium.launch({ executablePath: options.executablePath, args });
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    const bundle = weighBundle(page);
    await page.addInitScript(installProbe);
    monitor.start();
    await page.goto(`${server.url}#theme=dark&renderer=${options.renderer}`);
    await page.getByText('LIVE', { exact: true }).waitFor();
    const firstPaintMs = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    );
    await page.waitForTimeout(SETTLE_MS);
    const session = await page.context().newCDPSession(page);
    const before = await heapOf(session);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await takeProbe(page);
    const cpuBefore = await taskSeconds(session);
    const startMs = performance.now();
    const endMs = startMs + 1000 * options.seconds;
    for (let k = 0; performance.now() < endMs; k++) {
      await page.mouse.move(500 + ((k * 37) % 400), 300 + ((k * 53) % 400));
      await page.waitForTimeout(Math.max(0, Math.min(250, endMs - performance.now())));
    }
    const seconds = (performance.now() - startMs) / 1000;
    const { frames, pointers } = await takeProbe(page);
    const cpuSeconds = (await taskSeconds(session)) - cpuBefore;
    const after = await heapOf(session);
    const renderer = (await page.locator('#waterfall').getAttribute('data-renderer')) ?? '';
    monitor.stop();
    const stale = (await wordAt(page, 'STALE')) - monitor.writtenMs;
    const cutMs = performance.timeOrigin + performance.now();
    await server.close();
    const disconnected = (await wordAt(page, 'DISCONNECTED')) - cutMs;
    return {
      renderer,
      rows: monitor.feed.nextRow,
      frameMs: { p50: quantile(frames, 0.5), p95: quantile(frames, 0.95), p99: quantile(frames, 0.99) },
      framesPerSecond: rounded(frames.length / seconds),
      cpuMs: rounded((1000 * cpuSeconds) / frames.length),
      pointerMs: { p50: quantile(pointers, 0.5), p95: quantile(pointers, 0.95) },
      firstPaintMs: rounded(firstPaintMs),
      reactionMs: { stale: Math.round(stale), disconnected: Math.round(disconnected) },
      heapMiB: [before.script, after.script],
      arrayMiB: [before.arrays, after.arrays],
      bundleKiB: await bundle(),
    };
  } finally {
    monitor.stop();
    await browser.close();
    await server.close();
    await rm(webRoot, { recursive: true, force: true });
  }
}

function takeProbe(page: Page): Promise<Probe> {
  return page.evaluate(() => (window as unknown as { takeProbe(): Probe }).takeProbe());
}

/** When the tile of the data came to show a word, by the clock of `performance.timeOrigin`. */
async function wordAt(page: Page, word: string): Promise<number> {
  const handle = await page.waitForFunction(
    (text) => (window as unknown as { wordAt(text: string): number | null }).wordAt(text),
    word,
  );
  return (await handle.jsonValue()) ?? Number.NaN;
}

async function taskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
}

async function heapOf(session: CDPSession): Promise<{ script: number; arrays: number }> {
  await session.send('HeapProfiler.collectGarbage');
  const usage = (await session.send('Runtime.getHeapUsage')) as { usedSize: number; backingStorageSize?: number };
  return { script: rounded(usage.usedSize / 2 ** 20), arrays: rounded((usage.backingStorageSize ?? 0) / 2 ** 20) };
}

/** KiB of what the page fetches while it opens; fonts are compressed as they are. */
function weighBundle(page: Page): () => Promise<number> {
  const bodies: Promise<number>[] = [];
  page.on('response', (response) => {
    const isFont = response.url().endsWith('.woff2');
    if (!response.url().startsWith('http')) return;
    bodies.push(response.body().then((body) => (isFont ? body.length : gzipSync(body, { level: 9 }).length)));
  });
  return async () => rounded((await Promise.all(bodies)).reduce((sum, bytes) => sum + bytes, 0) / 1024);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return rounded(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN);
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
