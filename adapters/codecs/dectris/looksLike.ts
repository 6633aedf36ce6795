const MAP = 5;
const TYPE_KEY = [0x64, ...Buffer.from('type')];
const KINDS = ['start', 'image', 'end'];

/** Whether a message, or the first part of one, is of a Dectris stream: V2 is a CBOR map that begins with its type, V1 is JSON with an `htype`. */
export const looksLikeDectris = (bytes: Uint8Array): boolean => isStreamV1(bytes) || isStreamV2(bytes);

/** JSON that names its `htype`, in the first bytes. */
export function isStreamV1(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x7b) return false;
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 256)).toString('latin1');
  return /"htype"\s*:\s*"d/.test(head);
}

/** A CBOR map that begins with `type`: start, image or end. */
export function isStreamV2(bytes: Uint8Array): boolean {
  const first = bytes[0] ?? 0;
  if (first >>> 5 !== MAP) return false;
  const short = first & 31;
  // The number of entries stands in the first byte, in one to eight behind it, or nowhere.
  const at = short < 24 || short === 31 ? 1 : 1 + 2 ** (short - 24);
  if (TYPE_KEY.some((byte, i) => bytes[at + i] !== byte)) return false;
  const text = Buffer.from(bytes.subarray(at + TYPE_KEY.length, at + TYPE_KEY.length + 6)).toString('latin1');
  return KINDS.some((kind) => text.startsWith(String.fromCharCode(0x60 + kind.length) + kind));
}
