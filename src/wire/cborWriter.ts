/** Memory to write into; `bytes` and `view` are the same. */
export interface CborTarget {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** New memory of so many bytes; what it holds is not defined. */
export function createCborTarget(byteLength: number): CborTarget {
  const bytes = Buffer.allocUnsafeSlow(byteLength);
  return { bytes, view: new DataView(bytes.buffer) };
}

const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
// RFC 8746: float64 in the byte order of this machine, and uint8.
const FLOAT64_TAG = hostIsLittleEndian ? 86 : 82;
const UINT8_TAG = 64;

/** A text that is not longer may be one of the few that repeat for ever: names, units, ids. */
const MAX_WORD_LENGTH = 64;
const MAX_WORDS = 4096;
const words = new Map<string, Uint8Array>();

/** A text as CBOR, in an array of its own. */
export function encodedText(text: string): Uint8Array {
  const writer = new CborWriter();
  const target = createCborTarget(textMostBytes(text));
  writer.aim(target, 0);
  writer.text(text);
  return new Uint8Array(target.bytes.subarray(0, writer.at));
}

/** A text takes no more. */
export const textMostBytes = (text: string): number => 9 + 3 * text.length;

function wordOf(text: string): Uint8Array {
  let word = words.get(text);
  if (word === undefined) {
    if (words.size >= MAX_WORDS) words.clear();
    words.set(text, (word = encodedText(text)));
  }
  return word;
}

/**
 * Writes CBOR (RFC 8949) where it is to lie, without a buffer in between. The caller sees to it that there is room.
 * Maps are flat: {@link beginMap}, fields of at most 23 keys encoded beforehand, {@link endMap}.
 */
export class CborWriter {
  /** Where the next byte goes. */
  at = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #mapAt = 0;
  #fieldCount = 0;

  aim(target: CborTarget, at: number): void {
    this.#bytes = target.bytes;
    this.#view = target.view;
    this.at = at;
  }

  beginMap(): void {
    this.#mapAt = this.at++;
    this.#fieldCount = 0;
  }
  endMap(): void {
    this.#bytes[this.#mapAt] = 0xa0 | this.#fieldCount;
  }
  /** The key of a field; its value is to follow. */
  key(key: Uint8Array): void {
    this.#fieldCount++;
    this.#copy(key);
  }
  /** Several fields, encoded beforehand with their values. */
  fields(encoded: Uint8Array, count: number): void {
    this.#fieldCount += count;
    this.#bytes.set(encoded, this.at);
    this.at += encoded.length;
  }
  /** Nothing when the value is undefined, as with all fields. */
  numberField(key: Uint8Array, value: number | undefined): void {
    if (value === undefined) return;
    this.key(key);
    this.number(value);
  }
  wordField(key: Uint8Array, value: string | undefined): void {
    if (value === undefined) return;
    this.key(key);
    this.word(value);
  }
  pairField(key: Uint8Array, value: readonly [number, number] | undefined): void {
    if (value === undefined) return;
    this.key(key);
    this.head(4, 2);
    this.number(value[0]);
    this.number(value[1]);
  }
  arrayField(key: Uint8Array, values: Float64Array | Uint8Array | undefined): void {
    if (values === undefined) return;
    this.key(key);
    this.head(6, values.BYTES_PER_ELEMENT === 8 ? FLOAT64_TAG : UINT8_TAG);
    this.head(2, values.byteLength);
    this.#bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), this.at);
    this.at += values.byteLength;
  }

  /** A safe integer as such, anything else (-0 too) as float64: it is read back bit for bit. */
  number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      if (value >= 0) this.head(0, value);
      else this.head(1, -1 - value);
      return;
    }
    this.#bytes[this.at] = 0xfb;
    this.#view.setFloat64(this.at + 1, value);
    this.at += 9;
  }
  /** A text that comes again and again: its encoding is kept. */
  word(text: string): void {
    if (text.length > MAX_WORD_LENGTH) this.text(text);
    else this.#copy(wordOf(text));
  }
  text(text: string): void {
    const length = Buffer.byteLength(text);
    this.head(3, length);
    this.at += this.#bytes.write(text, this.at, length, 'utf8');
  }
  /** The head of an item: its major type and its length or value, as short as it goes. */
  head(major: number, value: number): void {
    const bytes = this.#bytes;
    const at = this.at;
    const first = major << 5;
    if (value < 24) {
      bytes[at] = first | value;
      this.at = at + 1;
    } else if (value < 0x100) {
      bytes[at] = first | 24;
      bytes[at + 1] = value;
      this.at = at + 2;
    } else if (value < 0x10000) {
      bytes[at] = first | 25;
      this.#view.setUint16(at + 1, value);
      this.at = at + 3;
    } else if (value < 0x100000000) {
      bytes[at] = first | 26;
      this.#view.setUint32(at + 1, value);
      this.at = at + 5;
    } else {
      bytes[at] = first | 27;
      this.#view.setUint32(at + 1, Math.floor(value / 0x100000000));
      this.#view.setUint32(at + 5, value % 0x100000000);
      this.at = at + 9;
    }
  }
  // For a few bytes a loop is faster than a call.
  #copy(encoded: Uint8Array): void {
    const bytes = this.#bytes;
    const at = this.at;
    for (let i = 0; i < encoded.length; i++) bytes[at + i] = encoded[i]!;
    this.at = at + encoded.length;
  }
}
