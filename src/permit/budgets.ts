import { DOSE } from '../model/doseReading.ts';
import type { Reading } from '../model/signal.ts';
import type { BeamHistory, ConditionSource, Judgement } from './conditions.ts';

interface Account {
  spent: number;
  next: number;
  fraction: number;
  rateFraction: number;
  timeFraction: number;
  clockFraction: number;
  isValid: boolean;
  isHeard: boolean;
}

/** Where each reading of an account is kept. */
const FIELDS: Readonly<Record<string, keyof Omit<Account, 'isValid' | 'isHeard'> | undefined>> = {
  [DOSE.spent]: 'spent',
  [DOSE.next]: 'next',
  [DOSE.fraction]: 'fraction',
  [DOSE.rateFraction]: 'rateFraction',
  [DOSE.timeFraction]: 'timeFraction',
  [DOSE.clockFraction]: 'clockFraction',
};

/** The budgets of dose accounts: none may be passed, and the next frame may not pass one. */
export interface Budgets extends ConditionSource {
  hear(reading: Reading): void;
}

/**
 * @param accounts - ids of the stages that keep an account.
 * @param framesNeedBeam - before any frame an account says nothing, and that is well.
 */
export function createBudgets(accounts: readonly string[], framesNeedBeam: boolean, beam: BeamHistory): Budgets {
  const books = new Map<string, Account>(
    accounts.map((id) => [
      id,
      {
        spent: 0,
        next: 0,
        fraction: 0,
        rateFraction: 0,
        timeFraction: 0,
        clockFraction: 0,
        isValid: true,
        isHeard: false,
      },
    ]),
  );

  const judgeOne = (id: string, account: Account): Judgement => {
    const failure = failureOf(account, framesNeedBeam && beam.armedMs === null);
    return {
      id: `budget.${id}`,
      name: `Budget ${id}`,
      isHeld: failure === null,
      tell: () => failure ?? (account.isHeard ? `${percent(account.fraction)} spent` : 'nothing charged yet'),
      stopsAs: account.isHeard && account.isValid ? 'stopped' : 'withheld',
    };
  };
  return {
    hear(reading) {
      const account = books.get(reading.stage);
      if (account === undefined) return;
      account.isHeard = true;
      const field = FIELDS[reading.name];
      if (field !== undefined) account[field] = reading.value;
      if (reading.name === DOSE.spent) account.isValid = reading.quality === 'valid';
    },
    judge: () => [...books].map(([id, account]) => judgeOne(id, account)),
  };
}

function failureOf(account: Account, isExcused: boolean): string | null {
  if (!account.isHeard) return isExcused ? null : 'nothing heard of it yet';
  if (!account.isValid) return 'the dose is not known: its measurement is missing or stale';
  // Compared so that a number that is none fails.
  if (!(account.fraction < 1)) return `spent: ${percent(account.fraction)} of the limit`;
  if (!(account.rateFraction <= 1)) return `dose rate at ${percent(account.rateFraction)} of its limit`;
  if (!(account.timeFraction < 1)) return `beam time at ${percent(account.timeFraction)} of its limit`;
  if (!(account.clockFraction < 1))
    return `time since the first charge at ${percent(account.clockFraction)} of its limit`;
  const after = account.spent > 0 ? account.fraction * (1 + account.next / account.spent) : account.fraction;
  if (!(after <= 1)) return `the next frame would pass it: ${percent(after)} of the limit`;
  return null;
}

const percent = (fraction: number): string => `${Number((100 * fraction).toPrecision(4))} %`;
