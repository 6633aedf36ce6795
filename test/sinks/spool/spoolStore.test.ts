import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../src/sinks/delivery/store.ts';
import { openSpoolStore } from '../../../src/sinks/spool/spoolStore.ts';
import type { SpoolOptions } from '../../../src/sinks/spool/spoolStore.ts';
import type { SpoolStatus } from '../../../src/model/status.ts';
import { until } from '../../support/servers.ts';
import { listeningSetting } from '../signals.ts';

const name = (i: number) => `item ${i} `.padEnd(40, 'x');
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => name(from + i));

describe('a spool', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'operando-spool-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function open(parts: Partial<SpoolOptions> = {}) {
    const listening = listeningSetting(directory);
    const store = openSpoolStore(
      { directory, capBytes: 2 ** 20, shed: 'oldestFirst', fsyncMs: 20, order: 'inOrder', batchSize: 10, ...parts },
      listening.setting,
    );
    return { store, ...listening };
  }

  async function takeAll(store: Store<string>, count = 10): Promise<string[]> {
    const all: string[] = [];
    for (;;) {
      const items = await store.take(count);
      if (items.length === 0) return all;
      all.push(...items);
      store.settle();
    }
  }

  const segments = () => readdirSync(directory).filter((file) => file.endsWith('.wal'));

  /** A file where the folder should be is as good as no room. */
  const takeDiskAway = (): void => {
    rmSync(directory, { recursive: true });
    writeFileSync(directory, '');
  };

  it('gives what came, in order, and leaves no file behind when all is delivered', async () => {
    const { store } = open();
    for (const item of range(0, 1234)) store.push(item);
    await store.secure?.();
    expect(store.waitingCount()).toBe(1234);
    expect(await takeAll(store)).toEqual(range(0, 1234));
    await store.close();
    expect(segments()).toEqual([]);
  });

  it('keeps what was not delivered for the next run, with every kind of character', async () => {
    const first = open().store;
    const items = ['', 'µm ⁻¹ 温度', 'a\nb', '\u{1f52c}'.repeat(300), ...range(0, 50)];
    for (const item of items) first.push(item);
    await first.take(3);
    first.settle();
    await first.close();
    const second = open().store;
    expect(second.waitingCount()).toBe(items.length - 3);
    expect(await takeAll(second)).toEqual(items.slice(3));
    await second.close();
  });

  it('delivers again what was in flight when the process ended', async () => {
    const first = open().store;
    for (const item of range(0, 30)) first.push(item);
    await first.take(10);
    await first.close();
    expect(await takeAll(open().store)).toEqual(range(0, 30));
  });

  it.each(['delivered', 'given up'])(
    'counts nothing as missing that was %s before the process was killed',
    async (how) => {
      const { store, dropped } = open({ capBytes: 128 * 1024 });
      let count = 0;
      const pushSome = async () => {
        for (let i = 0; i < 200; i++) store.push(name(count++));
        await store.secure?.();
      };
      while (segments().length < 3) await pushSome();
      await until('the cursor is saved', () => existsSync(join(directory, 'cursor.json')));
      const [begun] = segments();
      while (segments()[0] === begun) {
        if (how === 'given up') await pushSome();
        else {
          await store.take(10);
          store.settle();
        }
      }
      // What a process leaves behind that ends here and now.
      const left = mkdtempSync(join(tmpdir(), 'operando-left-'));
      cpSync(directory, left, { recursive: true, filter: (path) => !path.endsWith('lock') });
      const next = open({ directory: left, capBytes: 128 * 1024 });
      expect(next.dropped).toEqual({});
      expect(next.store.waitingCount() + (dropped.spoolFull ?? 0)).toBeLessThanOrEqual(count);
      await next.store.close();
      await store.close();
      rmSync(left, { recursive: true });
    },
  );

  it('refuses a second writer', async () => {
    const { store } = open();
    expect(() => open()).toThrow(/in use by process \d+/);
    await store.close();
    await open().store.close();
  });

  it('gives up the oldest at its cap, and counts them exactly', async () => {
    const { store, dropped } = open({ capBytes: 128 * 1024 });
    for (let i = 0; i < 20_000; i++) {
      store.push(name(i));
      if (i % 500 === 0) await store.secure?.();
    }
    await store.secure?.();
    const bytes = segments().reduce((sum, file) => sum + readFileSync(join(directory, file)).length, 0);
    expect(bytes).toBeLessThan(128 * 1024 + 40_000);
    const got = await takeAll(store, 100);
    expect(got.length + (dropped.spoolFull ?? 0)).toBe(20_000);
    expect(got).toEqual(range(20_000 - got.length, 20_000));
    expect(store.takeLostCount()).toBe(dropped.spoolFull);
    await store.close();
  });

  it('refuses the newest at its cap when told so', async () => {
    const { store, dropped } = open({ capBytes: 64 * 1024, shed: 'newestFirst' });
    for (let i = 0; i < 5000; i++) {
      store.push(name(i));
      if (i % 200 === 0) await store.secure?.();
    }
    const got = await takeAll(store, 100);
    expect(dropped.spoolFull).toBeGreaterThan(1000);
    expect(got).toEqual(range(0, 5000 - dropped.spoolFull!));
    await store.close();
  });

  it('of a long backlog delivers every second batch from what is new, and all of it in the end', async () => {
    const { store } = open({ order: 'liveFirst' });
    for (const item of range(0, 1000)) store.push(item);
    const first = await store.take(10);
    expect(first).toEqual(range(990, 1000));
    store.settle();
    for (const item of range(1000, 1010)) store.push(item);
    const next = [...(await store.take(10))];
    store.settle();
    const third = [...(await store.take(10))];
    store.settle();
    expect([next, third]).toEqual([range(0, 10), range(1000, 1010)]);
    const rest = await takeAll(store);
    expect(rest).toEqual(range(10, 990));
    await store.close();
  });

  it('steps over a damaged record, counts what was in it, and bears a torn end', async () => {
    const first = open().store;
    for (let k = 0; k < 5; k++) {
      for (const item of range(100 * k, 100 * k + 100)) first.push(item);
      await first.secure?.();
    }
    await first.close();
    const path = join(directory, segments()[0]!);
    const bytes = readFileSync(path);
    bytes[bytes.indexOf('item 250')] = 0;
    writeFileSync(path, bytes);
    truncateSync(path, bytes.length - 7);
    const { store, dropped } = open();
    expect(await takeAll(store)).toEqual([...range(0, 200), ...range(300, 400)]);
    expect(dropped).toEqual({ damaged: 100, missing: 100 });
    await store.close();
  });

  it('delivers all again when its cursor is lost, and bears garbage in its place', async () => {
    const first = open().store;
    for (const item of range(0, 40)) first.push(item);
    await first.take(10);
    first.settle();
    await first.close();
    writeFileSync(join(directory, 'cursor.json'), '{"next": 7, "pending": "no');
    expect(await takeAll(open().store)).toEqual(range(0, 40));
  });

  it('is not confused by a file that is no segment', async () => {
    writeFileSync(join(directory, '0000000000000000.wal'), 'nothing of the kind');
    appendFileSync(join(directory, 'notes.txt'), 'hello');
    const { store } = open();
    for (const item of range(0, 20)) store.push(item);
    await store.secure?.();
    expect(await takeAll(store)).toEqual(range(0, 20));
    await store.close();
  });

  it('delivers from memory while the disk is full, says so, and goes back to it when there is room', async () => {
    const spools: SpoolStatus[] = [];
    const listening = listeningSetting(directory);
    const setting = { ...listening.setting, reportSpool: (spool: SpoolStatus) => void spools.push(spool) };
    const store = openSpoolStore(
      { directory, capBytes: 2 ** 20, shed: 'oldestFirst', fsyncMs: 20, order: 'inOrder', batchSize: 10 },
      setting,
    );
    takeDiskAway();
    for (const item of range(0, 25)) store.push(item);
    await expect(store.secure?.()).rejects.toThrow(/25 items are in memory only/);
    expect(spools.at(-1)!.trouble).toMatch(/EEXIST|ENOTDIR/);
    expect(await store.take(10)).toEqual(range(0, 10));
    store.settle();
    rmSync(directory);
    mkdirSync(directory);
    await until('it is on disk', () => segments().length > 0);
    await store.secure?.();
    expect(await takeAll(store)).toEqual(range(10, 25));
    expect(listening.dropped).toEqual({});
    await store.close();
  });

  it('loses the oldest, counted, when the disk takes nothing for too long', async () => {
    const { store, dropped } = open();
    takeDiskAway();
    const long = 'x'.repeat(100_000);
    for (let i = 0; i < 400; i++) store.push(`${i} ${long}`);
    await expect(store.secure?.()).rejects.toThrow(/in memory only/);
    for (let i = 400; i < 500; i++) store.push(`${i} ${long}`);
    const got = await takeAll(store);
    expect(dropped.diskFull).toBeGreaterThan(200);
    expect(got.length + dropped.diskFull!).toBe(500);
    expect(got.at(-1)).toMatch(/^499 /);
    await store.close();
  });

  it('accounts for every item over restarts, whatever is pushed, delivered, failed or cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.record({ act: fc.constant('push'), count: fc.nat(300) }),
            fc.record({ act: fc.constant('deliver'), count: fc.nat(12) }),
            fc.record({ act: fc.constant('fail'), count: fc.nat(3) }),
            fc.record({ act: fc.constant('restart'), count: fc.nat(0) }),
          ),
          { maxLength: 20 },
        ),
        fc.constantFrom<SpoolOptions['order']>('inOrder', 'liveFirst'),
        async (steps, order) => {
          rmSync(directory, { recursive: true, force: true });
          const capBytes = 64 * 1024;
          let { store, dropped } = open({ order, capBytes });
          const got = new Set<string>();
          let pushed = 0;
          let shed = 0;
          let taken: readonly string[] = [];
          for (const { act, count } of steps) {
            if (act === 'push') for (let i = 0; i < count; i++) store.push(name(pushed++));
            else if (act === 'restart') {
              taken = [];
              await store.close();
              shed += dropped.spoolFull ?? 0;
              ({ store, dropped } = open({ order, capBytes }));
            } else
              for (let i = 0; i < count; i++) {
                if (taken.length === 0) taken = [...(await store.take(10))];
                if (act === 'fail') continue;
                for (const item of taken) got.add(item);
                if (taken.length > 0) store.settle();
                taken = [];
              }
          }
          for (const item of taken) got.add(item);
          if (taken.length > 0) store.settle();
          for (const item of await takeAll(store)) got.add(item);
          await store.close();
          expect(got.size + shed + (dropped.spoolFull ?? 0)).toBe(pushed);
        },
      ),
      { numRuns: 60 },
    );
  });
});
