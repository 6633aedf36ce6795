import type { MutableFrame } from '../../../src/model/frame.ts';
import { WireError } from '../../../src/wire/wireError.ts';
import { ONLY_CHANNEL } from './message.ts';
import type { ByChannel, ImageMessage, PackedArray, StartMessage } from './message.ts';
import { createProjection } from './projection.ts';
import type { Pixels, Projection, ProjectionSettings } from './projection.ts';
import { createUnpacker } from './unpackArray.ts';
import type { Unpacker } from './unpackArray.ts';

/** Makes frames of the images of a detector, series after series. */
export interface ImageReader {
  /** What is said at the start of a series. @throws WireError when its mask cannot be read. */
  begin(start: StartMessage): void;
  /** Values, mask and flags of the frame, which is lent. @throws WireError with the reason the image cannot be used. */
  read(image: ImageMessage): MutableFrame;
}

/** What the start of a series said, unpacked. */
interface Begun {
  readonly series: string;
  readonly mask: Pixels | null;
  readonly saturation: number | null;
}

/** @param wanted - The channel to take; undefined takes the first that the detector names. */
export function createImageReader(wanted: string | undefined, settings: ProjectionSettings): ImageReader {
  const unpack = createUnpacker();
  let begun: Begun | null = null;
  let projection: Projection | null = null;
  let learned: string | null = null;
  let firstChannel: string | undefined;

  return {
    begin({ series, channels, masks, saturation }) {
      firstChannel = channels[0];
      const packed = pick(masks, wanted ?? firstChannel);
      const mask = packed === undefined ? null : unpacked(packed, unpack);
      begun = { series, saturation, mask: mask === null ? null : { ...mask, bytes: mask.bytes.slice() } };
      learned = null;
    },
    read({ series, images }) {
      const channel = wanted ?? firstChannel;
      const packed = pick(images, channel);
      if (packed === undefined)
        throw new WireError(
          'layout',
          `no channel '${channel}', there is ${[...images.keys()].join(', ').slice(0, 80)}`,
        );
      const pixels = unpacked(packed, unpack);
      const { mask, saturation } = begun?.series === series ? begun : { mask: null, saturation: null };
      const isSame = projection?.width === pixels.width && projection.height === pixels.height;
      if (projection === null || !isSame) {
        projection = createProjection(settings, pixels);
        learned = null;
      }
      if (learned !== series) {
        if (mask !== null && (mask.width !== pixels.width || mask.height !== pixels.height))
          throw new WireError(
            'layout',
            `the pixel mask is ${mask.width} x ${mask.height}, the image ${pixels.width} x ${pixels.height}`,
          );
        projection.learn(mask, pixels);
        learned = series;
      }
      return projection.project(pixels, saturation);
    },
  };
}

const pick = (arrays: ByChannel, channel: string | undefined): PackedArray | undefined =>
  arrays.get(ONLY_CHANNEL) ?? (channel === undefined ? arrays.values().next().value : arrays.get(channel));

const unpacked = (packed: PackedArray, unpack: Unpacker): Pixels => ({
  width: packed.width,
  height: packed.height,
  tag: packed.tag,
  bytes: unpack(packed),
});
