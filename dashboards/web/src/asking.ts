import type { AnswerMessage } from '../../../src/server/protocol.ts';

/** Without an answer for so long, a command counts as not confirmed, ms. */
const PATIENCE_MS = 2000;

/** How a command stands. Never 'done' before the monitor has said so. */
export interface Asked {
  readonly state: 'asking' | 'late' | 'done' | 'refused';
  /** What the monitor said; empty before. */
  readonly detail: string;
}

/** Commands to the monitor, by what they are about. A repeat has the same id, so that it is harmless. */
export interface Asking {
  /** Id to send the command under: the same as before where the monitor has not answered. */
  idFor(about: string, nowMs: number): string;
  /** What the monitor answered. */
  hear(answer: AnswerMessage): void;
  /** Null when it was not asked. */
  state(about: string, nowMs: number): Asked | null;
  /** What comes next is another act. */
  forget(about: string): void;
}

export function createAsking(): Asking {
  const commands = new Map<string, { id: string; sentMs: number; answer: AnswerMessage | null }>();
  return {
    idFor(about, nowMs) {
      const known = commands.get(about);
      // After an answer it is another act.
      const command =
        known === undefined || known.answer !== null ? { id: newId(), sentMs: nowMs, answer: null } : known;
      command.sentMs = nowMs;
      commands.set(about, command);
      return command.id;
    },
    hear(answer) {
      for (const command of commands.values()) if (command.id === answer.id) command.answer = answer;
    },
    state(about, nowMs) {
      const command = commands.get(about);
      if (command === undefined) return null;
      const { answer, sentMs } = command;
      if (answer === null) return { state: nowMs - sentMs > PATIENCE_MS ? 'late' : 'asking', detail: '' };
      return { state: answer.isDone ? 'done' : 'refused', detail: answer.detail };
    },
    forget: (about) => commands.delete(about),
  };
}

/** 128 random bits; `randomUUID` is for secure pages only, and a laboratory's page may be none. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(16).padStart(8, '0')).join('');
}
