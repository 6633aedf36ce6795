import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { stageDefinitions, type AnyStage } from '../../src/config/definitions.ts';
import { explainPlan } from '../../src/config/explain.ts';
import { planGraph } from '../../src/config/graph.ts';
import { parseConfig, type LoadedConfig } from '../../src/config/load.ts';
import { modalitiesGiving, withModalities } from '../../src/config/presets.ts';
import { MODALITIES } from '../../src/model/modality.ts';

const loaded = (modality: string, stages: string): LoadedConfig =>
  parseConfig(
    `
version: 1
modality: ${modality}
streams: { s: { source: { use: simulator, with: { scenario: 'xrd-heating:steady' } } } }
pipeline:
${stages}`,
    { path: 'run.yaml', env: { HALF: '9' } },
  );
const settingsOf = ({ config }: LoadedConfig): Readonly<Record<string, unknown>> => config.pipeline[0]!.with ?? {};
const explained = (file: LoadedConfig): string => explainPlan(planGraph(file.config), file);

const SNIP = '  - { id: snip, use: background.snip }';

describe('the preset of a modality', () => {
  it('is taken in whatever case the modality is written', () => {
    for (const name of ['EDX', 'edx', 'Edx'])
      expect(settingsOf(loaded(name, SNIP))).toMatchObject({ fwhm: '130 eV', lls: true });
    expect(settingsOf(loaded('raman', SNIP))).toMatchObject({ fwhm: '20 cm-1', lls: false });
  });

  it('leaves to the file what the file says, and what it says by another setting', () => {
    const file = loaded('raman', '  - { id: snip, use: background.snip, with: { halfWidth: 7, lls: true } }');
    expect(settingsOf(file)).toMatchObject({ halfWidth: 7, lls: true });
    expect(settingsOf(file)).not.toHaveProperty('fwhm');
    expect(
      settingsOf(loaded('raman', '  - { id: a, use: background.arpls, with: { lambda: 500 } }')),
    ).not.toHaveProperty('length');
  });

  it('is none for a modality that is not known', () => {
    expect(settingsOf(loaded('NMR', SNIP))).toMatchObject({ halfWidth: 24, lls: true });
    expect(settingsOf(loaded('NMR', SNIP))).not.toHaveProperty('fwhm');
  });

  it('is told by explain, beside what the file and the defaults say', () => {
    const text = explained(loaded('eDx', '  - { id: snip, use: background.snip, with: { order: increasing } }'));
    expect(text).toMatch(/^ {4}file: order increasing$/m);
    expect(text).toMatch(/^ {4}preset EDX: .*fwhm 130 eV/m);
    expect(text).toMatch(/^ {4}preset EDX: .*lls true/m);
    expect(text).toMatch(/^ {4}default: .*output subtracted/m);
    expect(text).not.toContain('halfWidth');
  });

  it('decides on the digest, so that a replay with other presets is another run', () => {
    expect(loaded('EDX', SNIP).digest).not.toBe(loaded('Raman', SNIP).digest);
  });

  it('gives what the width of lines, and the windows around an edge, are in XRD and XAS', () => {
    expect(settingsOf(loaded('xrd', SNIP))).toMatchObject({ fwhm: '0.3 deg', lls: false });
    expect(settingsOf(loaded('xrd', '  - { id: a, use: background.arpls }'))).toMatchObject({ length: '0.4 deg' });
    const edge = '  - { id: xanes, use: normalisation.edgeStep, with: { edge: 8333, order: 1 } }';
    expect(settingsOf(loaded('XAS', edge))).toMatchObject({ preEdge: [-150, -30], postEdge: [100, 600], order: 1 });
    expect(explained(loaded('XAS', edge))).toMatch(/preset XAS: preEdge \[-150,-30\], postEdge \[100,600\]/);
    expect(() => loaded('XRD', edge)).toThrow(/preEdge.*modality XAS would give it/s);
  });

  it('gives the window before an edge, whose absence is told with the modality that has it', () => {
    const edge = '  - { id: ti, use: background.powerLaw, with: { edge: 456 } }';
    expect(settingsOf(loaded('EELS', edge))).toMatchObject({ edge: 456, before: [0.1, 0.02] });
    expect(() => planGraph(loaded('XRD', edge).config)).toThrow(/expected before, which modality EELS would give/);
    const window = '  - { id: ti, use: background.powerLaw, with: { window: [400, 440] } }';
    expect(settingsOf(loaded('EELS', window))).not.toHaveProperty('before');
  });
});

const withPresets = stageDefinitions.filter(({ presets }) => presets !== undefined);
const required = ({ config }: AnyStage): string[] =>
  Object.entries(config.shape).flatMap(([name, type]) => (z.safeParse(type, undefined).success ? [] : [name]));

describe.each(withPresets)('the presets of $kind', (stage) => {
  it.each(Object.entries(stage.presets ?? {}))(
    '%s: settings of the stage, no two of which stand for each other',
    (modality, preset) => {
      expect(MODALITIES).toContain(modality);
      expect(stage.config.partial().safeParse(preset).error?.message).toBeUndefined();
      for (const names of stage.alternatives ?? [])
        expect(names.filter((name) => name in preset!).length).toBeLessThan(2);
    },
  );

  it('name the modalities when a setting that only they give is missing', () => {
    for (const setting of required(stage).filter((name) => modalitiesGiving(stage, name).length > 0)) {
      const data = { pipeline: [{ use: stage.kind, with: {} }] };
      const [told] = withModalities([{ at: ['pipeline', 0, 'with', setting], message: 'it is missing' }], data);
      expect(told!.message).toContain(modalitiesGiving(stage, setting).join(' or '));
    }
  });
});
