import { spectrumLayout } from '../../src/model/layout.ts';
import { edxAxis } from '../forward/edxSpectrum.ts';
import { createEdxStream } from '../forward/edxStream.ts';
import { EDX_SCENARIOS } from '../scenarios/edxSpectrometer.ts';
import { createEdxMap, EDX_MAP_MEMBERS } from './edxMap.ts';
import { createEdxSample, EDX_CRITICAL_FLUENCE, EDX_FLUENCE_RATE } from './edxSample.ts';
import type { Instrument } from './instrument.ts';

/** X-ray spectra of a steel foil in a scanning transmission electron microscope at 200 kV: composition, new elements, a map. */
export const edxSpectrometer: Instrument = {
  name: 'edx-spectrometer',
  stream: 'edx',
  branch: 0xed8,
  summary: 'EDX of an Fe-Cr-Ni foil, 200 kV: chromium replaces iron, or an element comes.',
  nominalPeriodS: 1,
  dose: { unit: 'nm-2', perSecond: EDX_FLUENCE_RATE, critical: EDX_CRITICAL_FLUENCE },
  drifts: {
    intensity: { ratePerHour: -0.01, wander: { sigma: 0.003, tauS: 60 } },
    // 1e-6, eV, and g/cm2 of carbon.
    gain: { wander: { sigma: 30, tauS: 1800 } },
    offset: { wander: { sigma: 0.5, tauS: 1800 } },
    film: { ratePerHour: 1e-7 },
  },
  // One detector counts all channels: no pattern from channel to channel.
  detector: {},
  faults: { position: 6400, hotCounts: 1000, cosmicCharge: 0, tripShift: 1 },
  slowChannels: [
    { name: 'beamCurrent', unit: 'nA', noise: 2e-3 },
    { name: 'deadTime', unit: '%', noise: 0.05 },
    { name: 'x', unit: 'um', noise: 0 },
    { name: 'y', unit: 'um', noise: 0 },
    { name: 'detectorTemperature', unit: 'K', noise: 0.02 },
  ],
  scenarios: EDX_SCENARIOS,
  layout(channels) {
    const { start, step } = edxAxis(channels);
    const coordinates = Float64Array.from({ length: channels }, (_, i) => start + i * step);
    return spectrumLayout(
      { name: 'energy', unit: 'eV', coordinates },
      { quantity: 'counts', unit: '1', noise: 'poisson' },
    );
  },
  createSample: (channels, start) => createEdxSample(createEdxStream(channels), start),
  createMap: (channels, start) =>
    createEdxMap(
      EDX_MAP_MEMBERS.map(() => createEdxStream(channels)),
      start,
    ),
};
