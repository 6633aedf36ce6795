import type { InstrumentCommand } from '../../model/instrumentCommand.ts';
import type { ShutterDevice } from '../../model/shutter.ts';

/** A simulated instrument may begin to listen later than its shutter is driven: it is told again. */
const REPEAT_MS = 250;

/**
 * The shutter of a simulated instrument. Its position is as last driven: the simulator makes its frames ahead of their time and
 * has no position to read at one.
 *
 * @param order - commands the instrument.
 */
export function createSimulatedShutter(order: (command: InstrumentCommand) => void): ShutterDevice {
  let state: 'open' | 'closed' | 'unknown' = 'unknown';
  let orderedMs = -Infinity;
  return {
    name: 'simulator',
    isReadBack: false,
    drive(to) {
      const nowMs = performance.now();
      if (to === state && nowMs - orderedMs < REPEAT_MS) return Promise.resolve();
      state = to;
      orderedMs = nowMs;
      order({ command: 'shutter', state: to });
      return Promise.resolve();
    },
    read: () => Promise.resolve(state),
    close: () => Promise.resolve(),
  };
}
