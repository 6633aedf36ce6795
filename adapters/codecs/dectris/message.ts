/** How the bytes of an array are packed: not at all, as one LZ4 block, or as a filter of HDF5 packs them. */
export type Packing = 'none' | 'lz4Block' | 'lz4' | 'bslz4';

/** An image, or a mask, as it came: not yet unpacked. */
export interface PackedArray {
  readonly width: number;
  readonly height: number;
  /** Type of the elements: the tag of RFC 8746. */
  readonly tag: number;
  readonly packing: Packing;
  /** Bytes of the elements that were shuffled, for 'bslz4'. */
  readonly shuffledWidth: number;
  /** Lent. */
  readonly bytes: Uint8Array;
}

/** Arrays by the name of their channel (threshold). */
export type ByChannel = ReadonlyMap<string, PackedArray>;

/** Name of the channel of a stream that has only one, and no name for it. */
export const ONLY_CHANNEL = '';

export interface StartMessage {
  readonly kind: 'start';
  readonly series: string;
  /** In the order of the detector; empty when not told. */
  readonly channels: readonly string[];
  /** 1 and above: not to be used. */
  readonly masks: ByChannel;
  /** Counts from which a pixel is saturated; null when not told. */
  readonly saturation: number | null;
}

export interface ImageMessage {
  readonly kind: 'image';
  readonly series: string;
  /** Counts from the start of the series. */
  readonly imageId: number;
  readonly images: ByChannel;
  /** Start of the series, microseconds since 1970; null when not told. */
  readonly seriesStartUs: number | null;
  /** From the start of the series to that of the exposure, microseconds. */
  readonly startUs: number;
  readonly exposureUs: number;
}

/** What a detector says, in either version of its stream. */
export type DectrisMessage = StartMessage | ImageMessage | { readonly kind: 'end' };
