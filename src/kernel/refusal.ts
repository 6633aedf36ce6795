/** Why a kernel refused its input; golden files and the page use these words. */
export type RefusalReason =
  | 'EmptyInput'
  | 'RankDeficientModel'
  | 'NegativeWidth'
  | 'ZeroWidth'
  | 'Underdetermined'
  | 'NonFiniteInput'
  | 'LengthMismatch'
  | 'OutOfRange'
  | 'TooShort'
  | 'ZeroNorm'
  | 'BandInfeasible'
  | 'SlackTooLarge'
  | 'SegmentTooLong'
  | 'NonPositiveNorm'
  | 'ZeroVariance'
  | 'ZeroScale'
  | 'TooFewStandards'
  | 'NoEdge'
  | 'NoSignalInWindow'
  | 'NonPositiveEnergy'
  | 'NonPositiveWindow'
  | 'NonUniformAxis'
  | 'WindowOutsideAxis'
  | 'WindowTooShort';

/** A RangeError that says why in one word. */
export type Refusal = RangeError & { readonly reason: RefusalReason };

/**
 * Makes the error a kernel throws for numbers it cannot work with.
 *
 * @param reason - one word for programs.
 * @param message - one sentence for people: who, got, expected.
 */
export function refusal(reason: RefusalReason, message: string): Refusal {
  return Object.assign(new RangeError(message), { reason });
}

/** Whether an error is a refusal for this reason. */
export function isRefusal(error: unknown, reason: RefusalReason): error is Refusal {
  return error instanceof RangeError && (error as Partial<Refusal>).reason === reason;
}
