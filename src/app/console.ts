/** Where a command reads and writes; a test gives its own. */
export interface Console {
  out(line: string): void;
  err(line: string): void;
  /** Shows progress on one line that is written over; null clears it. Without a terminal, nothing. */
  progress(line: string | null): void;
  readonly isTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts when the user wants to end (Ctrl-C, SIGTERM). */
  readonly interrupted: AbortSignal;
}

/** The terminal this process was started from. */
export function processConsole(): Console {
  const abort = new AbortController();
  const interrupt = (): void => {
    // The second Ctrl-C is for a process that does not end.
    if (abort.signal.aborted) process.exit(130);
    abort.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const isTerminal = process.stderr.isTTY === true;
  let shown = 0;
  const clear = (): void => {
    if (shown > 0) process.stderr.write(`\r${' '.repeat(shown)}\r`);
    shown = 0;
  };
  return {
    out(line) {
      clear();
      process.stdout.write(`${line}\n`);
    },
    err(line) {
      clear();
      process.stderr.write(`${line}\n`);
    },
    progress(line) {
      if (!isTerminal) return;
      clear();
      if (line === null) return;
      const fitting = line.slice(0, (process.stderr.columns || 80) - 1);
      process.stderr.write(fitting);
      shown = fitting.length;
    },
    isTerminal,
    env: process.env,
    interrupted: abort.signal,
  };
}
