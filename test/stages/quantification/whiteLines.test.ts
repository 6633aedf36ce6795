import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/load.ts';
import { pipelineJsonSchema } from '../../../src/config/jsonSchema.ts';
import whiteLines from '../../../src/stages/quantification/whiteLines.ts';
import { goldenCases, numbersOf, OWN_FOLDER } from '../../golden/goldenCases.ts';
import { testFrame } from '../../support/frames.ts';
import { energyLayout, seeFrame } from '../background/simulate.ts';

const RECIPE = {
  ...whiteLines.presets!.EELS!,
  preEdge: [692, 702] as [number, number],
  plateau: [733, 739] as [number, number],
} as Parameters<typeof whiteLines.create>[1];
const spectra = energyLayout(690, 0.1, 500);
const golden = goldenCases('eels_white_lines', OWN_FOLDER).filter(({ params }) => 'preEdge_eV' in params);
const valuesOf = (k: number): Float64Array => Float64Array.from(numbersOf(golden[k]!.inputs['y']));

describe('quantification.whiteLines', () => {
  it.each(golden.map(({ id }, k) => [id, k] as const))('reads %s as the recipe has it', (_id, k) => {
    const { readings } = seeFrame(whiteLines.create('w', RECIPE), testFrame(spectra, 0, valuesOf(k)));
    const want = golden[k]!.expected as Readonly<Record<string, number>>;
    expect(readings['ratio']!.value / want['ratio']! - 1).toBeCloseTo(0, 6);
    expect(readings['ratio']!.standardError! / want['ratioSigma_poisson']! - 1).toBeCloseTo(0, 6);
    expect(readings['areaL3']!.value / want['A3']! - 1).toBeCloseTo(0, 6);
    expect(readings['L2']!.value).toBeCloseTo(want['L2_eV']!, 6);
  });

  it('follows the measured drift of the frame', () => {
    const moved = energyLayout(692, 0.1, 500);
    const { readings } = seeFrame(whiteLines.create('w', RECIPE), testFrame(moved, 0, valuesOf(0), { axisShift: -2 }));
    expect(readings['L3']!.value).toBeCloseTo(709.7, 6);
    expect(readings['ratio']!.value).toBeCloseTo(2.80917942, 6);
  });

  it('gives nothing valid of frames without lines, or with every channel masked', () => {
    const stage = whiteLines.create('w', RECIPE);
    const masked = testFrame(spectra, 0, valuesOf(0), { mask: new Uint8Array(500).fill(1) });
    for (const frame of [testFrame(spectra, 0, new Float64Array(500).fill(20)), masked])
      for (const { quality } of Object.values(seeFrame(stage, frame).readings)) expect(quality).toBe('invalid');
  });

  it('refuses windows outside the axis by name', () => {
    const stage = whiteLines.create('w', { ...RECIPE, plateau: [733, 760] });
    expect(() => seeFrame(stage, testFrame(spectra, 0, valuesOf(0)))).toThrow(
      /plateau is 733 to 760, expected a part of 690 to 739\.9/,
    );
  });

  it('needs its recipe, which the modality gives and an editor then does not ask for', () => {
    const text = (modality: string): string =>
      `{version: 1, modality: ${modality}, streams: {s: {source: {use: simulator, with: {scenario: 'eels-beam-damage:damage'}}}},
      pipeline: [{id: w, use: quantification.whiteLines, with: {preEdge: [692, 702], plateau: [733, 739]}}]}`;
    expect(() => parseConfig(text('EELS'), { path: 'run.yaml', env: {} })).not.toThrow();
    expect(() => parseConfig(text('XRD'), { path: 'run.yaml', env: {} })).toThrow(
      /stepWidth {2}expected a number, it is missing; modality EELS would give it/,
    );
    expect(JSON.stringify(pipelineJsonSchema())).not.toMatch(/"required":\[[^\]]*"stepWidth"/);
    expect(JSON.stringify(pipelineJsonSchema())).toMatch(/"required":\["preEdge","plateau"\]/);
  });
});
