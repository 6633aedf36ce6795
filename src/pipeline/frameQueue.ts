import { copyHeader, FrameFlag, makeFrame, type Frame, type MutableFrame } from '../model/frame.ts';
import type { Layout } from '../model/layout.ts';

/** A bounded queue that copies frames into slots of its own and reuses them for ever. It takes one frame over its capacity, for the owner to deal with. */
export interface FrameQueue {
  readonly length: number;
  readonly isFull: boolean;
  /** Copies a frame into a free slot and returns that slot. */
  push(frame: Frame): MutableFrame;
  /** The oldest frame, lent until the next `push`; undefined when empty. */
  shift(): MutableFrame | undefined;
  /** The oldest waiting frame; undefined when empty. */
  oldest(): MutableFrame | undefined;
  /** The waiting frame before the newest; undefined when fewer than two wait. */
  secondNewest(): MutableFrame | undefined;
  /** Takes the newest frame out again, as if it had not been pushed. */
  pop(): void;
  /** The mask array of the newest frame's slot, all zero. */
  blankMaskOfNewest(): Uint8Array;
}

export function createFrameQueue(capacity: number): FrameQueue {
  const slots: (Slot | undefined)[] = new Array<Slot | undefined>(capacity + 2).fill(undefined);
  let head = 0;
  let length = 0;
  const waiting = (place: number): Slot | undefined =>
    place < 0 || place >= length ? undefined : slots[(head + place) % slots.length];
  return {
    get length() {
      return length;
    },
    get isFull() {
      return length >= capacity;
    },
    push(frame) {
      const at = (head + length) % slots.length;
      const slot = fill(slots[at], frame);
      slots[at] = slot;
      length++;
      return slot.frame;
    },
    shift() {
      if (length === 0) return undefined;
      const slot = slots[head]!;
      head = (head + 1) % slots.length;
      length--;
      return slot.frame;
    },
    oldest: () => waiting(0)?.frame,
    secondNewest: () => waiting(length - 2)?.frame,
    pop() {
      if (length > 0) length--;
    },
    blankMaskOfNewest() {
      const slot = waiting(length - 1);
      if (slot === undefined) throw new RangeError('the queue is empty');
      return slot.mask.fill(0);
    },
  };
}

/** One reusable frame, with the arrays that a frame of this layout may or may not use. */
interface Slot {
  readonly frame: MutableFrame;
  readonly context: Record<string, number>;
  readonly contextAgeUs: Record<string, number>;
  readonly variances: Float64Array;
  readonly mask: Uint8Array;
}

function createSlot(layout: Layout): Slot {
  const context: Record<string, number> = {};
  const contextAgeUs: Record<string, number> = {};
  const frame = makeFrame({
    stream: '',
    seq: 0,
    timeUs: 0,
    exposureUs: 0,
    layout,
    values: new Float64Array(layout.size),
    context,
    contextAgeUs,
  });
  return { frame, context, contextAgeUs, variances: new Float64Array(layout.size), mask: new Uint8Array(layout.size) };
}

function fill(old: Slot | undefined, from: Frame): Slot {
  const slot = old !== undefined && old.frame.layout.size === from.layout.size ? old : createSlot(from.layout);
  const to = slot.frame;
  copyHeader(to, from);
  // The context it came with is lent, too.
  to.context = slot.context;
  to.contextAgeUs = slot.contextAgeUs;
  to.layout = from.layout;
  to.values.set(from.values);
  to.variances = undefined;
  if (from.variances !== undefined) {
    slot.variances.set(from.variances);
    to.variances = slot.variances;
  }
  to.mask = undefined;
  if (from.mask !== undefined) {
    slot.mask.set(from.mask);
    to.mask = slot.mask;
  }
  replace(slot.context, from.context);
  replace(slot.contextAgeUs, from.contextAgeUs);
  return slot;
}

function replace(to: Record<string, number>, from: Readonly<Record<string, number>>): void {
  for (const name in to) if (!(name in from)) delete to[name];
  for (const name in from) to[name] = from[name]!;
}

/**
 * Adds a later exposure to a waiting one: counts add; values that are not counts take the mean weighted by exposure.
 * The sum keeps the first start and the last number. Needs the same layout.
 */
export function mergeInto(to: MutableFrame, from: Frame): void {
  const isCounts = to.layout.noise === 'poisson' || to.layout.noise === 'scaledPoisson';
  const total = to.exposureUs + from.exposureUs;
  const weightTo = isCounts ? 1 : total > 0 ? to.exposureUs / total : 0.5;
  const weightFrom = isCounts ? 1 : 1 - weightTo;
  weightedAdd(to.values, weightTo, from.values, weightFrom);
  if (to.variances !== undefined && from.variances !== undefined)
    weightedAdd(to.variances, weightTo * weightTo, from.variances, weightFrom * weightFrom);
  else to.variances = undefined;
  if (from.mask !== undefined) {
    if (to.mask === undefined) to.mask = from.mask.slice();
    else for (let i = 0; i < to.mask.length; i++) to.mask[i] = to.mask[i]! | from.mask[i]!;
  }
  to.seq = from.seq;
  to.exposureUs = total;
  to.unseenExposureUs += from.unseenExposureUs;
  to.flags |= from.flags | FrameFlag.summed;
}

function weightedAdd(to: Float64Array, weightTo: number, from: Float64Array, weightFrom: number): void {
  for (let i = 0; i < to.length; i++) to[i] = weightTo * to[i]! + weightFrom * from[i]!;
}
