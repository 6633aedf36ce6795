import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { z } from 'zod';
import type { Adapter, AdapterDefinition } from '../src/model/adapter.ts';
import { createCollector, settingOf } from './adapters/collect.ts';
import { readRecipes } from './support/recipes.ts';
import { freePort, until } from './support/servers.ts';

const PAGE = 'docs/write-an-adapter.md';
const recipes = readRecipes(PAGE, 'runs/write-an-adapter');
type SourceDefinition = AdapterDefinition<string, z.ZodObject, Adapter> & { readonly node: z.ZodType };
const source = (await recipes.definitionOf('adapters/sources/lineSpectrometer.ts')) as SourceDefinition;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});
afterAll(() => recipes.remove());

/** An instrument that says its lines to who connects, cut into pieces of three bytes. */
async function startInstrument(port: number, lines: string): Promise<{ stop(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    for (let at = 0; at < lines.length; at += 3) socket.write(lines.slice(at, at + 3));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const stop = (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { stop };
}

describe('the source of docs/write-an-adapter.md', () => {
  it('makes frames and slow signals of lines, refuses others, and outlives a loss', async () => {
    const port = await freePort();
    const collector = createCollector();
    const settings = source.config.parse({ host: '127.0.0.1', port, startEv: 100, stepEv: 0.5 });
    const running = source.create(settings, settingOf('/')).run(collector.outlet, collector.signal);
    cleanups.push(() => (collector.abort(), running));
    const { frames, slow, rejections, reports } = collector.collected;
    await until('the absence is told', () => reports.some((report) => report.startsWith('down')));

    const first = 'S 17 1700000000.25 100 4 7 12 9\r\nT 1700000000.3 301.4\nS 18 x 100 1 2\nhello\nS 19 17000';
    const instrument = await startInstrument(port, first);
    await until('the bad lines', () => rejections.length === 2);
    expect(frames).toMatchObject([{ seq: 17, stream: 's', timeUs: 1_700_000_000_250_000, exposureUs: 100_000 }]);
    expect([...frames[0]!.values]).toEqual([4, 7, 12, 9]);
    expect([...frames[0]!.layout.axes[0]!.coordinates]).toEqual([100, 100.5, 101, 101.5]);
    expect(slow).toMatchObject([{ name: 'temperature', value: 301.4, unit: 'K', timeUs: 1_700_000_000_300_000 }]);
    expect(rejections[1]!.detail).toBe("'hello' is neither a spectrum nor a temperature");

    await instrument.stop();
    await until('the line that was cut', () => rejections.length === 3);
    expect(rejections[2]!.reason).toBe('truncated');
    const again = await startInstrument(port, 'S 20 1700000001.0 100 5 5 5 5\n');
    cleanups.push(() => again.stop());
    await until('the next frame', () => frames.length === 2);
    expect(frames[1]!.layout).toBe(frames[0]!.layout);
    expect(reports.at(-1)).toBe('ok: ');
  });

  it('stands in the pipeline file as the page shows it', () => {
    const yaml = /```yaml\n([\s\S]*?)```/.exec(readFileSync(PAGE, 'utf8'))?.[1] ?? '';
    const { streams } = parse(yaml) as { streams: Record<string, { source: unknown }> };
    expect(source.node.safeParse(streams['spectrometer']?.source).error).toBeUndefined();
    expect(source.config.safeParse(source.example).error).toBeUndefined();
  });
});
