export type ErrorCode = 'CONFIG' | 'ADAPTER' | 'DECODE' | 'STAGE' | 'SINK' | 'CHECKPOINT' | 'RECORDING';

export interface ErrorPlace {
  /** Stage, adapter or sink id as in the pipeline file. */
  readonly id: string;
  readonly stream?: string | undefined;
  readonly seq?: number | undefined;
  /** A file, or a path into one. */
  readonly path?: string | undefined;
}

/** Every error that leaves the package, except a RangeError or TypeError of the kernel. */
export class MonitorError extends Error {
  override readonly name = 'MonitorError';
  readonly code: ErrorCode;
  readonly place: ErrorPlace;
  constructor(code: ErrorCode, message: string, place: ErrorPlace, options?: { cause?: unknown }) {
    super(`${place.id}: ${message}`, options);
    this.code = code;
    this.place = place;
  }
}

/** The sentence of an error, with the sentences of its causes. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause === undefined) return error.message;
  const inner = explainError(error.cause);
  const own = error.cause instanceof MonitorError ? inner.replace(`${error.cause.place.id}: `, '') : inner;
  return error.message.includes(own) ? error.message : `${error.message} (${inner})`;
}
