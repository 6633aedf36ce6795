import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Reading } from '../../src/model/signal.ts';
import { dataRoot } from '../support/operando.ts';
import { playExample } from '../support/playExample.ts';
import { needs } from '../support/requirement.ts';

const present = (folder: string): boolean => needs('data', folder, existsSync(join(dataRoot, folder)));
const meanOf = (readings: readonly Reading[]): number =>
  readings.reduce((sum, { value }) => sum + value, 0) / readings.length;
/** Standard error of the mean as the readings state it. */
const errorOf = (readings: readonly Reading[]): number =>
  Math.sqrt(readings.reduce((sum, { standardError }) => sum + standardError! ** 2, 0)) / readings.length;

describe.runIf(present('stem_eels_si_heterostructure'))('the EELS cube of a layer, through its preset', () => {
  it('shows lanthanum come and titanium go in rows 18 to 30, and raises at the row where it begins', async () => {
    const { alerts, readings, frameCount, settings } = await playExample('eels-layer');
    expect(frameCount).toBe(294);
    expect(settings['titanium']).toMatchObject({ before: [0.1, 0.02] });
    const rows = (stage: string, from: number, to: number) => {
      const part = readings(stage, 'net').filter(({ seq }) => seq >= 6 * from && seq < 6 * to);
      expect(part).toHaveLength(6 * (to - from));
      for (const { quality, standardError } of part) {
        expect(quality).toBe('valid');
        expect(standardError).toBeGreaterThan(0);
      }
      return { mean: meanOf(part), error: errorOf(part) };
    };
    const before = { ti: rows('titanium', 2, 16), la: rows('lanthanum', 2, 16) };
    const inside = { ti: rows('titanium', 20, 28), la: rows('lanthanum', 20, 28) };
    const after = rows('lanthanum', 36, 48);
    expect(inside.la.mean).toBeGreaterThan(10_000);
    expect(inside.la.mean - before.la.mean).toBeGreaterThan(20 * Math.hypot(inside.la.error, before.la.error));
    expect(Math.abs(before.la.mean)).toBeLessThan(0.2 * inside.la.mean);
    expect(Math.abs(after.mean)).toBeLessThan(0.2 * inside.la.mean);
    expect(inside.ti.mean).toBeLessThan(0.3 * before.ti.mean);
    const [first, ...others] = alerts.filter(({ phase }) => phase === 'raised').map(({ seq }) => Math.floor(seq / 6));
    expect(first).toBeGreaterThanOrEqual(17);
    expect(first).toBeLessThanOrEqual(19);
    // At most one more, where the foot of the layer has not returned to what was learned.
    expect(others.length).toBeLessThanOrEqual(1);
  });
});

describe.runIf(present('edx_bcf'))('the X-ray map of a coating, through its preset', () => {
  it('loses magnesium at row 20, and says so once within three rows', async () => {
    const { alerts, readings, frameCount, settings } = await playExample('edx-coating');
    expect(frameCount).toBe(7500);
    expect(settings['lines']).toMatchObject({ fwhm: '130 eV', lls: true });
    const net = readings('magnesium', 'net');
    const before = net.filter(({ seq }) => seq < 2000);
    const after = net.filter(({ seq }) => seq >= 2100);
    // A pixel is exposed for two thirds of the time after the boundary: that alone is no loss.
    expect(meanOf(after)).toBeLessThan(0.4 * meanOf(before));
    const raised = alerts.filter(({ phase }) => phase === 'raised');
    expect(raised.map(({ seq }) => Math.floor(seq / 100)).filter((row) => row < 20)).toEqual([]);
    expect(raised).toHaveLength(1);
    expect(Math.floor(raised[0]!.seq / 100)).toBeLessThanOrEqual(22);
  }, 60_000);
});

describe.runIf(present('xps_specs_repeated_scans'))('repeated XPS scans, through their preset', () => {
  it('raise nothing, and give the two lines of oxygen scan by scan', async () => {
    const { alerts, readings, settings } = await playExample('xps-scans');
    expect(alerts).toEqual([]);
    expect(readings('change', 'statistic')).toHaveLength(18);
    expect(settings['loss']).toMatchObject({ axis: 'binding', endpointAverage: 5 });
    for (const { value, standardError, quality } of readings('lines', 'oxide.position')) {
      expect(quality).toBe('valid');
      expect(value).toBeGreaterThan(530.5);
      expect(value).toBeLessThan(531);
      expect(standardError).toBeLessThan(0.02);
    }
    for (const { value } of readings('loss', 'net')) expect(Math.abs(value / 6e5 - 1)).toBeLessThan(0.1);
    expect(readings('lines', 'oxide.position')).toHaveLength(10);
  });
});

