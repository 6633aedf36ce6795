import type { Frame } from '../../model/frame.ts';

/** A slow signal as it stands at a frame; NaN when absent, stale or no number. */
export function slowValue({ context, contextAgeUs }: Frame, name: string, staleAfterUs = Infinity): number {
  const value = context[name];
  if (value === undefined || !Number.isFinite(value)) return NaN;
  return (contextAgeUs[name] ?? 0) > staleAfterUs ? NaN : value;
}
