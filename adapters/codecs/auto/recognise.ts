import { describeUnknown } from '../../files/signatures.ts';
import { looksLikeDectris } from '../dectris/looksLike.ts';

/** The forms in which packets come. */
export type PacketForm = 'json' | 'cbor' | 'dectris';

const CBOR_MAP = 5;
const HEAD_BYTES = 4096;
const [OBJECT, ARRAY] = [0x7b, 0x5b];
const BLANKS = [0x20, 0x09, 0x0a, 0x0d];
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** The form of a packet by its first bytes; undefined when it is none that is understood. */
export function recognise(bytes: Uint8Array): PacketForm | undefined {
  if (looksLikeDectris(bytes)) return 'dectris';
  if (bytes.length > 0 && bytes[0]! >>> 5 === CBOR_MAP) return 'cbor';
  let at = BYTE_ORDER_MARK.every((byte, i) => bytes[i] === byte) ? BYTE_ORDER_MARK.length : 0;
  while (at < HEAD_BYTES && BLANKS.includes(bytes[at] ?? 0)) at++;
  return bytes[at] === OBJECT || bytes[at] === ARRAY ? 'json' : undefined;
}

/** What a packet looks like that is none of these: 'looks like a PNG image'. */
export function describePacket(packet: Uint8Array): string {
  const bytes = packet.subarray(0, HEAD_BYTES);
  const text = Buffer.from(bytes).toString('latin1');
  const seen = describeUnknown({ path: '', extension: '', bytes, text });
  if (seen === 'an empty file') return 'is empty';
  return `looks like ${seen === 'text of an unknown kind' ? 'text that is not JSON' : seen.replace('binary file', 'binary packet')}`;
}
