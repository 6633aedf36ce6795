import { MonitorError } from '../src/model/error.ts';
import { nearest } from '../src/model/nearest.ts';
import { createExperiment } from './experiment.ts';
import { edxSpectrometer } from './instruments/edxSpectrometer.ts';
import { eelsBeamDamage } from './instruments/eelsBeamDamage.ts';
import { eelsLowLoss } from './instruments/eelsLowLoss.ts';
import type { Instrument } from './instruments/instrument.ts';
import { ramanCrystallisation } from './instruments/ramanCrystallisation.ts';
import { xasReduction } from './instruments/xasReduction.ts';
import { xpsReduction } from './instruments/xpsReduction.ts';
import { xrdCycling } from './instruments/xrdCycling.ts';
import { xrdHeating } from './instruments/xrdHeating.ts';
import { createScan } from './scan.ts';
import type { Verdict } from './scenarios/scenario.ts';
import type { Simulator, SimulatorOptions } from './simulator.ts';
import { usualOptions } from './usualOptions.ts';

const INSTRUMENTS: readonly Instrument[] = [
  xrdHeating,
  eelsBeamDamage,
  eelsLowLoss,
  edxSpectrometer,
  xrdCycling,
  xpsReduction,
  xasReduction,
  ramanCrystallisation,
];

/** A scenario that can be played. */
export interface ScenarioEntry {
  /** instrument:scenario. */
  readonly name: string;
  readonly instrument: string;
  readonly stream: string;
  readonly summary: string;
  /** Name of the example pipeline that watches it. */
  readonly example: string;
  /** What a good monitor says about it. */
  readonly expected: Verdict;
}

/** Everything `createSimulator` knows, by instrument. */
export function listScenarios(): readonly ScenarioEntry[] {
  return INSTRUMENTS.flatMap((instrument) =>
    Object.entries(instrument.scenarios).map(([scenario, { summary, expected, example }]) => ({
      name: `${instrument.name}:${scenario}`,
      instrument: instrument.name,
      stream: instrument.stream,
      summary,
      example: example ?? instrument.name,
      expected,
    })),
  );
}

/**
 * A simulated experiment by name.
 * @param name instrument:scenario, as in `listScenarios`
 * @throws MonitorError (CONFIG) naming the nearest scenario, or for an option out of range
 * @example createSimulator('xrd-heating:event-in-drift', { seed: 7, framesPerSecond: 10 }).next().frame.seq // => 0
 */
export function createSimulator(name: string, options: SimulatorOptions = {}): Simulator {
  const [instrumentName, scenarioName] = name.split(':');
  const instrument = INSTRUMENTS.find((candidate) => candidate.name === instrumentName);
  const scenario = instrument?.scenarios[scenarioName];
  if (instrument === undefined || scenario === undefined) {
    const names = listScenarios().map((entry) => entry.name);
    const meant = nearest(name, names);
    const hint = meant === null ? '' : `, did you mean '${meant}'?`;
    throw new MonitorError('CONFIG', `there is no scenario '${name}'${hint} Known: ${names.join(', ')}`, {
      id: 'simulator',
    });
  }
  checkOptions(options);
  if (scenario.scan === undefined || instrument.createMap === undefined)
    return createExperiment(instrument, scenario, name, options);
  const { channels } = usualOptions(options, instrument.stream);
  const map = instrument.createMap(channels, { ...scenario.start, ...options.start });
  return createScan(instrument, map, scenario, name, options);
}

function checkOptions(options: SimulatorOptions): void {
  const positive = ['framesPerSecond', 'channels', 'slowPeriodUs'] as const;
  const whole = ['seed', 'startUs', 'eventAtFrame', 'channels', 'slowPeriodUs', 'latencyUs'] as const;
  for (const key of positive) {
    const value = options[key];
    if (value !== undefined && !(value > 0 && value < Infinity)) refuse(key, value, 'a number above 0');
  }
  for (const key of whole) {
    const value = options[key];
    if (value !== undefined && !Number.isSafeInteger(value)) refuse(key, value, 'an integer');
  }
}

function refuse(option: string, value: number, expected: string): never {
  throw new MonitorError('CONFIG', `${option} is ${value}, expected ${expected}`, { id: 'simulator' });
}
