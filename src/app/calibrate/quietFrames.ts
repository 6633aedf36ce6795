import { addReference, createAlignWorkspace, createReferenceFrames } from '../../kernel/change/referenceFrames.ts';
import { addPair, createPairDispersion, dispersionOf, type Dispersion } from '../../kernel/threshold/pairDispersion.ts';
import type { Baseline } from '../../model/baseline.ts';
import { MonitorError } from '../../model/error.ts';
import { cloneFrame, type Frame, type MutableFrame } from '../../model/frame.ts';
import { channelCentres, fastAxis, type Layout } from '../../model/layout.ts';

/** Gathers the frames of one stream or node: their sum, their scatter, their period. */
export interface QuietFrames {
  take(frame: Frame): void;
  /** The frame of this number looks changed: it does not enter. */
  refuse(seq: number): void;
  /** @throws MonitorError when no frame came. */
  baseline(madeFrom: string): Baseline;
  /** Of the whole spectrum, whatever the intensity does; and of the total counts. null for what is no counts, or too few. */
  dispersion(): { readonly spectrum: Dispersion | null; readonly total: Dispersion | null } | null;
  /** Median time between frames, microseconds; null for a single frame. */
  periodUs(): number | null;
  readonly layout: Layout | null;
  /** A frame as they came, for its circumstances. */
  readonly last: Frame | null;
  readonly count: number;
}

export function createQuietFrames(id: string): QuietFrames {
  let sums: ReturnType<typeof createSums> | null = null;
  let pending: MutableFrame | null = null;
  let refused = -1;
  let before: Frame | null = null;
  let last: Frame | null = null;
  const spectrum = createPairDispersion();
  const total = createPairDispersion();
  const periods: number[] = [];

  const settle = (): void => {
    if (pending === null || sums === null) return;
    const frame = pending;
    pending = null;
    if (frame.seq === refused || isWhollyMasked(frame)) {
      before = null;
      return;
    }
    sums.add(frame);
    last = frame;
    if (before?.exposureUs === frame.exposureUs && frame.seq === before.seq + 1) {
      periods.push(frame.timeUs - before.timeUs);
      addPair(spectrum, before.values, frame.values, frame.mask, true);
      addPair(total, before.values, frame.values, frame.mask, false);
      // Pairs that share no frame are independent, and their scatter is the error.
      before = null;
    } else before = frame;
  };
  return {
    take(frame) {
      settle();
      if (sums !== null && sums.layout !== frame.layout)
        throw new MonitorError('STAGE', 'the axis changes within the recording: calibrate each part by itself', { id });
      sums ??= createSums(frame.layout);
      pending = cloneFrame(frame);
    },
    refuse(seq) {
      refused = seq;
    },
    baseline(madeFrom) {
      settle();
      if (sums === null || sums.reference.referenceCount === 0)
        throw new MonitorError('STAGE', 'no quiet frame came', { id });
      const { layout, reference, squares } = sums;
      return {
        axis: { unit: fastAxis(layout).unit, centres: channelCentres(fastAxis(layout)) },
        noise: layout.noise,
        frames: reference.referenceCount,
        exposureUs: reference.referenceExposureUs,
        sum: reference.reference.map((value) => (layout.noise === 'poisson' ? Math.max(value, 0) : value)),
        sumOfSquares: squares.reference,
        madeFrom,
      };
    },
    dispersion() {
      settle();
      if (sums === null || sums.layout.noise !== 'poisson') return null;
      return { spectrum: dispersionOf(spectrum), total: dispersionOf(total) };
    },
    periodUs: () => (periods.length === 0 ? null : ([...periods].sort((a, b) => a - b)[periods.length >> 1] ?? null)),
    get layout() {
      return sums?.layout ?? null;
    },
    get last() {
      return last;
    },
    get count() {
      settle();
      return sums?.reference.referenceCount ?? 0;
    },
  };
}

/** Sums on the true axis; masked channels are filled with what they usually hold. */
function createSums(layout: Layout) {
  const x = channelCentres(fastAxis(layout));
  const options = { kind: 'learned', frames: Infinity, gap: 0, window: 1, x, centre: 0 } as const;
  const work = createAlignWorkspace(layout.size);
  const reference = createReferenceFrames(options);
  const squares = createReferenceFrames(options);
  const values = new Float64Array(layout.size);
  return {
    layout,
    reference,
    squares,
    add(frame: Frame): void {
      const { axisShift: shift, exposureUs, mask } = frame;
      const count = Math.max(reference.referenceCount, 1);
      values.forEach((_, i) => {
        values[i] = mask?.[i] === 1 ? (reference.reference[i] ?? 0) / count : (frame.values[i] ?? 0);
      });
      addReference(reference, values, { shift, stretch: 0, exposureUs }, options, work);
      values.forEach((value, i) => (values[i] = value * value));
      addReference(squares, values, { shift, stretch: 0, exposureUs }, options, work);
    },
  };
}

const isWhollyMasked = ({ mask }: Frame): boolean => mask?.every((bit) => bit === 1) ?? false;
