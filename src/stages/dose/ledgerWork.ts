import { openAccount, type Account } from '../../kernel/dose/account.ts';
import { emptyCharge, startBeam, type BeamCharge, type BeamState } from '../../kernel/dose/beamCharge.ts';
import type { Frame } from '../../model/frame.ts';
import { openPlaces, type Places } from './ledgerPlace.ts';
import type { BeamQuantity, LedgerSettings } from './ledgerSettings.ts';
import { slowValue } from './slowValue.ts';

/** The books: what was known at the frame before, the account of the sample, those of its places. */
export type LedgerState = { beam: BeamState; sample: Account; places: Places };

/** Where the dose comes from. */
export interface DoseSource {
  /** Dose per second of a frame, in the unit of the account; NaN when unknown. */
  rateOf(frame: Frame): number;
  /** Dose per second to charge when unknown. */
  readonly maximum: number;
  /** Slow signal of which 0 says that there is no beam; null when 0 may be chance. */
  readonly signal: string | null;
}

/** What the stage of an account knows beside its settings. */
export interface LedgerParts {
  readonly id: string;
  readonly config: LedgerSettings;
  /** UCUM code of the account. */
  readonly unit: string;
  /** UCUM code of it per second. */
  readonly rateUnit: string;
  /** Units of the account in the unit that `limit` is in. */
  readonly scale: number;
  readonly source: DoseSource;
}

export interface LedgerWork extends LedgerParts {
  readonly limit: number;
  readonly rateLimit: number | null;
  readonly out: BeamCharge;
}

export const prepareLedger = (parts: LedgerParts): LedgerWork => ({
  ...parts,
  limit: parts.config.limit * parts.scale,
  rateLimit: parts.config.rateLimit === undefined ? null : parts.config.rateLimit * parts.scale,
  out: emptyCharge(),
});

export const initialLedger = ({ config }: LedgerWork): LedgerState => ({
  beam: startBeam(),
  sample: openAccount(),
  places: openPlaces(config.area),
});

/**
 * The source whose dose is in proportion to a quantity of the beam.
 *
 * @param perUnit - dose per second of one of `quantity.unit`.
 */
export function proportional(quantity: BeamQuantity, perUnit: number): DoseSource {
  if ('fixed' in quantity) {
    const rate = quantity.fixed * perUnit;
    return { rateOf: () => rate, maximum: rate, signal: null };
  }
  const { signal, staleAfter, maximum } = quantity;
  // The offset of an ammeter may be negative; a beam is not.
  return {
    rateOf: (frame) => {
      const value = slowValue(frame, signal, staleAfter);
      return value > 0 ? value * perUnit : value * 0;
    },
    maximum: maximum * perUnit,
    signal,
  };
}

/**
 * Refuses budgets that one frame of a known beam is over already.
 *
 * @param rate - dose per second, in the unit of `limit`; null when not fixed.
 * @throws RangeError with both numbers.
 */
export function checkBudget(
  { limit, rateLimit, timeLimit }: LedgerSettings,
  unit: string,
  rate: number | null,
  framePeriodUs: number | null,
): void {
  const text = (value: number): string => String(Number(value.toPrecision(4)));
  if (timeLimit !== undefined && framePeriodUs !== null && timeLimit < framePeriodUs)
    throw new RangeError(
      `timeLimit is ${timeLimit / 1e6} s, expected at least the ${framePeriodUs / 1e6} s of one frame`,
    );
  if (rate === null) return;
  if (rateLimit !== undefined && rateLimit < rate)
    throw new RangeError(`rateLimit is ${text(rateLimit)} ${unit} per second, but the beam gives ${text(rate)}`);
  const ofFrame = framePeriodUs === null ? 0 : (rate * framePeriodUs) / 1e6;
  if (framePeriodUs === null || limit >= ofFrame) return;
  throw new RangeError(
    `limit is ${text(limit)} ${unit}, expected at least the ${text(ofFrame)} of one frame of ${framePeriodUs / 1e3} ms`,
  );
}
