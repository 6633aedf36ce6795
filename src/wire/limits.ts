/** What is believed of bytes from outside. Beyond it a packet is refused, before memory is spent on it. */
export interface WireLimits {
  /** Of one packet, bytes. */
  readonly maxBytes: number;
  /** Maps, arrays and tags in one item, so also how deep it nests. */
  readonly maxContainers: number;
  /** Of one axis, channels. */
  readonly maxAxisLength: number;
  /** Of one frame, channels. */
  readonly maxSize: number;
  /** Slow signals carried by one frame. */
  readonly maxContext: number;
  /** Exclusive; a time stamp outside [0, maxTimeUs) is no measurement. */
  readonly maxTimeUs: number;
}

export const WIRE_LIMITS: WireLimits = {
  maxBytes: 64 * 2 ** 20,
  maxContainers: 256,
  maxAxisLength: 1_000_000,
  maxSize: 4_000_000,
  maxContext: 256,
  maxTimeUs: Date.UTC(2100, 0, 1) * 1000,
};
