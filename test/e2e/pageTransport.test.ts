import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { digestOfToken, type TokenList } from '../../src/server/tokenList.ts';
import { needs } from '../support/requirement.ts';
import { CHROMIUM, eventually, sees, textOf } from './pageBrowser.ts';
import { LARGE, startPageSession, type PageSession } from './pageSession.ts';
import { permitStand, type PermitStand } from './permitStand.ts';

const isReady = needs('servers', 'chromium', existsSync(CHROMIUM));
const isOff = (shown: Page, name: string) => shown.getByTestId(name).isDisabled();
const frameShown = async (shown: Page) =>
  Number((/frame ([\d\s]+)/.exec(await textOf(shown, 'time-note'))?.[1] ?? 'NaN').replaceAll(/\s/g, ''));

let session: PageSession;
let stand: PermitStand;

/** A page that holds so many rows, one frame of five seconds each. */
async function openWith(rows: number, changeAt = Infinity): Promise<Page> {
  stand = permitStand({}, { changeAt });
  stand.status();
  stand.playDose(rows);
  const shown = await session.open(stand, { size: LARGE, permit: stand.command });
  await sees(shown, 'time-note', new RegExp(`frame ${rows - 1},`));
  await eventually(() => shown.getByTestId('play').isDisabled()).toBe(false);
  await eventually(() =>
    shown.locator('#waterfall').getAttribute('data-painted-rows').then(Number),
  ).toBeGreaterThanOrEqual(rows);
  return shown;
}

async function download(shown: Page, name: string): Promise<{ file: string; bytes: Buffer }> {
  const [taken] = await Promise.all([shown.waitForEvent('download'), shown.getByTestId(name).click()]);
  return { file: taken.suggestedFilename(), bytes: await readFile(await taken.path()) };
}

