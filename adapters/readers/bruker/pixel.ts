/** Packings of a spectrum by its flag: channels of single counts in 16 bits, in 12 bits; anything higher, instructions. */
const PULSES_16 = 0;
const PULSES_12 = 1;

/**
 * Adds a packed spectrum to `target`. Counts above its last channel are left out.
 *
 * @param pulses - Number of single counts in 12 bits.
 * @throws RangeError when an instruction reaches beyond its bytes.
 */
export function unpackSpectrum(flag: number, view: DataView, pulses: number, target: Float64Array): void {
  if (flag === PULSES_16) addPulses(view, target);
  else if (flag === PULSES_12) addShortPulses(view, pulses, target);
  else followInstructions(view, target);
}

/** Channel numbers of single counts, 16 bits each. */
export function addPulses(view: DataView, target: Float64Array): void {
  for (let at = 0; at + 2 <= view.byteLength; at += 2) {
    const channel = view.getUint16(at, true);
    if (channel < target.length) target[channel]! += 1;
  }
}

/** Two channel numbers in three bytes, of 16-bit words whose bytes are swapped. */
function addShortPulses(view: DataView, pulses: number, target: Float64Array): void {
  const byte = (i: number): number => view.getUint8(i ^ 1);
  for (let i = 0; i < pulses; i++) {
    const at = Math.floor(i / 2) * 3;
    const channel = i % 2 === 0 ? (byte(at) << 4) | (byte(at + 1) >> 4) : ((byte(at + 1) & 0x0f) << 8) | byte(at + 2);
    if (channel < target.length) target[channel]! += 1;
  }
}

/** Runs of channels: how wide their numbers are, how many, what is added to each, and the numbers. */
function followInstructions(view: DataView, target: Float64Array): void {
  let at = 0;
  let channel = 0;
  const add = (counts: number): void => {
    if (channel < target.length) target[channel]! += counts;
    channel++;
  };
  while (at + 2 <= view.byteLength) {
    const width = view.getUint8(at);
    const channels = view.getUint8(at + 1);
    at += 2;
    if (width === 0) {
      channel += channels;
      continue;
    }
    const least = unsigned(view, at, width);
    at += width;
    for (let k = 0; k < channels; k++) {
      if (width === 1) add(least + ((view.getUint8(at + (k >> 1)) >> (k % 2 === 0 ? 0 : 4)) & 0x0f));
      else add(least + unsigned(view, at + (k * width) / 2, width / 2));
    }
    at += width === 1 ? Math.ceil(channels / 2) : (channels * width) / 2;
  }
}

function unsigned(view: DataView, at: number, bytes: number): number {
  if (bytes === 1) return view.getUint8(at);
  if (bytes === 2) return view.getUint16(at, true);
  if (bytes === 4) return view.getUint32(at, true);
  if (bytes === 8) return Number(view.getBigUint64(at, true));
  throw new RangeError(`numbers of ${bytes} bytes`);
}
