import type { InstrumentCommand } from '../src/model/instrumentCommand.ts';
import type { Simulator } from './simulator.ts';

/** Commands an instrument; null when it obeys, else why it does not, in one sentence. */
export function obey(simulator: Pick<Simulator, 'command'>, command: InstrumentCommand): string | null {
  try {
    simulator.command(command);
    return null;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}
