import type { Packet } from '../src/model/adapter.ts';

/** A wire inside the program, for tests and for programs that embed the monitor. */
export interface MemoryChannel {
  /** To all who listen at the moment. */
  send(channel: string, bytes: Uint8Array, receivedUs?: number): void;
  /** The listeners' runs end. */
  end(): void;
  listen(listener: MemoryListener): () => void;
  readonly listenerCount: number;
}

export interface MemoryListener {
  next(packet: Packet): void;
  end(): void;
}

const channels = new Map<string, MemoryChannel>();

/** The one channel of this name in the program. */
export function memoryChannel(name: string): MemoryChannel {
  const known = channels.get(name);
  if (known !== undefined) return known;
  const listeners = new Set<MemoryListener>();
  const created: MemoryChannel = {
    send(channel, bytes, receivedUs = 0) {
      for (const listener of listeners) listener.next({ channel, bytes, receivedUs });
    },
    end() {
      for (const listener of [...listeners]) listener.end();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get listenerCount() {
      return listeners.size;
    },
  };
  channels.set(name, created);
  return created;
}
