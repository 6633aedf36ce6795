import { WIRE_LIMITS } from './limits.ts';
import type { WireLimits } from './limits.ts';
import { WireError } from './wireError.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MAX_DEPTH = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * One JSON text in UTF-8.
 * @throws WireError 'tooLarge', 'truncated' or 'garbage'.
 */
export function decodeJsonItem(bytes: Uint8Array, limits: WireLimits = WIRE_LIMITS): unknown {
  if (bytes.length > limits.maxBytes)
    throw new WireError('tooLarge', `${bytes.length} bytes, at most ${limits.maxBytes} are taken`);
  if (bytes.length === 0) throw new WireError('truncated', 'an empty packet');
  // Before parsing: a megabyte of '[' costs a hundred of memory once parsed.
  const isOpen = checkNesting(bytes);
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new WireError(isOpen ? 'truncated' : 'garbage', message.slice(0, 200), { cause });
  }
}

/** True when a bracket or a string is still open at the end. */
function checkNesting(bytes: Uint8Array): boolean {
  let depth = 0;
  let isInString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (isInString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) isInString = true;
    // '[' and '{', ']' and '}' differ in one bit each.
    else if ((byte | 0x20) === 0x7b) {
      if (++depth > MAX_DEPTH) throw new WireError('garbage', `nested deeper than ${MAX_DEPTH}`);
    } else if ((byte | 0x20) === 0x7d) depth--;
  }
  return depth > 0 || isInString;
}

const text = new TextEncoder();

/** Plain data as JSON in UTF-8; typed arrays as arrays, non-finite numbers as null. */
export const encodeJsonItem = (value: unknown): Uint8Array =>
  text.encode(JSON.stringify(value, (_, item: unknown) => (ArrayBuffer.isView(item) ? plainNumbers(item) : item)));

function plainNumbers(array: ArrayBufferView): number[] {
  return Array.from(array as Float64Array | Uint8Array);
}
