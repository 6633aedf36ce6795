/** What the page is told of dose and damage. Null: not told, or no such stage. */
export interface DoseMessage {
  readonly type: 'dose';
  /** Null where no dose is counted. */
  readonly account: DoseAccountView | null;
  readonly agreement: AgreementView | null;
  readonly damage: DamageView | null;
  readonly exposure: ExposureView | null;
  readonly floors: readonly FloorView[];
}

export interface DoseAccountView {
  readonly spent: number;
  readonly unit: string;
  /** False: what arrived is not known, and the most that could have arrived was charged. */
  readonly isKnown: boolean;
  readonly rate: number | null;
  /** The last one that was not 0. */
  readonly rateBefore: number | null;
  readonly rateUnit: string;
  readonly rateLimit: number | null;
  readonly limit: number | null;
  /** At the present rate; null when never. */
  readonly exhaustedSeconds: number | null;
  readonly framesLeft: number | null;
  /** Beam time over its limit. */
  readonly timeFraction: number | null;
  /** Of all areas of the sample together, in `unit`. */
  readonly ofSample: number | null;
  /** Time of the first charge of this account, us: another one is another account, and no drop of dose. */
  readonly generationUs: number | null;
  /** Fractions of the limit. */
  readonly milestones: readonly number[];
}

/** The second measure of the same dose. */
export interface AgreementView {
  /** Second over first; null while it is learned, and where it cannot be told. */
  readonly ratio: number | null;
  /** What the larger of the two makes of it, in the unit of the account. */
  readonly charged: number | null;
}

export interface DamageView {
  /** Damage fraction and its 95 % interval. */
  readonly value: number;
  /** False: it could not be estimated from the newest frame. */
  readonly isKnown: boolean;
  readonly low: number | null;
  readonly high: number | null;
  readonly tolerance: number | null;
  /** P(damage > tolerance), now and after the next frame. */
  readonly over: number | null;
  readonly overNext: number | null;
  /** Dose at which the tolerance is reached if damage goes on as now, and its 95 % interval. */
  readonly reach: number | null;
  readonly reachLow: number | null;
  readonly reachHigh: number | null;
  /** How well the tolerance can be told from nothing. */
  readonly z: number | null;
  /** Counts per frame needed to certify the sample, over the present ones. */
  readonly countsNeeded: number | null;
  /** Ascending in dose, at most 200. */
  readonly curve: readonly DamagePoint[];
}

/** [dose, damage, low, high] */
export type DamagePoint = readonly [dose: number, value: number, low: number | null, high: number | null];

export interface ExposureView {
  /** What is advised, over nominal. */
  readonly advice: number | null;
  /** 0 low, 1 high, 2 held back by the stop rule. */
  readonly state: number | null;
  /** Share of the dose of constant exposure that was not spent, 0..1. */
  readonly saving: number | null;
}

/** The smallest relative change of the counts of a region that would be found. */
export interface FloorView {
  readonly stage: string;
  /** Of the region; null where there is only one. */
  readonly name: string | null;
  readonly isLoss: boolean;
  /** On the fast axis; null for the whole of it. */
  readonly region: readonly [from: number, to: number] | null;
  /** Fewest frames first; none where no signal stands out of its background. */
  readonly steps: readonly { readonly frames: number; readonly change: number }[];
}
