import type { SimulatorOptions } from './simulator.ts';

/** 2026-01-01T00:00:00Z. */
const EPOCH_US = 1_767_225_600_000_000;
/** Detector ceilings are given for so many channels. */
export const USUAL_CHANNELS = 1024;

/** Options with what was left out, but for the pace. */
export function usualOptions(options: SimulatorOptions, usualStream: string) {
  const {
    stream = usualStream,
    seed = 1,
    startUs = EPOCH_US,
    eventAtFrame = 150,
    channels = USUAL_CHANNELS,
    slowPeriodUs = 500_000,
    latencyUs = 50_000,
  } = options;
  return { stream, seed, startUs, eventAtFrame, channels, slowPeriodUs, latencyUs };
}
