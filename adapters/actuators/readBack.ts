import { z } from 'zod';
import type { ShutterState } from '../../src/model/permit.ts';

const pattern = (otherwise: string, what: string) =>
  z
    .string()
    .refine((text) => {
      try {
        return new RegExp(text, 'i').test('') === false;
      } catch {
        return false;
      }
    }, 'expected a regular expression that does not match an empty answer')
    .default(otherwise)
    .describe(`Regular expression, upper or lower case, of an answer that says ${what}.`);

/** How the answer of a device is understood. */
export const readBackPatterns = {
  isOpen: pattern('^\\s*(open|opened|on|true|1(\\.0*)?)\\s*$', 'open'),
  isClosed: pattern('^\\s*(closed?|off|false|0(\\.0*)?)\\s*$', 'closed'),
};

/** What an answer says: 'unknown' when it says neither, or both. */
export function readBackState(
  text: string,
  { isOpen, isClosed }: { readonly isOpen: string; readonly isClosed: string },
): ShutterState {
  const [says, denies] = [new RegExp(isOpen, 'i').test(text), new RegExp(isClosed, 'i').test(text)];
  if (says === denies) return 'unknown';
  return says ? 'open' : 'closed';
}

/** How long a device may take to answer. */
export const answerTimeout = z
  .number()
  .min(20)
  .max(10_000)
  .default(1000)
  .describe('A call that takes longer has failed.')
  .meta({ unit: 'ms' });
