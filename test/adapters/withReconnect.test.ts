import { describe, expect, it } from 'vitest';
import { withReconnect } from '../../adapters/withReconnect.ts';
import type { Packet, PacketOutlet, Transport } from '../../src/model/adapter.ts';

const packet: Packet = { channel: 'a', bytes: Uint8Array.of(1), receivedUs: 1 };

/** A transport whose attempts go as told. */
const scripted = (...attempts: ((outlet: PacketOutlet) => Promise<void>)[]): Transport & { count: number } => ({
  name: 'scripted',
  count: 0,
  run(outlet) {
    return attempts[Math.min(this.count++, attempts.length - 1)]!(outlet);
  },
});
const absent = () => Promise.reject(new Error('nobody there'));

function listen() {
  const heard = { packets: 0, reports: [] as string[] };
  const outlet: PacketOutlet = {
    next: () => void heard.packets++,
    report: ({ state, detail }) => void heard.reports.push(`${state}: ${detail}`),
  };
  return { heard, outlet };
}
/** Options that wait no time, and what they were asked to wait. */
function noWaiting() {
  const waits: number[] = [];
  return { waits, options: { firstMs: 100, random: () => 1, wait: async (ms: number) => void waits.push(ms) } };
}

describe('withReconnect', () => {
  it('tries again after a loss, and hands on what comes', async () => {
    const { heard, outlet } = listen();
    const transport = scripted(absent, absent, async (to) => to.next(packet));
    await withReconnect(transport, noWaiting().options).run(outlet, new AbortController().signal);
    expect([transport.count, heard.packets]).toEqual([3, 1]);
    // The same trouble is told once.
    expect(heard.reports).toEqual([
      'connecting: connecting by scripted',
      'down: nobody there; trying again, at least every 5 s',
    ]);
  });

  it('waits longer each time, up to a limit, and between half and all of it', async () => {
    const { outlet } = listen();
    const transport = scripted(...Array.from({ length: 5 }, () => absent), () => Promise.resolve());
    const draws = [0, 1, 0, 1, 0];
    const { waits, options } = noWaiting();
    await withReconnect(transport, { ...options, longestMs: 400, random: () => draws.shift()! }).run(
      outlet,
      new AbortController().signal,
    );
    expect(waits).toEqual([50, 200, 200, 400, 200]);
  });

  it('begins anew with the first wait when the link was up', async () => {
    const { heard, outlet } = listen();
    const up = async (to: PacketOutlet) => {
      to.report({ state: 'ok', detail: '' });
      throw new Error('cut');
    };
    const { waits, options } = noWaiting();
    const transport = scripted(absent, absent, up, () => Promise.resolve());
    await withReconnect(transport, options).run(outlet, new AbortController().signal);
    expect(waits).toEqual([100, 200, 100]);
    expect(heard.reports.map((report) => report.slice(0, 4))).toEqual(['conn', 'down', 'ok: ', 'down']);
  });

  it('stops at once when aborted in a wait', async () => {
    const { outlet } = listen();
    const abort = new AbortController();
    const running = withReconnect(scripted(absent), { firstMs: 60_000 }).run(outlet, abort.signal);
    setTimeout(() => abort.abort(), 10);
    await expect(running).resolves.toBeUndefined();
  });
});
