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
  const limits: Limits = { dose: null, rate: null };
  let version = 0;
  return {
    get version() {
      return version;
    },
    read(reading) {
      if (reading.stage === sources.dose) {
        account.read(reading);
        noteLimits(limits, account);
      } else if (reading.stage === sources.damage)
        damage.read(reading, account.value(DOSE.spent), account.value(DOSE.generation));
      else if (reading.stage === sources.agreement) agreement.read(reading);
      else if (reading.stage === sources.exposure) exposure.read(reading);
      else if (!floors.read(reading)) return;
      version++;
    },
    message: () => ({
      type: 'dose',
      account: accountView(account, limits, sources.milestones ?? []),
      agreement: agreementView(agreement),
      damage: damage.view(),
      exposure: exposureView(exposure),
      floors: floors.list(),
    }),
  };
}

/** What the fractions are fractions of: kept, for nothing can be told from a fraction of 0. */
interface Limits {
  dose: number | null;
  rate: number | null;
}

function noteLimits(limits: Limits, account: Latest): void {
  const fraction = account.value(DOSE.fraction);
  const spent = account.beside(DOSE.fraction, DOSE.spent);
  if (fraction !== null && spent !== null && fraction > 0) limits.dose = spent / fraction;
  const rateFraction = account.value(DOSE.rateFraction);
  const rate = account.beside(DOSE.rateFraction, DOSE.rate);
  if (rateFraction !== null && rate !== null && rateFraction > 0) limits.rate = rate / rateFraction;
}

function accountView(account: Latest, limits: Limits, milestones: readonly number[]): DoseAccountView | null {
  const spent = account.of(DOSE.spent);
  if (spent === null) return null;
  const beside = (name: string): number | null => account.beside(DOSE.spent, name);
  return {
    spent: spent.value,
    unit: spent.unit,
    isKnown: spent.quality === 'valid',
    rate: beside(DOSE.rate),
    rateUnit: account.of(DOSE.rate)?.unit ?? '',
    rateLimit: limits.rate,
    limit: limits.dose,
    exhaustedSeconds: beside(DOSE.exhausted),
    framesLeft: beside(DOSE.framesLeft),
    timeFraction: beside(DOSE.timeFraction),
    ofSample: beside(DOSE.ofSample),
    generationUs: account.value(DOSE.generation),
    milestones,
  };
}

function agreementView(agreement: Latest): AgreementView | null {
  const ratio = agreement.value('doseRatio');
  return ratio === null ? null : { ratio, charged: agreement.value('doseCharged') };
}

function exposureView(exposure: Latest): ExposureView | null {
  const advice = exposure.of('exposureAdvice');
  const [state, saving] = [exposure.value('exposureState'), exposure.value('doseSaving')];
  if (advice === null && state === null && saving === null) return null;
  return { advice: advice?.value ?? null, unit: advice?.unit ?? '', state, saving };
}
