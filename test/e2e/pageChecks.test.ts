import { existsSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Alert } from '../../src/model/alert.ts';
import { needs } from '../support/requirement.ts';
import { startFrozenLink } from './frozenLink.ts';
import { CHROMIUM, eventually, sees, textOf, tileSaturations } from './pageBrowser.ts';
import { LARGE, startPageSession, type PageSession } from './pageSession.ts';
import { permitStand, STOPPED, type PermitStand } from './permitStand.ts';

const NOT_ARMED = { state: 'notArmed', desired: 'closed', observed: 'closed', confirmedMs: null } as const;
const isReady = needs('servers', 'chromium', existsSync(CHROMIUM));

let session: PageSession;
let stand: PermitStand;

const isOff = (shown: Page, name: string) => shown.getByTestId(name).isDisabled();

async function plotBox(shown: Page) {
  const box = await shown.locator('#waterfall').boundingBox();
  if (box === null) throw new Error('no waterfall');
  return box;
}

/** Values of the spectral axis that are written under the plots, smallest and largest. */
const axisRange = async (shown: Page): Promise<[number, number]> => {
  const said = (await shown.getByTestId('main').getAttribute('data-range')) ?? '';
  const [from = Number.NaN, to = Number.NaN] = said.split(',').map(Number);
  return [from, to];
};

function lostAlert(burst: number, seq: number, phase: Alert['phase']): Alert {
  const timeUs = 1_795_000_000_000_000 + seq * 5e6;
  return {
    type: 'alert',
    id: `framesLost-detector-${burst}`,
    rule: 'framesLost',
    stream: 'detector',
    seq,
    timeUs,
    onsetUs: timeUs,
    severity: 'warning',
    phase,
    message: 'Frames lost',
    evidence: [],
    statistic: 10,
    threshold: 1,
    sign: 0,
  };
}

