import { DOSE } from '../model/doseReading.ts';
import type { Reading } from '../model/signal.ts';
import { createDamageBook } from './damageBook.ts';
import type { AgreementView, DoseAccountView, DoseMessage, ExposureView } from './doseMessage.ts';
import { createFloorBook } from './floorBook.ts';
import { createLatest, type Latest } from './latest.ts';

/** Ids of the stages whose dose and damage are shown; null or absent for none. */
export interface DoseSources {
  /** Keeps the account. */
  readonly dose: string | null;
  /** Estimates the damage. */
  readonly damage?: string | null;
  /** Compares two measures of the dose. */
  readonly agreement?: string | null;
  /** Advises the exposure. */
  readonly exposure?: string | null;
  /** Fractions of the dose limit marked on the page. */
  readonly milestones?: readonly number[];
  /** Damage fraction that may be reached. */
  readonly tolerance?: number | null;
}

/** The latest readings of dose and damage. Written on the hot path. */
export interface DoseView {
  /** Rises with every reading that is shown. */
  readonly version: number;
  read(reading: Reading): void;
  message(): DoseMessage;
}

export function createDoseView(sources: DoseSources): DoseView {
  const account = createLatest();
  const agreement = createLatest();
  const exposure = createLatest();
  const damage = createDamageBook(sources.tolerance ?? null);
  const floors = createFloorBook();
  const kept: Kept = { limit: null, rateLimit: null, rate: null };
  let version = 0;
  return {
    get version() {
      return version;
    },
    read(reading) {
      if (reading.stage === sources.dose) {
        account.read(reading);
        keep(kept, account);
      } else if (reading.stage === sources.damage)
        damage.read(reading, account.value(DOSE.spent), account.value(DOSE.generation));
      else if (reading.stage === sources.agreement) agreement.read(reading);
      else if (reading.stage === sources.exposure) exposure.read(reading);
      else if (!floors.read(reading)) return;
      version++;
    },
    message: () => ({
      type: 'dose',
      account: accountView(account, kept, sources.milestones ?? []),
      agreement: agreementView(agreement),
      damage: damage.view(),
      exposure: exposureView(exposure),
      floors: floors.list(),
    }),
  };
}

/** What is told by some frames only: nothing can be learned from a fraction of 0. */
interface Kept {
  limit: number | null;
  rateLimit: number | null;
  /** The last one that was not 0. */
  rate: number | null;
}

function keep(kept: Kept, account: Latest): void {
  const fraction = account.value(DOSE.fraction);
  const spent = account.beside(DOSE.fraction, DOSE.spent);
  if (fraction !== null && spent !== null && fraction > 0) kept.limit = spent / fraction;
  const rate = account.value(DOSE.rate);
  if (rate !== null && rate > 0) kept.rate = rate;
  const rateFraction = account.beside(DOSE.rate, DOSE.rateFraction);
  if (rate !== null && rateFraction !== null && rateFraction > 0) kept.rateLimit = rate / rateFraction;
}

function accountView(account: Latest, kept: Kept, milestones: readonly number[]): DoseAccountView | null {
  const spent = account.of(DOSE.spent);
  if (spent === null) return null;
  const beside = (name: string): number | null => account.beside(DOSE.spent, name);
  return {
    spent: spent.value,
    unit: spent.unit,
    isKnown: spent.quality === 'valid',
    rate: beside(DOSE.rate),
    rateBefore: kept.rate,
    rateUnit: account.of(DOSE.rate)?.unit ?? '',
    rateLimit: kept.rateLimit,
    limit: kept.limit,
    exhaustedSeconds: beside(DOSE.exhausted),
    framesLeft: beside(DOSE.framesLeft),
    timeFraction: beside(DOSE.timeFraction),
    ofSample: beside(DOSE.ofSample),
    generationUs: account.value(DOSE.generation),
    milestones,
  };
}

function agreementView(agreement: Latest): AgreementView | null {
  const ratio = agreement.of('doseRatio');
  const charged = agreement.value('doseCharged');
  if (ratio === null && charged === null) return null;
  return { ratio: ratio?.quality === 'valid' ? ratio.value : null, charged };
}

function exposureView(exposure: Latest): ExposureView | null {
  const [advice, state] = [exposure.value('exposureAdvice'), exposure.value('exposureState')];
  if (advice === null && state === null) return null;
  return { advice, state, saving: exposure.value('doseSaving') };
}
