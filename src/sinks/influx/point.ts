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
const CHANNEL_NAMES = Array.from({ length: 256 }, (_, i) => `ch${String(i).padStart(3, '0')}`);

/** The fields that can be sent: those present and finite. */
export function sendableFields({ fields, channels }: Point): Record<string, FieldValue> {
  const out: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined && (typeof value !== 'number' || Number.isFinite(value))) out[name] = value;
  if (channels !== undefined)
    for (let i = 0; i < channels.length; i++) if (Number.isFinite(channels[i])) out[CHANNEL_NAMES[i]!] = channels[i]!;
  return out;
}

/** Characters that the line protocol cannot carry in a name or a tag, replaced. */
export function safeName(text: string): string {
  return text.replace(/[\s\\]+/g, '_');
}
