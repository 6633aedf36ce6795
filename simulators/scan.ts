import { buildAliasTable, drawAlias } from '../src/kernel/random/aliasTable.ts';
import { nextPoisson } from '../src/kernel/random/poisson.ts';
import { nextUniform } from '../src/kernel/random/xoshiro128.ts';
import { makeFrame } from '../src/model/frame.ts';
import type { SlowSample } from '../src/model/signal.ts';
import type { Instrument } from './instruments/instrument.ts';
import type { PixelMap, RarePixel } from './instruments/pixelMap.ts';
import { createBeamControl } from './parts/beamControl.ts';
import { createDrift } from './parts/drift.ts';
import { Purpose, seedPurpose } from './parts/randomStreams.ts';
import { createSlowClock } from './parts/slowClock.ts';
import type { Scenario } from './scenarios/scenario.ts';
import type { Simulator, SimulatorOptions } from './simulator.ts';
import { usualOptions } from './usualOptions.ts';

/** Smallest share of the rare phase in a pixel after the first. */
const LEAST_SHARE = 0.2;

/**
 * Plays a scan: every frame is a pixel, its position a slow signal of the same time; after the last pixel the scan begins anew.
 * Counts are drawn by totals, N_j of Poisson(share_j R_j t) from the alias table of end member j, which is Poisson in every channel.
 */
export function createScan(
  instrument: Instrument,
  map: PixelMap,
  scenario: Scenario,
  name: string,
  options: SimulatorOptions,
): Simulator {
  const { stream, seed, startUs, eventAtFrame, channels, slowPeriodUs, latencyUs } = usualOptions(
    options,
    instrument.stream,
  );
  const { width, height, dwellS, pitchUm, memberCount } = map;
  const pixels = width * height;
  const framePeriodUs = Math.round(
    options.framesPerSecond === undefined ? dwellS * 1e6 : 1e6 / options.framesPerSecond,
  );
  const timeLapse = (dwellS * 1e6) / framePeriodUs;
  const ownSeed = (seed ^ instrument.branch) >>> 0;
  const layout = instrument.layout(channels);
  const control = createBeamControl(framePeriodUs, latencyUs);
  const clock = createSlowClock(
    instrument.slowChannels.filter((channel) => channel.name !== 'x' && channel.name !== 'y'),
    ownSeed,
    startUs,
    slowPeriodUs,
  );
  const drifts = Object.entries(instrument.drifts).map(([quantity, setting]) => ({
    quantity,
    drift: createDrift(setting, scenario.nuisance),
  }));
  const rare = placeRare(scenario.scan?.rarePixels ?? 0, eventAtFrame, map, seed);
  const named = Object.fromEntries(
    rare.flatMap(({ x, y, share }, k) => [
      [`rare${k + 1}X`, x],
      [`rare${k + 1}Y`, y],
      [`rare${k + 1}Share`, share],
    ]),
  );

  const tables = Array.from({ length: memberCount }, () => buildAliasTable(new Float64Array(channels)));
  const shares = new Float64Array(memberCount);
  const means = new Float64Array(channels);
  const values = new Float64Array(channels);
  const random = new Uint32Array(4);
  let nuisances: Record<string, number> = {};
  let builtFor = '';
  let seq = 0;
  let eventStartUs: number | null = null;

  const beginRow = (row: number): void => {
    const rowS = width * dwellS;
    seedPurpose(seed, Purpose.drift, row, random);
    nuisances = {};
    for (const { quantity, drift } of drifts) {
      drift.advance((row + 0.5) * rowS, rowS, random);
      nuisances[quantity] = drift.value;
    }
  };
  const buildTables = (beam: number): void => {
    const key = `${beam} ${Object.values(nuisances).join(' ')}`;
    if (key === builtFor) return;
    builtFor = key;
    for (let j = 0; j < memberCount; j++) {
      map.mean(j, nuisances, beam, means);
      buildAliasTable(means, tables[j]);
    }
  };

  return {
    name,
    stream,
    layout,
    framePeriodUs,
    get isStopped() {
      return control.isStopped;
    },
    command: (command) => control.order(command, startUs + seq * framePeriodUs),
    next() {
      const timeUs = startUs + seq * framePeriodUs;
      const scanned = seq % pixels;
      const { x, y } = placeOf(scanned, width);
      const row = Math.floor(seq / width);
      if (scanned % width === 0) beginRow(row);
      const openFraction = control.expose(timeUs) / framePeriodUs;
      const beam = control.relative * Math.max(0, 1 + nuisances.intensity);
      buildTables(beam);

      // A stage that has moved shows another field of the same steel.
      const isHome = control.x === 0 && control.y === 0;
      const share = (isHome && rare.find((pixel) => pixel.x === x && pixel.y === y)?.share) || 0;
      const driftX = scenario.nuisance * map.driftPerRow * (row % height);
      map.shares(x + driftX + control.x / pitchUm, y + control.y / pitchUm, share, shares);
      // The counts of a pixel do not depend on the path.
      seedPurpose(ownSeed, Purpose.counts, seq - scanned + y * width + x, random);
      values.fill(0);
      for (let j = 0; j < memberCount; j++) {
        const count = nextPoisson(random, shares[j] * tables[j].total * dwellS * openFraction);
        for (let k = 0; k < count; k++) values[drawAlias(tables[j], random)]++;
      }
      if (share > 0 && openFraction > 0) eventStartUs ??= timeUs;

      const frame = makeFrame({ stream, seq, timeUs, exposureUs: control.exposureUs, layout, values });
      const slow: SlowSample[] = [
        { type: 'slow', name: 'x', stream, timeUs, value: x * pitchUm + control.x, unit: 'um' },
        { type: 'slow', name: 'y', stream, timeUs, value: y * pitchUm + control.y, unit: 'um' },
        ...clock.sample(timeUs, framePeriodUs, map.slow(nuisances, beam * openFraction * timeLapse)),
      ];
      seq++;
      return {
        frame,
        slow,
        deliveryCount: 1,
        truth: {
          seq: frame.seq,
          timeUs,
          change: openFraction > 0 ? share : 0,
          eventStartUs,
          cause: rare.length > 0 ? 'chemistry' : null,
          dose: map.dosePerDwell * beam * openFraction,
          doseUnit: instrument.dose.unit,
          faults: [],
          state: { x, y, ...named, share, driftX, beam },
          nuisances,
        },
      };
    },
  };
}

/** Serpentine: every other row backwards. */
function placeOf(scanned: number, width: number): { readonly x: number; readonly y: number } {
  const y = Math.floor(scanned / width);
  const along = scanned - y * width;
  return { x: y % 2 === 0 ? along : width - 1 - along, y };
}

/** The first rare pixel is met in the frame of the event and is all rare phase, the others lie anywhere with less of it. */
function placeRare(count: number, eventAtFrame: number, { width, height }: PixelMap, seed: number): RarePixel[] {
  const random = seedPurpose(seed, Purpose.areas, 0);
  const pixels = width * height;
  return Array.from({ length: count }, (_, k) => {
    const [where, much] = [nextUniform(random), nextUniform(random)];
    const scanned = k === 0 ? eventAtFrame % pixels : Math.floor(where * pixels);
    return { ...placeOf(scanned, width), share: k === 0 ? 1 : LEAST_SHARE + (1 - LEAST_SHARE) * much };
  });
}
