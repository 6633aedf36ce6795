import type { z } from 'zod';
import { normalQuantile } from '../../kernel/change/normalTail.ts';
import { createChannelState, createChannelWork } from '../../kernel/quality/channelState.ts';
import { createDarkState } from '../../kernel/quality/darkFrames.ts';
import type { SignalTotal } from '../../kernel/quality/signalTotal.ts';
import { createSpikeState, createSpikeWork } from '../../kernel/quality/spikeState.ts';
import { createUsualWork } from '../../kernel/quality/usualTotal.ts';
import { runLengthOf } from '../../model/duration.ts';
import { makeFrame } from '../../model/frame.ts';
import { channelCentres, fastAxis } from '../../model/layout.ts';
import type { Setting } from '../../model/stage.ts';
import type { faultSettings } from './faultSettings.ts';

/** What quality.faults derives from its settings. */
export type FaultWork = ReturnType<typeof prepareFaults>;

export function prepareFaults({ id, config, layout, framePeriodUs }: Setting<z.output<typeof faultSettings>, 'frame'>) {
  const axis = fastAxis(layout);
  const runLength = runLengthOf(config.falseAlarms, framePeriodUs);
  const chance = 1 / Math.max(runLength, 2);
  const signal: SignalTotal = { total: 0, counts: null, share: 0, usable: 0, isConstant: false };
  return {
    config,
    id,
    axis: { x: channelCentres(axis), unit: axis.unit },
    isAbsorbance: layout.quantity === 'absorbance',
    isCounts: layout.noise === 'poisson' || layout.noise === 'scaledPoisson',
    runLength,
    dark: { ...config, chance, sigma: normalQuantile(chance) },
    spikes: createSpikeWork(layout.size),
    channels: createChannelWork(layout.size),
    usual: createUsualWork(),
    signal,
    bad: new Uint8Array(layout.size),
    hidden: new Uint8Array(layout.size),
    output: makeFrame({ stream: '', seq: 0, timeUs: 0, exposureUs: 0, layout, values: new Float64Array(0) }),
  };
}

/** What quality.faults remembers. */
export const initialFaults = ({ bad }: FaultWork) => ({
  spikes: createSpikeState(bad.length),
  channels: createChannelState(bad.length),
  dark: createDarkState(),
  held: new Uint8Array(bad.length),
  exposureUs: 0,
  verdict: 'signal',
  sinceUs: 0,
});
