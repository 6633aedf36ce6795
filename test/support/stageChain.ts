import type { Alert } from '../../src/model/alert.ts';
import type { Frame } from '../../src/model/frame.ts';
import type { Signal } from '../../src/model/signal.ts';
import type { Stage } from '../../src/model/stage.ts';

/**
 * Runs frames through stages one behind the other, each getting what it takes of what the one before gives.
 *
 * @returns the alerts, and the last stage's other signals are dropped.
 */
export function alertsOf(frames: readonly Frame[], stages: readonly Stage[]): Alert[] {
  const alerts: Alert[] = [];
  const give = (signal: Signal, k: number): void => {
    const stage = stages[k];
    if (stage === undefined) {
      if (signal.type === 'alert') alerts.push(signal);
      return;
    }
    if (stage.inputs.includes(signal.type)) stage.process(signal, (made) => give(made, k + 1));
  };
  for (const frame of frames) give(frame, 0);
  return alerts;
}
