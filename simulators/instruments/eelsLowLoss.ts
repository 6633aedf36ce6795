import { spectrumLayout } from '../../src/model/layout.ts';
import { createEelsLow } from '../forward/eelsLow.ts';
import { eelsLowAxis } from '../forward/eelsSpectrum.ts';
import { eelsBeamDamage } from './eelsBeamDamage.ts';
import { createEelsSample } from './eelsSample.ts';
import type { Instrument } from './instrument.ts';

/**
 * The low-loss half of dual EELS: zero loss and plasmons. Played with the seed, scenario and start of `eels-beam-damage`, it is
 * the same experiment: same drift, dose and thickness, counts of its own.
 */
export const eelsLowLoss: Instrument = {
  ...eelsBeamDamage,
  name: 'eels-low-loss',
  stream: 'eelsLowLoss',
  branch: 0x10553,
  summary: 'Low loss beside the Fe L2,3 edge: zero-loss position and thickness.',
  detector: { ...eelsBeamDamage.detector, ceiling: 16383 },
  faults: { ...eelsBeamDamage.faults, position: 0 },
  layout(channels) {
    const { start, step } = eelsLowAxis(channels);
    const coordinates = Float64Array.from({ length: channels }, (_, i) => start + i * step);
    return spectrumLayout(
      { name: 'energyLoss', unit: 'eV', coordinates },
      { quantity: 'counts', unit: '1', noise: 'poisson' },
    );
  },
  createSample: (channels, start) => createEelsSample(createEelsLow(channels), start),
};
