/** Who a point belongs to: shared by all points of a series. Tags in the order of their names. */
export interface Series {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
}

export type FieldValue = number | string | boolean;

/** One point, as kept while it waits; the line is written when it is sent. */
export interface Point {
  readonly series: Series;
  readonly timeUs: number;
  /** Non-finite numbers stand for "no value" and are left out of the line. */
  readonly fields: Readonly<Record<string, FieldValue | undefined>>;
  /** [at most 256] further fields ch000, ch001, ...: a folded spectrum. */
  readonly channels?: Float64Array | undefined;
}

/** Names of the channel fields; zero-padded, because Grafana sorts heat map rows by the alphabet. */
export const CHANNEL_NAMES = Array.from({ length: 256 }, (_, i) => `ch${String(i).padStart(3, '0')}`);

/** Characters that the line protocol cannot carry in a name or a tag, replaced. */
export function safeName(text: string): string {
  return text.replace(/[\s\\]+/g, '_');
}
