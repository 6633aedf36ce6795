import type { PacketOutlet } from '../../src/model/adapter.ts';

/** What can be made to wait: a socket. */
export interface Pausable {
  pause(): void;
  resume(): void;
}

/** What to say of a link that waits. */
export const HELD_BACK = 'the queue of the stream is full: the sender has to wait';

/**
 * Stops reading from a sender while the outlet is full; what it had already sent still comes. To be called after every packet.
 *
 * @param told - called when the sender has to wait, and when it goes on.
 */
export function createHolder(outlet: PacketOutlet, sender: Pausable, told: (isHeld: boolean) => void): () => void {
  let isHeld = false;
  return () => {
    const room = isHeld ? null : (outlet.room?.() ?? null);
    if (room === null) return;
    isHeld = true;
    sender.pause();
    told(true);
    void room.then(() => {
      isHeld = false;
      sender.resume();
      told(false);
    });
  };
}