describe.runIf(present('raman_wdf'))('a Raman map, through its preset', () => {
  it('comes through whole, its fluorescence taken away and its ring mode where it belongs', async () => {
    const { readings, frameCount, rejections, lastFrames, settings } = await playExample('raman-map');
    expect([frameCount, rejections]).toEqual([2205, []]);
    expect(settings['fluorescence']).toMatchObject({ length: '32 cm-1' });
    expect(settings['bands']).toMatchObject({ shape: 'lorentzian' });
    const { values, variances } = lastFrames.get('fluorescence')!;
    const raw = lastFrames.get('raman')!.values;
    // What is left is small beside what was there, on both sides of nothing, with an error in each channel.
    expect(Math.abs(values.reduce((sum, value) => sum + value, 0))).toBeLessThan(
      0.05 * raw.reduce((sum, value) => sum + value, 0),
    );
    expect(variances!.every((variance) => variance > 0)).toBe(true);
    // Of the whole axis, which the background follows, some sums have no error that could be told: none is said to have none.
    for (const { standardError } of readings('fluorescence', 'net'))
      if (standardError !== undefined) expect(standardError).toBeGreaterThan(0);
    const converged = readings('fluorescence', 'converged');
    expect(converged.filter(({ value }) => value === 1).length).toBeGreaterThan(0.95 * converged.length);
    const seen = readings('bands', 'ring.area').filter(
      ({ value, standardError, quality }) => quality === 'valid' && value > 5 * (standardError ?? Infinity),
    );
    expect(seen.length).toBeGreaterThan(100);
    const where = new Set(seen.map(({ seq }) => seq));
    const positions = readings('bands', 'ring.position').filter(
      ({ seq, quality }) => where.has(seq) && quality === 'valid',
    );
    expect(meanOf(positions)).toBeGreaterThan(999);
    expect(meanOf(positions)).toBeLessThan(1005);
  }, 60_000);
});

describe.runIf(present('xrd_vt_lab_5_temperatures'))('XRD in a furnace, through its preset', () => {
  it('follows a line by half a degree from pattern to pattern, and keeps its lines above the background', async () => {
    const { readings, frameCount, lastFrames, settings } = await playExample('xrd-furnace');
    expect(frameCount).toBe(5);
    expect(settings['peaks']).toMatchObject({ fwhm: '0.3 deg', lls: false });
    expect(settings['lines']).toMatchObject({ shape: 'pseudoVoigt' });
    // The highest channels of the patterns from 400 C on, read off the files.
    const highest = [26.53859, 26.01348, 26.39722, 26.01348];
    const [positions, widths] = ['position', 'width'].map((name) => readings('lines', `first.${name}`).slice(1));
    highest.forEach((angle, k) => {
      expect(positions![k]!.quality).toBe('valid');
      expect(Math.abs(positions![k]!.value - angle)).toBeLessThan(0.05);
      // As wide as the preset takes them to be, or narrower.
      expect(widths![k]!.value).toBeLessThan(0.3);
    });
    const net = readings('peaks', 'net').map(({ value }) => value);
    for (const hot of net.slice(1)) expect(hot).toBeGreaterThan(1.5 * net[0]!);
    // Between the lines there is little but background, which clipping takes to lie under the noise.
    const { values, layout } = lastFrames.get('peaks')!;
    const between = values.filter((_, i) => {
      const angle = layout.axes[0]!.coordinates[i]!;
      return angle > 75 && angle < 78;
    });
    const level = lastFrames.get('xrd')!.values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(between.reduce((sum, value) => sum + value, 0) / between.length)).toBeLessThan(0.25 * level);
  });
});

describe.runIf(present('xas_reference_library_xdi'))('absorption at the nickel edge, through its preset', () => {
  it('ends at 1 whatever the thickness, and tells the oxide from sulfide and metal by the energy of its edge', async () => {
    const { readings, frameCount, lastFrames, settings } = await playExample('xas-nickel');
    expect(frameCount).toBe(11);
    expect(settings['normalised']).toMatchObject({ preEdge: [-150, -30], postEdge: [100, 600], order: 2 });
    const edges = readings('normalised', 'edge');
    for (const { quality } of edges) expect(quality).toBe('valid');
    const edge = (from: number, to: number): number => meanOf(edges.slice(from, to));
    const [oxide, hydroxide, sulfide, metal] = [edge(0, 3), edge(3, 6), edge(6, 9), edge(9, 11)];
    expect(Math.min(oxide, hydroxide) - Math.max(sulfide, metal)).toBeGreaterThan(2.5);
    // The same sample again: within half an electronvolt.
    for (const [from, to] of [
      [0, 3],
      [3, 6],
      [6, 9],
      [9, 11],
    ] as const)
      for (const { value } of edges.slice(from, to)) expect(Math.abs(value - edge(from, to))).toBeLessThan(0.5);
    // Steps of 0.2 to 2.5 in absorbance; normalised, the metal ends at 1 and begins at 0.
    const steps = readings('normalised', 'edgeStep').map(({ value }) => value);
    expect(steps[9]! / steps[3]!).toBeGreaterThan(10);
    const { values, layout } = lastFrames.get('normalised')!;
    const mean = (from: number, to: number): number => {
      const part = values.filter((_, i) => {
        const energy = layout.axes[0]!.coordinates[i]!;
        return energy > from && energy < to;
      });
      return part.reduce((sum, value) => sum + value, 0) / part.length;
    };
    expect(mean(8700, 8900)).toBeCloseTo(1, 1);
    expect(mean(8190, 8300)).toBeCloseTo(0, 2);
  });
});
