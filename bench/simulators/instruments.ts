import { edxSpectrometer } from '../../simulators/instruments/edxSpectrometer.ts';
import { eelsBeamDamage } from '../../simulators/instruments/eelsBeamDamage.ts';
import type { Instrument } from '../../simulators/instruments/instrument.ts';
import { ramanCrystallisation } from '../../simulators/instruments/ramanCrystallisation.ts';
import { xasReduction } from '../../simulators/instruments/xasReduction.ts';
import { xpsReduction } from '../../simulators/instruments/xpsReduction.ts';
import { xrdCycling } from '../../simulators/instruments/xrdCycling.ts';
import { xrdHeating } from '../../simulators/instruments/xrdHeating.ts';

/** Instruments that are measured; the example pipeline of each has its name. */
export const INSTRUMENTS: readonly Instrument[] = [
  xrdHeating,
  xrdCycling,
  eelsBeamDamage,
  edxSpectrometer,
  xpsReduction,
  ramanCrystallisation,
  xasReduction,
];

export const INSTRUMENT_NAMES = INSTRUMENTS.map(({ name }) => name);
