import type { Layout } from './layout.ts';

/** One exposure of one instrument: numbers on axes, at a time. */
export interface Frame {
  readonly type: 'frame';
  /** Which instrument stream it belongs to. */
  readonly stream: string;
  /** Counts up by one per exposure; a gap is a lost frame. */
  readonly seq: number;
  /** Start of exposure, integer microseconds since 1970-01-01T00:00:00Z. */
  readonly timeUs: number;
  /** Live time of the exposure, microseconds; of a summed frame, of all its exposures together. */
  readonly exposureUs: number;
  /** Exposure delivered since the previous frame that no frame shows (dropped, lost, refused), microseconds. The dose counts it. */
  readonly unseenExposureUs: number;
  readonly layout: Layout;
  /** [layout.size], in layout.unit. Lent: valid until the call that brought it returns. */
  readonly values: Float64Array;
  /** [layout.size], in layout.unit squared; absent when unknown. For raw counts the counts stand for it. */
  readonly variances?: Float64Array | undefined;
  /** [layout.size], 1 = do not use. */
  readonly mask?: Uint8Array | undefined;
  /** Added to the coordinates of the fast axis, in its unit: the measured drift of this frame. 0 when unmeasured. */
  readonly axisShift: number;
  /**
   * One standard deviation of a factor that all channels share, over that factor: of a monitor, of a reference peak. `variances` hold it, too,
   * but a sum over channels errs by more than they add up to: by this share of the sum. 0 when there is none.
   */
  readonly scaleError: number;
  /** Latest slow signals at timeUs: incident-beam monitor, temperature, motor positions. */
  readonly context: Readonly<Record<string, number>>;
  /** How old each of them is at timeUs, microseconds. */
  readonly contextAgeUs: Readonly<Record<string, number>>;
  /** Bits of {@link FrameFlag}. */
  readonly flags: number;
}

/** What is unusual about a frame; bits of `Frame.flags`. */
export const FrameFlag = {
  /** Several exposures added, because the pipeline was behind. */
  summed: 1,
  /** A channel at the detector's ceiling. */
  saturated: 2,
  /** A time stamp that runs backwards or jumps. */
  suspiciousClock: 4,
  /** Frames are missing before this one. */
  afterGap: 8,
  /** Non-finite or negative values were masked. */
  masked: 16,
  /** Noise shared over much of the axis, which `variances` do not tell: a sum over channels has no error. */
  correlated: 32,
} as const;

/** A frame its owner may refill. */
export type MutableFrame = { -readonly [Key in keyof Frame]: Frame[Key] };

/** What a frame is made of at the least. */
export interface FrameParts extends Partial<
  Omit<Frame, 'type' | 'stream' | 'seq' | 'timeUs' | 'exposureUs' | 'layout' | 'values'>
> {
  readonly stream: string;
  readonly seq: number;
  readonly timeUs: number;
  readonly exposureUs: number;
  readonly layout: Layout;
  readonly values: Float64Array;
}

const nothing: Readonly<Record<string, number>> = Object.freeze({});

/** The one maker of frames: the same fields in the same order, so that the engine keeps one shape. */
export function makeFrame(parts: FrameParts): MutableFrame {
  return {
    type: 'frame',
    stream: parts.stream,
    seq: parts.seq,
    timeUs: parts.timeUs,
    exposureUs: parts.exposureUs,
    unseenExposureUs: parts.unseenExposureUs ?? 0,
    layout: parts.layout,
    values: parts.values,
    variances: parts.variances,
    mask: parts.mask,
    axisShift: parts.axisShift ?? 0,
    scaleError: parts.scaleError ?? 0,
    context: parts.context ?? nothing,
    contextAgeUs: parts.contextAgeUs ?? nothing,
    flags: parts.flags ?? 0,
  };
}

/** An empty frame of a layout, for a stage to refill: made in `prepare`, reused for ever. */
export function blankFrame(layout: Layout, withVariances: boolean): MutableFrame {
  return makeFrame({
    stream: '',
    seq: 0,
    timeUs: 0,
    exposureUs: 0,
    layout,
    values: new Float64Array(layout.size),
    variances: withVariances ? new Float64Array(layout.size) : undefined,
  });
}

/** Copies all but layout, values, variances and mask: who, when, how long, under what circumstances. */
export function copyHeader(to: MutableFrame, from: Frame): void {
  to.stream = from.stream;
  to.seq = from.seq;
  to.timeUs = from.timeUs;
  to.exposureUs = from.exposureUs;
  to.unseenExposureUs = from.unseenExposureUs;
  to.axisShift = from.axisShift;
  to.scaleError = from.scaleError;
  to.context = from.context;
  to.contextAgeUs = from.contextAgeUs;
  to.flags = from.flags;
}

/** Whether any channel of it may be used: a frame without is no evidence of anything. */
export function hasUsableChannel({ mask }: Pick<Frame, 'mask'>): boolean {
  return mask?.includes(0) ?? true;
}

/** Whether any usable channel of it holds anything: nothing can be learned from a frame without. */
export function hasSignal({ values, mask }: Pick<Frame, 'values' | 'mask'>): boolean {
  return values.some((value, i) => value !== 0 && mask?.[i] !== 1);
}

/** A copy that may be kept. */
export function cloneFrame(frame: Frame): MutableFrame {
  return makeFrame({
    ...frame,
    values: frame.values.slice(),
    variances: frame.variances?.slice(),
    mask: frame.mask?.slice(),
    context: { ...frame.context },
    contextAgeUs: { ...frame.contextAgeUs },
  });
}
