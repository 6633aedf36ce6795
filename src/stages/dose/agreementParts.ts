import type { z } from 'zod';
import { countRegion, type CountRegionOptions } from '../../kernel/array/countRegion.ts';
import { channelRange } from '../../model/channelRange.ts';
import { DOSE } from '../../model/doseReading.ts';
import type { Frame } from '../../model/frame.ts';
import { axisLength, fastAxis, type Layout } from '../../model/layout.ts';
import type { Reading } from '../../model/signal.ts';
import type { agreementSettings } from './agreementSettings.ts';

export type AgreementConfig = z.output<typeof agreementSettings>;

/** What has come of one frame, in any order: plain data. */
export type AgreementParts = {
  stream: string;
  seq: number;
  /** Bits: 1 the counts, 2 the dose of the frame, 4 the account, 8 taken. */
  parts: number;
  counts: number;
  /** Of the region that could be counted, 0..1. */
  share: number;
  dose: number;
  spent: number;
  unit: string;
  /** Whether all of it is known, and not charged for want of knowledge. */
  isValid: boolean;
};

export const createAgreementParts = (): AgreementParts => ({
  stream: '',
  seq: -1,
  parts: 0,
  counts: 0,
  share: 0,
  dose: 0,
  spent: 0,
  unit: '1',
  isValid: true,
});

const COUNTS = 1;
const DOSE_OF_FRAME = 2;
const SPENT = 4;
const ALL = COUNTS | DOSE_OF_FRAME | SPENT;
const TAKEN = 8;

/** Channels that are counted; null before the first frame. */
export function countedPart(layout: Layout | undefined, region: AgreementConfig['region']): CountRegionOptions | null {
  if (layout === undefined) return null;
  const axis = fastAxis(layout);
  const length = axisLength(axis);
  const [first, end] = region === undefined ? [0, length] : channelRange(axis, region);
  return { length, first, end };
}

/**
 * Takes in a signal.
 *
 * @param pending - changed in place; a part of another frame than the last begins anew.
 * @returns whether all parts of its frame are there, for the first time.
 */
export function takeAgreementPart(
  pending: AgreementParts,
  signal: Frame | Reading,
  config: AgreementConfig,
  counted: CountRegionOptions | null,
): boolean {
  const part = signal.type === 'frame' ? (config.b === undefined ? COUNTS : 0) : partOf(signal, config);
  if (part === 0) return false;
  if (signal.stream !== pending.stream || signal.seq !== pending.seq) {
    pending.stream = signal.stream;
    pending.seq = signal.seq;
    pending.parts = 0;
    pending.isValid = true;
  }
  if (signal.type === 'frame') {
    const { counts, share } = countRegion(signal.values, { ...counted!, mask: signal.mask });
    pending.counts = counts;
    pending.share = share;
  } else {
    if (signal.quality === 'invalid' || !Number.isFinite(signal.value)) pending.isValid = false;
    const value = Math.max(0, signal.value);
    if (part === COUNTS) {
      pending.counts = value * config.countsPerDose!;
      pending.share = 1;
    } else if (part === DOSE_OF_FRAME) {
      pending.dose = value;
      pending.unit = signal.unit;
    } else pending.spent = value;
  }
  pending.parts |= part;
  if (pending.parts !== ALL) return false;
  pending.parts |= TAKEN;
  return true;
}

function partOf({ stage, name }: Reading, { a, b, reading }: AgreementConfig): number {
  if (name === reading && b !== undefined && stage === b) return COUNTS;
  if (a !== undefined && stage !== a) return 0;
  return name === reading ? DOSE_OF_FRAME : name === DOSE.spent ? SPENT : 0;
}
