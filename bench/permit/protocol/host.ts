import type { Agenda } from './agenda.ts';
import type { Random } from './random.ts';

/**
 * A process: it can be stopped and let go on, which delays its timers and keeps its messages, and killed, which loses both.
 * A blocked event loop is a stopped process.
 */
export interface Host {
  readonly state: 'running' | 'stopped' | 'dead';
  /** Begins a new life; what was planned in an earlier one never happens. */
  start(): void;
  kill(): void;
  pause(): void;
  /** @param woke - told first for how long it was stopped, milliseconds. */
  resume(woke?: (sleptMs: number) => void): void;
  /** Hands in what came from outside. */
  deliver(act: () => void): void;
  after(delayMs: number, act: () => void): void;
}

export function createHost(agenda: Agenda, random: Random): Host {
  let state: Host['state'] = 'dead';
  let life = 0;
  let stoppedMs = 0;
  let messages: (() => void)[] = [];
  let timers: (() => void)[] = [];
  return {
    get state() {
      return state;
    },
    start() {
      life++;
      state = 'running';
      messages = [];
      timers = [];
    },
    kill() {
      life++;
      state = 'dead';
    },
    pause() {
      if (state !== 'running') return;
      state = 'stopped';
      stoppedMs = agenda.nowMs;
    },
    resume(woke) {
      if (state !== 'stopped') return;
      state = 'running';
      woke?.(agenda.nowMs - stoppedMs);
      // Which of them an event loop looks at first is nobody's promise.
      const due = random.chance(0.5) ? [...timers, ...messages] : [...messages, ...timers];
      const before = life;
      messages = [];
      timers = [];
      for (const act of due) if (life === before) act();
    },
    deliver(act) {
      if (state === 'running') act();
      else if (state === 'stopped') messages.push(act);
    },
    after(delayMs, act) {
      const mine = life;
      agenda.at(agenda.nowMs + delayMs, () => {
        if (mine !== life) return;
        if (state === 'running') act();
        else timers.push(act);
      });
    },
  };
}
