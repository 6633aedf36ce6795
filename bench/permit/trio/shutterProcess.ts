import { besideThis, nodeArguments, startChild } from './children.ts';

/** What the model of the shutter says. */
export type ModelMessage =
  | { readonly type: 'ready'; readonly port: number }
  | ({ readonly type: 'moved' } & Move)
  | ({ readonly type: 'asked'; readonly id: number } & Position);

/** Where the shutter stands, or stood, monotonic milliseconds. */
export interface Position {
  readonly isOpen: boolean;
  readonly atMs: number;
}

/** A movement, and whether it was driven or fell shut by itself. */
export interface Move extends Position {
  readonly why: 'driven' | 'not driven';
}

/** The shutter that all is about, in a process that nothing is done to. */
export interface ShutterProcess {
  readonly port: number;
  /** Every movement, oldest first. */
  readonly moves: readonly Move[];
  /** Where it stands; when it resolves, `moves` has everything up to then. */
  ask(): Promise<Position>;
  /** Resolves with the time when it is as wanted; rejects after `withinMs`. */
  until(isOpen: boolean, withinMs: number): Promise<number>;
  end(): Promise<void>;
}

export async function startShutterProcess(cwd: string): Promise<ShutterProcess> {
  const child = startChild(process.execPath, nodeArguments(besideThis('shutterModel')), cwd);
  const moves: Move[] = [];
  const asked = new Map<number, (position: Position) => void>();
  const waiting = new Set<() => void>();
  let count = 0;
  const port = await new Promise<number>((resolve, reject) => {
    child.process.once('exit', () => reject(new Error(`the model of the shutter ended: ${child.tail()}`)));
    child.process.on('message', (message: ModelMessage) => {
      if (message.type === 'ready') return resolve(message.port);
      if (message.type === 'moved') moves.push({ isOpen: message.isOpen, atMs: message.atMs, why: message.why });
      else asked.get(message.id)?.(message);
      for (const look of waiting) look();
    });
  });
  return {
    port,
    moves,
    ask: () =>
      new Promise((resolve) => {
        const id = ++count;
        asked.set(id, (position) => {
          asked.delete(id);
          resolve(position);
        });
        child.process.send(id);
      }),
    until: (isOpen, withinMs) =>
      new Promise((resolve, reject) => {
        const finish = (): void => {
          clearTimeout(timer);
          waiting.delete(look);
        };
        const look = (): void => {
          const last = moves.at(-1);
          if ((last?.isOpen ?? false) !== isOpen) return;
          finish();
          resolve(last?.atMs ?? 0);
        };
        const timer = setTimeout(() => {
          finish();
          reject(new Error(`the shutter was not ${isOpen ? 'open' : 'closed'} within ${withinMs} ms`));
        }, withinMs);
        waiting.add(look);
        look();
      }),
    end: child.kill,
  };
}
