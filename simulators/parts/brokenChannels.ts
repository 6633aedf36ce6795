import type { Instrument } from '../instruments/instrument.ts';
import type { FaultSetting } from '../scenarios/scenario.ts';
import type { DetectorFaults } from './detector.ts';

/** Distance of the flickering from the hot channel. */
const FLICKER_OFFSET = 40;

/** A detector in order. */
export const HEALTHY: DetectorFaults = {
  deadChannel: null,
  hotChannel: null,
  hotCounts: 0,
  flickeringChannel: null,
  cosmicHits: 0,
  cosmicCharge: 0,
};

/** Which channels of an instrument the faults of a scenario break. */
export function brokenChannels(
  faults: FaultSetting,
  instrument: Instrument,
  coordinates: Float64Array,
): DetectorFaults {
  const { position, hotCounts, cosmicCharge } = instrument.faults;
  const channel = Math.max(
    0,
    coordinates.findIndex((x) => x >= position),
  );
  return {
    deadChannel: faults.isDead === true ? channel : null,
    hotChannel: faults.isHot === true ? channel : null,
    hotCounts,
    flickeringChannel: faults.isFlickering === true ? (channel + FLICKER_OFFSET) % coordinates.length : null,
    cosmicHits: faults.cosmicHits ?? 0,
    cosmicCharge,
  };
}
