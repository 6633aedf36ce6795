import { decode, encode, Token, Tokenizer, Type } from 'cborg';
import type { DecodeOptions, EncodeOptions, TagDecoder } from 'cborg/interface';
import { WIRE_LIMITS } from './limits.ts';
import type { WireLimits } from './limits.ts';
import { WireArray } from './wireArray.ts';
import { WireError } from './wireError.ts';

const FIRST_TAG = 64;
const LAST_TAG = 87;
const RESERVED_TAG = 76;

/** How tags are read, by number. */
export type CborTags = Readonly<Record<number, TagDecoder>>;

const tags: Record<number, TagDecoder> = {};
for (let tag = FIRST_TAG; tag <= LAST_TAG; tag++)
  if (tag !== RESERVED_TAG)
    tags[tag] = (content) => {
      const bytes = content();
      if (!(bytes instanceof Uint8Array)) throw new WireError('garbage', `tag ${tag} holds no byte string`);
      return new WireArray(tag, bytes);
    };

const tokens: DecodeOptions = { allowIndefinite: true, allowUndefined: true, allowBigInt: true };

/** Hands out byte strings as views, and counts what nests. */
class BoundedTokenizer extends Tokenizer {
  readonly maxContainers: number;
  containerCount = 0;
  constructor(data: Uint8Array, maxContainers: number) {
    super(data, tokens);
    this.maxContainers = maxContainers;
  }
  override next(): Token {
    const first = this.data[this._pos]!;
    const major = first >>> 5;
    if (major >= 4 && major <= 6 && ++this.containerCount > this.maxContainers)
      throw new WireError('garbage', `more than ${this.maxContainers} maps, arrays and tags`);
    return first >= 0x58 && first <= 0x5a ? this.#bytes(1 << (first - 0x58)) : super.next();
  }
  #bytes(width: number): Token {
    let length = 0;
    for (let i = 1; i <= width; i++) length = length * 256 + this.data[this._pos + i]!;
    const from = this._pos + 1 + width;
    if (!(from + length <= this.data.length))
      throw new WireError('truncated', `${length} bytes announced, ${Math.max(0, this.data.length - from)} present`);
    this._pos = from + length;
    return new Token(Type.bytes, this.data.subarray(from, from + length), 0);
  }
}

/**
 * One CBOR item; typed arrays (RFC 8746) come as {@link WireArray}, views of `bytes`.
 * @param known - How tags are read; others are refused.
 * @throws WireError 'tooLarge', 'truncated' or 'garbage'.
 */
export function decodeCborItem(bytes: Uint8Array, limits: WireLimits = WIRE_LIMITS, known: CborTags = tags): unknown {
  if (bytes.length > limits.maxBytes)
    throw new WireError('tooLarge', `${bytes.length} bytes, at most ${limits.maxBytes} are taken`);
  const data = bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    return decode(data, { tags: known, tokenizer: new BoundedTokenizer(data, limits.maxContainers) });
  } catch (cause) {
    if (cause instanceof WireError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    const isCut = /not enough|missing|did not find/.test(message);
    throw new WireError(isCut ? 'truncated' : 'garbage', message, { cause });
  }
}

const typed = (tag: number) => (array: ArrayBufferView) => [
  new Token(Type.tag, tag),
  new Token(Type.bytes, new Uint8Array(array.buffer, array.byteOffset, array.byteLength)),
];

const encoding: EncodeOptions = {
  ignoreUndefinedProperties: true,
  typeEncoders: {
    Float64Array: typed(86),
    Uint32Array: typed(70),
    Uint8Array: typed(64),
    // cborg writes -0 as the integer 0; a replay must see the same bits.
    number: (value: number) => (Object.is(value, -0) ? [new Token(Type.float, -0)] : null),
  },
};

/** Plain data with typed arrays as one CBOR item, in an array of its own. */
export const encodeCborItem = (value: unknown): Uint8Array => encode(value, encoding);
