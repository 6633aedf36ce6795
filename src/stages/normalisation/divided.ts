import type { DivisorError } from '../../kernel/normalisation/divisorError.ts';
import { MonitorError } from '../../model/error.ts';
import { blankFrame, copyHeader, type Frame, type MutableFrame } from '../../model/frame.ts';
import type { Layout } from '../../model/layout.ts';
import { ownVariances } from '../../model/scaleError.ts';
import type { Emit } from '../../model/signal.ts';

/** A spectrum to be divided, and where its variances go. */
export interface Dividing {
  readonly variances: Float64Array | undefined;
  readonly outVariances: Float64Array;
  readonly divisor: DivisorError;
  readonly mask: Uint8Array | undefined;
  /** Measured drift of the axis. */
  readonly axisShift: number;
}

/** Divides values by something of their own into `out`; gives 0 when there is nothing to divide by. */
export type Divide = (values: Float64Array, dividing: Dividing, out: Float64Array) => number;

/** What a stage derives that divides each spectrum by something of its own. */
export interface DividedWork {
  readonly divide: Divide;
  /** Usable channels that it takes. */
  readonly least: number;
  readonly output: MutableFrame;
  readonly outVariances: Float64Array;
  readonly divisor: DivisorError;
  readonly counted: Float64Array;
  readonly nothing: Uint8Array;
}

/** @throws MonitorError naming the stage, when a frame is more than one spectrum or has too few channels. */
export function prepareDivided(
  { id, layout }: { readonly id: string; readonly layout: Layout },
  divide: Divide,
  least = 1,
): DividedWork {
  if (layout.axes.length !== 1)
    throw new MonitorError('STAGE', `takes one spectrum per frame, got ${layout.axes.length} axes`, { id });
  if (layout.size < least)
    throw new MonitorError('STAGE', `takes ${least} channels at least, got ${layout.size}`, { id });
  const output = blankFrame({ ...layout, quantity: 'intensity', unit: '1', noise: 'gaussian' }, true);
  return {
    divide,
    least,
    output,
    outVariances: output.variances!,
    divisor: { relative: 0 },
    counted: new Float64Array(layout.size),
    nothing: new Uint8Array(layout.size).fill(1),
  };
}

/** One frame, divided; without anything to divide by, no channel of it may be used. */
export function stepDivided(_state: object, frame: Frame, emit: Emit<'frame'>, work: DividedWork): void {
  const { divide, least, output, outVariances, divisor, counted, nothing } = work;
  const { mask, values } = frame;
  // A factor that all channels shared is divided out.
  const variances = ownVariances(frame, counted);
  copyHeader(output, frame);
  divisor.relative = 0;
  output.mask = mask;
  output.variances = variances === undefined ? undefined : outVariances;
  const isDivided =
    usable(mask, values.length) >= least &&
    divide(values, { variances, outVariances, divisor, mask, axisShift: frame.axisShift }, output.values) !== 0;
  output.scaleError = isDivided ? divisor.relative : 0;
  if (!isDivided) {
    output.values.fill(0);
    outVariances.fill(0);
    output.mask = nothing;
  } else if (mask !== undefined)
    for (let i = 0; i < mask.length; i++)
      if (mask[i] === 1) {
        output.values[i] = 0;
        outVariances[i] = 0;
      }
  emit(output);
}

function usable(mask: Uint8Array | undefined, n: number): number {
  let count = n;
  if (mask !== undefined) for (let i = 0; i < n; i++) count -= mask[i]!;
  return count;
}