describe.skipIf(!isReady)('what one does at the page', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    session = await startPageSession('page');
  }, 60_000);
  afterEach(async () => {
    await session.shut();
    stand.end();
  });
  afterAll(() => session?.end());

  it('steps, plays at a speed, pauses, and comes to the live edge', async () => {
    const shown = await openWith(120);
    await shown.keyboard.press('ArrowLeft');
    await sees(shown, 'data-word', 'REVIEW');
    expect(await frameShown(shown)).toBe(118);
    await shown.keyboard.press('Shift+ArrowLeft');
    // A minute is twelve frames of five seconds.
    await eventually(() => frameShown(shown)).toBe(106);
    await shown.getByTestId('step-forward').click();
    await eventually(() => frameShown(shown)).toBe(107);
    await shown.keyboard.press('3');
    await eventually(() => shown.getByTestId('speed-16').getAttribute('aria-pressed')).toBe('true');
    await shown.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await shown.keyboard.press(' ');
    await sees(shown, 'play', /Pause/);
    await eventually(() => frameShown(shown)).toBeGreaterThan(109);
    await shown.keyboard.press(' ');
    await sees(shown, 'play', /Play/);
    const paused = await frameShown(shown);
    stand.playDose(1);
    await sees(shown, 'data-sub', /data still arrive/);
    expect(await frameShown(shown)).toBe(paused);
    await shown.keyboard.press('4');
    await shown.getByTestId('play').click();
    await sees(shown, 'data-word', 'LIVE');
    await sees(shown, 'play', /Play/);
    expect(session.troubles).toEqual([]);
  });

  it('goes to the onset of a change', async () => {
    const shown = await openWith(160, 100);
    await sees(shown, 'change-word', /^CHANGE/);
    await shown.getByTestId('onset').click();
    await sees(shown, 'data-word', 'REVIEW');
    expect(await frameShown(shown)).toBe(100);
    await shown.keyboard.press('l');
    await shown.keyboard.press('g');
    await eventually(() => frameShown(shown)).toBe(100);
  });

  it('zooms in time with Ctrl and the wheel, around the cursor when looking back', async () => {
    const shown = await openWith(120);
    const box = await shown.locator('#waterfall').boundingBox();
    if (box === null) throw new Error('no waterfall');
    await shown.mouse.move(box.x + 200, box.y + box.height / 2);
    await shown.keyboard.down('Control');
    for (let k = 0; k < 5; k++) await shown.mouse.wheel(0, -100);
    await shown.keyboard.up('Control');
    await eventually(() => shown.evaluate(() => location.hash)).toMatch(/rows=25/);
    const inView = async () => {
      await shown.keyboard.press('e');
      const text = await textOf(shown, 'export-about');
      await shown.keyboard.press('Escape');
      return text;
    };
    await eventually(inView).toMatch(/^25 rows are in view/);
    for (let k = 0; k < 4; k++) await shown.keyboard.press('Shift+ArrowLeft');
    await eventually(() => frameShown(shown)).toBe(71);
    // The middle of the waterfall is the cursor.
    await shown.mouse.move(box.x + 210, box.y + box.height / 2);
    await sees(shown, 'tip', new RegExp(await textOf(shown, 'time-cursor')));
    await eventually(inView).toMatch(/^2[56] rows are in view/);
    await shown.keyboard.press('l');
    await shown.keyboard.press('r');
    await eventually(inView).toMatch(/^120 rows are in view/);
    expect(session.troubles).toEqual([]);
  });

  it('exports the view as a picture, the rows as CSV, the alarms as JSON', async () => {
    const shown = await openWith(60, 30);
    await shown.keyboard.press('e');
    await sees(shown, 'export-about', /^60 rows are in view/);
    const png = await download(shown, 'export-png');
    expect(png.file).toMatch(/^0147-\d{4}-\d\d-\d\dT\d{6}Z\.png$/);
    const size = { width: png.bytes.readUInt32BE(16), height: png.bytes.readUInt32BE(20) };
    const main = await shown.getByTestId('main').boundingBox();
    expect(size.width).toBe(Math.round(main?.width ?? 0));
    await session.keep('export-picture', png.bytes);
    const csv = (await download(shown, 'export-csv')).bytes.toString();
    const lines = csv.split('\n');
    expect(lines[0]).toBe('# run: 0147');
    const head = lines.find((line) => !line.startsWith('#'))!.split(',');
    const body = lines.filter((line) => /^\d{4}-/.test(line)).map((line) => line.split(','));
    expect(body.filter(([, , quantity]) => quantity === 'counts')).toHaveLength(60);
    expect(body.filter(([, , quantity]) => quantity === 'variance')).toHaveLength(60);
    expect(body.every((cells) => cells.length === head.length)).toBe(true);
    expect(body[0]![0]).toBe('2026-11-18T11:06:40.000000Z');
    expect(head.slice(-1024).map(Number)[0]).toBeCloseTo(20 + 20 / 1024, 9);

    const { alerts } = JSON.parse((await download(shown, 'export-json')).bytes.toString()) as { alerts: unknown[] };
    expect(alerts).toMatchObject([{ alert: { rule: 'spectrumChanged' }, isChange: true }]);
    await shown.keyboard.press('Escape');
    expect(await shown.getByTestId('export-dialog').isVisible()).toBe(false);
    expect(session.troubles).toEqual([]);
  });

  it('lets those who may only look do nothing, and says why', async () => {
    stand = permitStand({}, { changeAt: 20 });
    stand.status();
    stand.playDose(60);
    const list: TokenList = { tokens: [{ role: 'view', digest: digestOfToken('wall'), name: 'wall' }], problems: [] };
    let current = list;
    const shown = await session.open(stand, {
      permit: stand.command,
      tokens: { current: () => current },
      url: ({ url }) => `${url}?token=wall`,
    });
    await sees(shown, 'permit-word', 'BEAM PERMITTED');
    await sees(shown, 'permit-why', /may only look/);
    for (const name of ['stop', 'accept']) expect(await isOff(shown, name), name).toBe(true);
    await shown.keyboard.press('Shift+B');
    stand.say({ state: 'stopped', desired: 'closed', observed: 'closed', confirmedMs: 38, cause: 'by hand' });
    await sees(shown, 'permit-word', 'BEAM STOPPED');
    expect(await isOff(shown, 'rearm')).toBe(true);
    expect(stand.asked).toEqual([]);
    current = { tokens: [], problems: [] };
    await sees(shown, 'banner', /^The token of this page was refused\./);
    await sees(shown, 'data-word', 'DISCONNECTED');
    await sees(shown, 'permit-word', 'BEAM UNKNOWN');
  });

  it('16: tells of a database that is away, what waits on disk, and that nothing else is affected', async () => {
    stand = permitStand();
    const link = {
      id: 'InfluxDB',
      role: 'sink',
      state: 'down',
      detail: 'connection refused',
      spool: { waitingCount: 18_340, bytes: 2.5e8, capBytes: 1e9, oldestMs: Date.now() - 252_000, trouble: '' },
    } as const;
    stand.status({ links: [link] });
    stand.playDose(30);
    const shown = await session.open(stand, { size: LARGE });
    await sees(
      shown,
      'banner',
      /^InfluxDB unreachable for .*permit are not affected\. Connection refused\. 18.340 results wait on disk; none lost\. Full in about 12.min/s,
    );
    const spool = shown.getByTestId('banner-spool');
    expect(await spool.locator('span').evaluate((bar) => bar.style.width)).toBe('25%');
    expect(await textOf(shown, 'sinks')).toBe('InfluxDB down');
    await sees(shown, 'data-word', 'LIVE');
    await sees(shown, 'permit-word', 'BEAM PERMITTED');
    stand.status({ links: [{ ...link, droppedCount: { capacity: 1200 } }] });
    await sees(shown, 'banner', /18.340 results wait on disk; 1.200 lost\./);
  });
});
