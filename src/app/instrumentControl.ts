import type { CommandInlet } from '../model/adapter.ts';
import type { InstrumentCommand } from '../model/instrumentCommand.ts';

/** The way to command simulated instruments that run inside the monitor. */
export interface InstrumentControl {
  /** Where the source of a stream hears commands. */
  inletOf(stream: string): CommandInlet;
  /** Commands an instrument; nothing happens where none listens. */
  send(stream: string, command: InstrumentCommand): void;
}

export function createInstrumentControl(): InstrumentControl {
  const ears = new Map<string, Set<(command: InstrumentCommand) => void>>();
  const earsOf = (stream: string): Set<(command: InstrumentCommand) => void> => {
    const known = ears.get(stream);
    if (known !== undefined) return known;
    const made = new Set<(command: InstrumentCommand) => void>();
    ears.set(stream, made);
    return made;
  };
  return {
    inletOf: (stream) => ({
      subscribe(hear) {
        earsOf(stream).add(hear);
        return () => earsOf(stream).delete(hear);
      },
    }),
    send: (stream, command) => earsOf(stream).forEach((hear) => hear(command)),
  };
}
