import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataRoot, operando, root } from '../support/operando.ts';
import { needs } from '../support/requirement.ts';

interface Raised {
  readonly frame: number;
  /** Slow signals at that frame. */
  readonly context: Readonly<Record<string, number>>;
}

interface Turned {
  readonly frame: number;
  /** Time of day of the turning point, UTC. */
  readonly since: string;
}

/** Replays an example through the command line; gives the alerts it raised and the frames it processed. */
async function replayed(
  example: string,
  speed = 'max',
): Promise<{ raised: Raised[]; turned: Turned[]; frameCount: number; digest: string }> {
  const { code, out, err } = await operando(
    ['replay', `examples/${example}.yaml`, '--no-page', '--speed', speed],
    root,
  );
  expect(err.replace(/^operando: building.*\n/gm, '')).toBe('');
  expect(code).toBe(0);
  const raised = [...out.matchAll(/frame (\d+) +(?:NOTICE|WARNING|CRITICAL) .*?(?:\[(.*)\])?$/gm)].map(
    ([, frame, context]) => ({
      frame: Number(frame),
      context: Object.fromEntries(
        (context ?? '').split(', ').map((entry) => [entry.split(' ')[0]!, Number(entry.split(' ')[1])]),
      ),
    }),
  );
  const frameCount = Number(/= (\d+) processed \+ 0 summed into others \+ 0 dropped/.exec(out)?.[1]);
  const turned = [...out.matchAll(/frame (\d+) +[A-Z]+ .*turned back.*turned (\S+) UTC/gm)].map(([, frame, since]) => ({
    frame: Number(frame),
    since: since!,
  }));
  return { raised, turned, frameCount, digest: /^digest (\w+)$/m.exec(out)?.[1] ?? 'none' };
}

const present = (folder: string): boolean => needs('data', folder, existsSync(join(dataRoot, folder)));

describe.runIf(present('npd_halide_perovskite_temperature'))('the perovskite example', () => {
  it('raises an alert at each transition and at most one before them', async () => {
    const { raised, frameCount } = await replayed('perovskite');
    const temperatures = raised.map(({ context }) => context['temperature'] ?? NaN);
    const within = (from: number, to: number) => temperatures.filter((kelvin) => kelvin >= from && kelvin <= to);
    expect(frameCount).toBe(140);
    expect(within(149, 157)).toHaveLength(1);
    expect(within(165, 171)).toHaveLength(1);
    expect(temperatures.length - within(149, 157).length - within(165, 171).length).toBe(within(130, 149).length);
    expect(within(130, 149).length).toBeLessThanOrEqual(1);
  });

  it('gives the same signals at another speed', async () => {
    expect((await replayed('perovskite', '1000')).digest).toBe((await replayed('perovskite')).digest);
  });
});

describe.runIf(present('raman_witec_si_timeseries_null'))('the silicon example', () => {
  it('raises nothing in 100 frames', async () => {
    expect(await replayed('silicon-raman')).toMatchObject({ raised: [], frameCount: 100 });
  });
});

describe.runIf(present('xas_linio2_operando_cycling'))('the lithium nickel oxide example', () => {
  it('names the end of charge as a turning point, and raises at most two alerts beside', async () => {
    const { raised, turned, frameCount } = await replayed('lithium-nickel-oxide');
    expect(frameCount).toBe(102);
    const [first] = turned;
    expect(first!.frame).toBeGreaterThan(55);
    expect(first!.frame).toBeLessThanOrEqual(59);
    // The frame that began at 07:31:48 UTC is number 55; the current was reversed at 07:30:40.
    expect(first!.since >= '07:24:00' && first!.since <= '07:39:00').toBe(true);
    expect(raised.length).toBeLessThanOrEqual(3);
    expect(turned.slice(1).every(({ frame }) => frame >= 99)).toBe(true);
    expect(raised.filter(({ frame }) => frame >= 57 && frame <= 59)).toHaveLength(1);
  });
});

const hasDamage = present('xas_beam_damage_s_and_fe') && present('xas_reference_library_xdi');
describe.runIf(hasDamage)('the examples of beam damage', () => {
  it('declare the damage of sulfur within the first five scans, after they would have stopped the beam', async () => {
    const { out } = await operando(['replay', 'examples/sulfur-beam-damage.yaml', '--no-page', '--speed', 'max'], root);
    const declared = /frame (\d+) .*the tolerance is passed with a probability of ([\d.]+)/.exec(out);
    expect(Number(declared?.[1])).toBeLessThan(5);
    expect(Number(declared?.[2])).toBeGreaterThan(95);
    const stopped = /frame (\d+) .*the next frame would pass the tolerance/.exec(out);
    expect(Number(stopped?.[1])).toBeLessThan(Number(declared?.[1]));
  });
  it('declare none of iron, where hardly any is', async () => {
    expect(await replayed('iron-beam-damage')).toMatchObject({ raised: [], frameCount: 15 });
  });
});
