/** Lets so many through at once, and so many per second from then on; for each name apart. */
export interface RateLimit {
  /** 0 when this one may pass, else after how many seconds the next may. */
  take(name: string, nowMs: number): number;
}

export interface RateLimitOptions {
  /** At once. */
  readonly burst: number;
  readonly perSecond: number;
}

/** So many names are told apart; beyond, the ones that asked least lately are forgotten. */
const MAX_NAMES = 4096;

/** A token bucket per name (Turner, IEEE Communications Magazine 24(10), 8, 1986). */
export function createRateLimit({ burst, perSecond }: RateLimitOptions): RateLimit {
  const buckets = new Map<string, { left: number; atMs: number }>();
  return {
    take(name, nowMs) {
      const { left, atMs } = buckets.get(name) ?? { left: burst, atMs: nowMs };
      const filled = Math.min(burst, left + (Math.max(0, nowMs - atMs) / 1000) * perSecond);
      const isFree = filled >= 1;
      // Put in anew: a Map keeps its order, so the first is the one that asked least lately.
      buckets.delete(name);
      buckets.set(name, { left: isFree ? filled - 1 : filled, atMs: nowMs });
      if (buckets.size > MAX_NAMES) buckets.delete(buckets.keys().next().value as string);
      return isFree ? 0 : Math.max(1, Math.ceil((1 - filled) / perSecond));
    },
  };
}
