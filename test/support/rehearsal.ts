import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSimulator } from '../../simulators/createSimulator.ts';
import { createNodes } from '../../src/app/createNodes.ts';
import { planGraph } from '../../src/config/graph.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { Alert } from '../../src/model/alert.ts';
import type { Detection, Reading, Signal } from '../../src/model/signal.ts';
import { root } from './operando.ts';

export interface Rehearsed {
  readonly alerts: readonly Alert[];
  readonly detections: readonly Detection[];
  readonly readings: readonly Reading[];
}

/** A frame's own detection of each kind is rare; of readings those of `keep` are kept. */
interface RehearsalOptions {
  readonly frames: number;
  readonly seed?: number;
  readonly eventAtFrame?: number;
  /** Names of the readings to keep. */
  readonly readings?: readonly string[];
}

/**
 * Plays a scenario through the example of its instrument as fast as it goes, in one piece: no door, no dose (no slow
 * signals), no sinks. What the door would refuse, frames that came twice, does not come; what is lost does not either.
 */
export function rehearse(
  instrument: string,
  scenario: string,
  { frames, seed = 1, eventAtFrame = 200, readings = [] }: RehearsalOptions,
): Rehearsed {
  const path = join(root, 'examples', `${instrument}.yaml`);
  const loaded = parseConfig(readFileSync(path, 'utf8'), { path, env: {} });
  const nodes = createNodes(planGraph(loaded.config), loaded, null).filter(
    ({ stage }) => !stage.kind.startsWith('dose.'),
  );
  const simulator = createSimulator(`${instrument}:${scenario}`, { framesPerSecond: 10, seed, eventAtFrame });
  const alerts: Alert[] = [];
  const detections: Detection[] = [];
  const kept: Reading[] = [];
  const give = (signal: Signal, giver: string): void => {
    if (signal.type === 'alert') alerts.push(signal);
    else if (signal.type === 'detection') detections.push(signal);
    else if (signal.type === 'reading' && readings.includes(signal.name)) kept.push(signal);
    for (const { id, from, stage } of nodes)
      if (from.includes(giver) && stage.inputs.includes(signal.type)) stage.process(signal, (made) => give(made, id));
  };
  for (let k = 0; k < frames; k++) {
    const { frame, deliveryCount } = simulator.next();
    if (deliveryCount > 0) give(frame, simulator.stream);
  }
  return { alerts, detections, readings: kept };
}
