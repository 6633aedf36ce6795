import type { AnswerMessage, PageMessage } from '../../../src/server/protocol.ts';

/** Without an answer for so long, a command counts as not confirmed, ms. */
const PATIENCE_MS = 2000;
/** Where the operator's initials are kept. */
const KEY = 'initials';

/** How the command for one alert stands. Never 'done' before the monitor has said so. */
export interface Asked {
  readonly state: 'asking' | 'late' | 'done' | 'refused';
  /** What the monitor said; empty before. */
  readonly detail: string;
}

/** Commands to accept a new state, one per alert. A repeat has the same id, so that it is harmless. */
export interface Accepting {
  initials: string;
  /** Asks the monitor; asks again where it has not answered. */
  ask(alertId: string, nowMs: number): void;
  /** What the monitor answered. */
  hear(answer: AnswerMessage): void;
  /** Null when it was not asked. */
  state(alertId: string, nowMs: number): Asked | null;
}

/** @param send - returns false when there is no link. */
export function createAccepting(send: (message: Pick<PageMessage, 'accept'>) => boolean): Accepting {
  const commands = new Map<string, { id: string; sentMs: number; answer: AnswerMessage | null }>();
  return {
    get initials() {
      return localStorage.getItem(KEY) ?? '';
    },
    set initials(text) {
      localStorage.setItem(KEY, text);
    },
    ask(alertId, nowMs) {
      const known = commands.get(alertId);
      // After a refusal it is another act.
      const command =
        known === undefined || known.answer !== null ? { id: newId(), sentMs: nowMs, answer: null } : known;
      command.sentMs = nowMs;
      commands.set(alertId, command);
      send({ accept: { id: command.id, by: this.initials } });
    },
    hear(answer) {
      for (const command of commands.values()) if (command.id === answer.id) command.answer = answer;
    },
    state(alertId, nowMs) {
      const command = commands.get(alertId);
      if (command === undefined) return null;
      const { answer, sentMs } = command;
      if (answer === null) return { state: nowMs - sentMs > PATIENCE_MS ? 'late' : 'asking', detail: '' };
      return { state: answer.isDone ? 'done' : 'refused', detail: answer.detail };
    },
  };
}

/** 128 random bits; `randomUUID` is for secure pages only, and a laboratory's page may be none. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(16).padStart(8, '0')).join('');
}
