import { spentOf } from '../../src/kernel/dose/account.ts';
import { chargeArea, moveTo, openAreas } from '../../src/kernel/dose/areas.ts';
import { beamCharge, emptyCharge, startBeam } from '../../src/kernel/dose/beamCharge.ts';
import { nextUniform, seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';
import { createExactSum, relativeError } from './exactSum.ts';

/** How exactly the ledger adds up, the rounding of every single charge included. */
export interface LedgerReport {
  readonly charges: number;
  /** Of the ledger, against rational arithmetic. */
  readonly relativeError: number;
  /** Of a plain sum in double precision, of the same charges. */
  readonly naiveRelativeError: number;
  /** Of a plain sum in single precision. */
  readonly float32RelativeError: number;
  readonly seconds: number;
}

/** Exposures of the frames, microseconds. */
const EXPOSURES_US = [10, 997, 100_000, 1_000_003];
/** Rates of dose span so many powers of ten. */
const DECADES = 9;

/**
 * Charges an area with frames of mixed exposure under a beam whose rate spans nine decades, and adds up the same products of
 * rate and time as fractions.
 *
 * @param charges - frames; 10^8 take about half a minute.
 */
export function ledgerPart({ charges = 1e8, seed = 1 }: { charges?: number; seed?: number } = {}): LedgerReport {
  const started = performance.now();
  const random = seedXoshiro128(seed, 0);
  const scales = Array.from({ length: 256 }, (_, k) => 10 ** ((DECADES * k) / 255 - DECADES / 2));
  const area = moveTo(openAreas(), 0, 0, 0);
  const beam = startBeam();
  const out = emptyCharge();
  const exact = createExactSum(EXPOSURES_US);
  const delivery = {
    timeUs: 0,
    exposureUs: 0,
    unseenUs: 0,
    rate: 0,
    maximum: 1,
    isOff: false,
    ageUs: 0,
    isLitBetween: false,
    lagUs: 0,
  };
  let naive = 0;
  let single = 0;
  for (let k = 0; k < charges; k++) {
    const draw = 256 * nextUniform(random);
    const scale = Math.floor(draw);
    const exposure = k & 3;
    delivery.rate = (1 + draw - scale) * scales[scale]!;
    delivery.exposureUs = EXPOSURES_US[exposure]!;
    delivery.timeUs += delivery.exposureUs;
    beamCharge(beam, delivery, out);
    chargeArea(area, out.own, out.ownUs, delivery.timeUs);
    exact.add(delivery.rate, exposure);
    naive += out.own;
    single = Math.fround(single + Math.fround(out.own));
  }
  const total = exact.total();
  const errorOf = (sum: number): number => relativeError(sum, total, 1_000_000n);
  return {
    charges,
    relativeError: errorOf(spentOf(area.dose)),
    naiveRelativeError: errorOf(naive),
    float32RelativeError: errorOf(single),
    seconds: (performance.now() - started) / 1e3,
  };
}