/** The checks that the design of the page asks for, by their numbers there. */
describe.skipIf(!isReady)('the page keeps to its design', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    session = await startPageSession('page');
  }, 60_000);
  afterEach(async () => {
    await session.shut();
    stand.end();
  });
  afterAll(() => session?.end());

  it('1: waits, watches nothing and is not armed before there are frames', async () => {
    stand = permitStand(NOT_ARMED);
    stand.status();
    stand.hold('fresh.detector', false);
    const shown = await session.open(stand, { permit: stand.command });
    await sees(shown, 'data-word', 'WAITING');
    await sees(shown, 'change-word', 'Not watching');
    await sees(shown, 'permit-word', 'NOT ARMED');
    expect(await shown.getByTestId('empty').isVisible()).toBe(true);
    await eventually(() => isOff(shown, 'rearm')).toBe(true);
    stand.playDose(1);
    await sees(shown, 'data-word', 'LIVE');
    await eventually(() => shown.getByTestId('empty').isVisible()).toBe(false);
    expect(session.troubles).toEqual([]);
  });

  it('2: is grey while all is well', async () => {
    stand = permitStand();
    stand.status();
    stand.playDose(200);
    const shown = await session.open(stand, { size: LARGE });
    await sees(shown, 'data-word', 'LIVE');
    await sees(shown, 'change-word', 'No change');
    await sees(shown, 'permit-word', 'BEAM PERMITTED');
    expect(Math.max(...(await tileSaturations(shown)))).toBeLessThanOrEqual(0.2);
  });

  it('3: says where the spectrum changed, with its evidence', async () => {
    stand = permitStand({}, { changeAt: 600 });
    stand.status();
    stand.playDose(640);
    const shown = await session.open(stand);
    await sees(shown, 'change-word', /^CHANGE at 30\.9/);
    expect(await shown.getByTestId('alarm').count()).toBe(1);
    await sees(shown, 'alarm', /Unacknowledged/);
    await sees(shown, 'ev-stat', /\d/);
    await sees(shown, 'ev-far', /one per .+ of quiet data/);
    await sees(shown, 'ev-region', /30\.45–31\.35/);
    await sees(shown, 'ev-onset', /±/);
    expect(await shown.getByTestId('region').count()).toBeGreaterThanOrEqual(1);
    expect(session.troubles).toEqual([]);
  });

  it('4, 5: shows an alarm as seen only when the monitor has confirmed it', async () => {
    stand = permitStand({}, { changeAt: 20 });
    stand.status();
    stand.playDose(60);
    let isSilent = true;
    const asked: string[] = [];
    const shown = await session.open(stand, {
      alarm(request) {
        asked.push(request.id);
        return isSilent ? new Promise(() => undefined) : stand.alarm(request);
      },
    });
    await sees(shown, 'change-word', /^CHANGE at 30\.9/);
    const word = await textOf(shown, 'change-word');
    const isFilled = () => shown.locator('#change').evaluate((tile) => tile.classList.contains('amber'));
    expect(await isFilled()).toBe(true);
    await shown.getByTestId('accept-by').fill('mk');
    await shown.keyboard.press('Escape');
    await shown.keyboard.press('a');
    await sees(shown, 'ack', 'Acknowledging…');
    await sees(shown, 'alarm-note', /^not confirmed/);
    await sees(shown, 'alarm-count', /^1 unacknowledged/);
    expect(await isFilled()).toBe(true);
    isSilent = false;
    await shown.keyboard.press('a');
    await sees(shown, 'alarm-count', /^0 unacknowledged, 1 active/);
    // The same act, tried again.
    expect(asked).toEqual([asked[0], asked[0]]);
    await sees(shown, 'alarm', /Active, acknowledged by mk \d\d:\d\d/);
    await eventually(isFilled).toBe(false);
    await sees(shown, 'change-sub', /seen by mk/);
    expect(await textOf(shown, 'change-word')).toBe(word);
    expect(session.troubles).toEqual([]);
  });

  it('6, 7: looks back on a click while permit and dose stay live, and returns with L', async () => {
    stand = permitStand();
    stand.status();
    stand.playDose(120);
    const shown = await session.open(stand);
    await sees(shown, 'data-word', 'LIVE');
    const before = await textOf(shown, 'time-cursor');
    const { x, y, height } = await plotBox(shown);
    await shown.mouse.click(x + 200, y + height / 2);
    await sees(shown, 'data-word', 'REVIEW');
    const looked = await textOf(shown, 'time-cursor');
    expect(looked).not.toBe(before);
    const spent = await textOf(shown, 'dose-spent');
    stand.playDose(20);
    stand.say(STOPPED);
    await sees(shown, 'permit-word', 'BEAM STOPPED');
    await eventually(() => textOf(shown, 'dose-spent')).not.toBe(spent);
    expect(await textOf(shown, 'time-cursor')).toBe(looked);
    await shown.keyboard.press('l');
    await sees(shown, 'data-word', 'LIVE');
    expect(session.troubles).toEqual([]);
  });

  it('8: narrows all three plots to what is dragged over, and shows all again with R', async () => {
    stand = permitStand();
    stand.status();
    stand.playDose(30);
    const shown = await session.open(stand);
    await sees(shown, 'data-word', 'LIVE');
    const box = await shown.locator('#spectrum').boundingBox();
    if (box === null) throw new Error('no spectrum');
    const full = await axisRange(shown);
    const y = box.y + box.height / 2;
    await shown.mouse.move(box.x + 250, y);
    await shown.mouse.down();
    await shown.mouse.move(box.x + 350, y, { steps: 4 });
    await shown.mouse.up();
    const span = ([from, to]: [number, number]) => to - from;
    await eventually(async () => span(await axisRange(shown))).toBeLessThan(0.5 * span(full));
    expect(await shown.evaluate(() => location.hash)).toMatch(/zoom=\d/);
    const tip = async (dy: number) => {
      await shown.mouse.move(box.x + 300, y + dy);
      await eventually(() => shown.getByTestId('tip').isVisible()).toBe(true);
      return Number.parseFloat(await textOf(shown, 'tip'));
    };
    // One column, one place: in the spectrum, the residual and the waterfall.
    const [above, below] = [await tip(0), await tip(box.height)];
    expect(below).toBeCloseTo(above, 1);
    await shown.keyboard.press('r');
    await eventually(() => axisRange(shown)).toEqual(full);
  });

  it('9: changes view, scale and theme without asking for new data', async () => {
    stand = permitStand();
    stand.status();
    stand.playDose(30);
    const shown = await session.open(stand);
    await sees(shown, 'data-word', 'LIVE');
    const saidBefore = session.said.length;
    const asked: string[] = [];
    shown.on('request', (request) => asked.push(request.url()));
    const pressed = (name: string) => shown.getByTestId(name).getAttribute('aria-pressed');
    expect(await pressed('view-residual')).toBe('true');
    await shown.keyboard.press('w');
    await eventually(() => pressed('view-counts')).toBe('true');
    expect(await pressed('scale-sqrt')).toBe('true');
    await shown.keyboard.press('s');
    await eventually(() => pressed('scale-log')).toBe('true');
    await shown.keyboard.press('t');
    await eventually(() => shown.locator('html').getAttribute('data-theme')).toBe('light');
    await shown.keyboard.press('?');
    expect(await shown.getByTestId('keys').isVisible()).toBe(true);
    await shown.keyboard.press('Escape');
    expect(await shown.getByTestId('keys').isVisible()).toBe(false);
    expect(asked).toEqual([]);
    expect(session.said.slice(saidBefore)).toEqual([]);
    expect(session.troubles).toEqual([]);
  });

  it('13: says which source is silent, and that the beam is withheld', async () => {
    stand = permitStand({}, { framePeriodUs: 400_000 });
    stand.status();
    stand.playDose(40);
    const shown = await session.open(stand);
    await sees(shown, 'data-word', /LIVE|STALE/);
    stand.say({ ...STOPPED, state: 'withheld', cause: 'detector fresh: last 1.2 s ago, limit 1.2 s' });
    await sees(shown, 'data-word', 'STALE');
    await sees(shown, 'permit-word', 'BEAM WITHHELD');
    await sees(shown, 'banner', /^No frame for .*detector is silent since/s);
    await sees(shown, 'change-sub', /^as of /);
    stand.playDose(2);
    await sees(shown, 'data-word', 'LIVE');
    await eventually(() => shown.getByTestId('banner').isVisible()).toBe(false);
  });

  it('14: says that it lost the monitor when the socket is cut, and comes back without a reload', async () => {
    stand = permitStand({}, { changeAt: 20 });
    stand.status();
    stand.playDose(60);
    const shown = await session.open(stand, { permit: stand.command });
    await sees(shown, 'permit-word', 'BEAM PERMITTED');
    await shown.evaluate(() => Object.assign(window, { isSamePage: true }));
    await session.server.close();
    await sees(shown, 'data-word', 'DISCONNECTED');
    await sees(shown, 'permit-word', 'BEAM UNKNOWN');
    await sees(shown, 'banner', /^This page lost the monitor/);
    for (const name of ['stop', 'accept']) expect(await isOff(shown, name), name).toBe(true);
    await session.restart(stand);
    stand.say(STOPPED);
    await sees(shown, 'data-word', 'LIVE');
    await sees(shown, 'permit-word', 'BEAM STOPPED');
    expect(await shown.evaluate(() => 'isSamePage' in window)).toBe(true);
    expect(stand.asked).toEqual([]);
  });

  it('15: says that it lost the monitor when this stands still with the socket open', async () => {
    stand = permitStand(STOPPED);
    stand.status();
    stand.playDose(60);
    let link: Awaited<ReturnType<typeof startFrozenLink>> | null = null;
    try {
      const shown = await session.open(stand, { url: ({ port }) => `http://127.0.0.1:${port}/healthz` });
      link = await startFrozenLink(session.server.port);
      await shown.goto(`http://127.0.0.1:${link.port}/#theme=dark`);
      await sees(shown, 'permit-word', 'BEAM STOPPED');
      link.freeze();
      await sees(shown, 'data-word', 'DISCONNECTED');
      await sees(shown, 'permit-word', 'BEAM UNKNOWN');
      // Told after the silence has lasted two seconds, and not before.
      await sees(shown, 'data-sub', /^no link for [2-9].s/);
      for (const name of ['rearm']) expect(await isOff(shown, name), name).toBe(true);
      link.thaw();
      await sees(shown, 'permit-word', 'BEAM STOPPED');
      await sees(shown, 'data-word', 'LIVE');
    } finally {
      await link?.close();
    }
  });

  it('17: shows a replay as the past, and sends no command', async () => {
    stand = permitStand({}, { changeAt: 20 });
    stand.status({ mode: 'replay', speed: 4 });
    stand.playDose(60);
    const shown = await session.open(stand, { permit: stand.command });
    await sees(shown, 'data-word', 'REPLAY 4×');
    await sees(shown, 'permit-word', /^RECORDED/);
    for (const key of ['Shift+B', 'a', 'l', 'w']) await shown.keyboard.press(key);
    for (const name of ['stop', 'accept']) expect(await isOff(shown, name), name).toBe(true);
    expect(session.said.filter((text) => !text.includes('looking'))).toEqual([]);
    stand.status({ mode: 'replay', speed: 4 }, { state: 'ended' });
    await sees(shown, 'data-word', 'REPLAY ENDED');
  });

  it('draws a red line through the plots where the beam was stopped, and takes it away when it is granted again', async () => {
    stand = permitStand();
    stand.status();
    stand.playDose(120);
    const shown = await session.open(stand);
    await sees(shown, 'permit-word', 'BEAM PERMITTED');
    const reds = () =>
      shown.getByTestId('marks').evaluate((canvas: HTMLCanvasElement) => {
        const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        let count = 0;
        for (let i = 0; i < data.length; i += 4)
          if (data[i]! > 150 && data[i + 1]! < 90 && data[i + 2]! < 70 && data[i + 3]! > 200) count++;
        return count;
      });
    expect(await reds()).toBe(0);
    stand.say(STOPPED);
    stand.play(1);
    await eventually(reds).toBeGreaterThan(500);
    stand.say({ state: 'permitted', desired: 'open', observed: 'open', cause: '' });
    stand.play(1);
    await eventually(reds).toBe(0);
  });

  it('20: stands still for those who asked for stillness', async () => {
    stand = permitStand({}, { changeAt: 20, delay: 1 });
    stand.status();
    stand.playDose(60);
    const shown = await session.open(stand);
    await sees(shown, 'change-word', /^CHANGE/);
    expect(await shown.evaluate(() => document.getAnimations().length)).toBeGreaterThan(0);
    await shown.emulateMedia({ reducedMotion: 'reduce' });
    await eventually(() => shown.evaluate(() => document.getAnimations().length)).toBe(0);
  });

  it('22: folds a storm of alarms into one row, and counts every lost frame', async () => {
    stand = permitStand();
    stand.status({ streams: [] });
    stand.playDose(20);
    const shown = await session.open(stand, { alarm: stand.alarm });
    for (let burst = 0; burst < 40; burst++) {
      stand.run.skip(10);
      stand.play(1);
      for (const phase of ['raised', 'cleared'] as const)
        stand.sink.write(lostAlert(burst, stand.run.seq, phase), 'framesLost');
    }
    await sees(shown, 'rate', /lost 400,/);
    await eventually(() => shown.getByTestId('alarm').count()).toBe(1);
    await sees(shown, 'alarm', /40 times/);
    await sees(shown, 'alarm-count', /^1 unacknowledged, 0 active/);
  });

  it('23: shows text from outside as text', async () => {
    const message = '<img src=x onerror=alert(1)>';
    stand = permitStand({}, { changeAt: 20, delay: 1, message }, '<b>bold</b>');
    stand.status({ links: [{ id: '<i>sink</i>', role: 'sink', state: 'down', detail: '<u>no</u>' }] });
    stand.play(40);
    const shown = await session.open(stand, { size: LARGE });
    await sees(shown, 'run', /<b>bold<\/b>/);
    await sees(shown, 'ev-message', /^<img src=x onerror=alert\(1\)>$/);
    await sees(shown, 'banner', /<i>sink<\/i>.*<u>no<\/u>/s);
    expect(await shown.locator('img, i:not(.key i), u').count()).toBe(0);
  });
});
