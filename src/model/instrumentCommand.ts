import { z } from 'zod';

const command = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('shutter'), state: z.enum(['open', 'closed']) }),
  z.strictObject({ command: z.literal('exposure'), seconds: z.number().positive() }),
  z.strictObject({ command: z.literal('beam'), relative: z.number().nonnegative() }),
  z.strictObject({ command: z.literal('move'), x: z.number(), y: z.number() }),
  z.strictObject({ command: z.literal('stop') }),
]);

/** What an operator, a beam permit or the advice on exposure can ask of an instrument. */
export type InstrumentCommand =
  | { readonly command: 'shutter'; readonly state: 'open' | 'closed' }
  /** Live time per frame, at most the frame period. */
  | { readonly command: 'exposure'; readonly seconds: number }
  /** Beam relative to nominal, >= 0. */
  | { readonly command: 'beam'; readonly relative: number }
  /** Stage position, um; every position has its own dose. */
  | { readonly command: 'move'; readonly x: number; readonly y: number }
  /** Closes the shutter for good. */
  | { readonly command: 'stop' };

/** A command as it came off a wire, from JSON text; null when it is none. */
export function parseInstrumentCommand(text: string): InstrumentCommand | null {
  try {
    return command.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
