import { z } from 'zod';
import type { ShutterState } from '../../../src/model/permit.ts';
import { defineShutterDevice } from '../../../src/model/shutter.ts';
import { commandLine } from '../commandWords.ts';
import { answerTimeout, readBackPatterns, readBackState } from '../readBack.ts';
import { runCommand } from '../runCommand.ts';

const config = z.strictObject({
  open: commandLine.describe(
    'Opens: a list of words, or text in which \'...\' and "..." hold words together; no shell.',
  ),
  close: commandLine.describe('Closes.'),
  read: commandLine.optional().describe('Prints the state of the shutter; left out, it is not read back.'),
  ...readBackPatterns,
  drive: z
    .enum(['once', 'repeat'])
    .default('once')
    .describe("'repeat' for a shutter that closes by itself when it is not driven: `open` runs again and again."),
  timeoutMs: answerTimeout,
});

export default defineShutterDevice({
  name: 'command',
  summary: 'A shutter that programs open, close and read: caput, a script, a vendor tool.',
  config,
  example: { open: 'caput BL7:shutter 1', close: 'caput BL7:shutter 0', read: 'caget -t BL7:shutter' },
  create: ({ open, close, read, drive, timeoutMs, ...patterns }) => {
    let done: 'open' | 'closed' | null = null;
    let opening: AbortController | null = null;
    return {
      name: 'command',
      isReadBack: read !== undefined,
      async drive(state) {
        if (drive === 'once' && done === state) return;
        done = null;
        if (state === 'closed') {
          opening?.abort();
          await runCommand(close, timeoutMs);
        } else {
          const mine = new AbortController();
          opening = mine;
          try {
            await runCommand(open, timeoutMs, mine.signal);
          } finally {
            if (opening === mine) opening = null;
          }
          // A closing has begun meanwhile.
          if (mine.signal.aborted) return;
        }
        done = state;
      },
      async read(): Promise<ShutterState> {
        if (read === undefined) return 'unknown';
        const state = readBackState(await runCommand(read, timeoutMs), patterns);
        // It does not do what it was told once: it is told again.
        if (state !== done) done = null;
        return state;
      },
      close() {
        opening?.abort();
        return Promise.resolve();
      },
    };
  },
});
