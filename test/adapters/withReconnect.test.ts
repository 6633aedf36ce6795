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
const waits = (reports: readonly string[]): number[] =>
  reports.flatMap((report) => {
    const match = /again in (\d+) ms/.exec(report);
    return match === null ? [] : [Number(match[1])];
  });

describe('withReconnect', () => {
  it('tries again after a loss, and hands on what comes', async () => {
    const { heard, outlet } = listen();
    const transport = scripted(absent, absent, async (to) => to.next(packet));
    await withReconnect(transport, { firstMs: 1 }).run(outlet, new AbortController().signal);
    expect([transport.count, heard.packets]).toEqual([3, 1]);
    expect(heard.reports[0]).toMatch(/^down: nobody there; trying again in/);
  });

  it('waits longer each time, up to a limit, and between half and all of it', async () => {
    const { heard, outlet } = listen();
    const transport = scripted(...Array.from({ length: 5 }, () => absent), () => Promise.resolve());
    const draws = [0, 0.999, 0, 0.999, 0];
    await withReconnect(transport, { firstMs: 10, longestMs: 40, random: () => draws.shift()! }).run(
      outlet,
      new AbortController().signal,
    );
    expect(waits(heard.reports)).toEqual([5, 20, 20, 40, 20]);
  });

  it('begins anew with the first wait when the link was up', async () => {
    const { heard, outlet } = listen();
    const up = async (to: PacketOutlet) => {
      to.report({ state: 'ok', detail: '' });
      throw new Error('cut');
    };
    const transport = scripted(absent, absent, up, () => Promise.resolve());
    await withReconnect(transport, { firstMs: 10, random: () => 1 }).run(outlet, new AbortController().signal);
    expect(waits(heard.reports)).toEqual([10, 20, 10]);
  });

  it('stops at once when aborted in a wait', async () => {
    const { outlet } = listen();
    const abort = new AbortController();
    const running = withReconnect(scripted(absent), { firstMs: 60_000 }).run(outlet, abort.signal);
    setTimeout(() => abort.abort(), 10);
    await expect(running).resolves.toBeUndefined();
  });
});
