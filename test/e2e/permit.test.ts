import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../bench/permit/protocol/random.ts';
import type { Fault } from '../../bench/permit/trio/faults.ts';
import { runTrial } from '../../bench/permit/trio/runTrials.ts';
import { startTrio, type Trio } from '../../bench/permit/trio/trio.ts';
import type { PermitEvent } from '../../src/model/permit.ts';
import { root } from '../support/operando.ts';

let trio: Trio;
beforeAll(async () => {
  trio = await startTrio({ isForSpeed: false, program: [join(root, 'bin/operando.mjs')] });
});
afterAll(() => trio.end());

/** Chance that lets a fault last longer than a lease. */
const longSpells = (): Random => ({ ...createRandom(1), chance: () => false, between: (from) => from });

const audit = async (): Promise<PermitEvent[]> =>
  (await readFile(trio.audit.file, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as PermitEvent);

describe('a monitor, a broker and a receiver of the beam permit', () => {
  it('open the shutter when somebody arms, and close it when somebody stops', async () => {
    await trio.openAgain();
    expect(await trio.permitState()).toBe('permitted');
    expect(await trio.command('stop')).toMatchObject({ isDone: true });
    await trio.shutter.until(false, 5000);
    expect(await trio.permitState()).toBe('stopped');
    const events = (await audit()).filter(({ event }) => event !== 'refused');
    expect(events.slice(0, 2)).toMatchObject([
      { event: 'granted', by: 'bench', epoch: 1 },
      { event: 'tripped', by: 'bench', epoch: 1 },
    ]);
  });

  it.each<[string, Fault]>([
    ['the monitor is killed, and still after it is back', 'monitorKilled'],
    ['the broker stands still, and still when it goes on', 'brokerStopped'],
    ['the receiver stands still, and still when it goes on', 'receiverStopped'],
  ])('keep the shutter closed when %s, until somebody arms', async (_, fault) => {
    const { isFailOpen, stopMs, trouble } = await runTrial(fault, trio, longSpells());
    expect({ isFailOpen, trouble }).toEqual({ isFailOpen: false, trouble: '' });
    expect(stopMs).not.toBeNull();
    await trio.openAgain();
    expect(await trio.permitState()).toBe('permitted');
  });
});
