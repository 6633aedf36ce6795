import { CLIP_PADDING, clipModule } from './clipModule.ts';

const PAGE = 65_536;

interface Exports {
  readonly memory: WebAssembly.Memory;
  clip(from: number, to: number, channels: number, distance: number): void;
}

const { memory, clip } = new WebAssembly.Instance(new WebAssembly.Module(clipModule())).exports as unknown as Exports;

/** Two arrays in the module's memory for `channels`, made anew only for other lengths. */
let room: readonly [Float64Array, Float64Array] = [new Float64Array(0), new Float64Array(0)];

function roomFor(channels: number): readonly [Float64Array, Float64Array] {
  if (room[0].length === channels) return room;
  const stride = 8 * channels + CLIP_PADDING;
  const missing = 2 * stride - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  room = [new Float64Array(memory.buffer, 0, channels), new Float64Array(memory.buffer, stride, channels)];
  return room;
}

/**
 * All passes of SNIP: v(i) becomes min(v(i), (v(i - p) + v(i + p)) / 2), each pass from the values of the one before; the p channels nearest
 * each end stay as they are.
 *
 * @param values - [n], finite; is overwritten with the clipped values.
 * @param widest - largest distance p in channels, <= (n - 1) / 2.
 * @param order - 'decreasing': from the widest p down to 1; 'increasing': up.
 */
export function clipPasses(values: Float64Array, widest: number, order: 'decreasing' | 'increasing'): void {
  const n = values.length;
  const pair = roomFor(n);
  pair[0].set(values);
  for (let k = 1; k <= widest; k++) {
    const from = pair[(k - 1) & 1]!.byteOffset;
    const to = pair[k & 1]!.byteOffset;
    clip(from, to, n, order === 'decreasing' ? widest - k + 1 : k);
  }
  values.set(pair[widest & 1]!);
}
