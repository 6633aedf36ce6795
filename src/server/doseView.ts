import type { Reading } from '../model/signal.ts';
import type { DoseMessage } from './protocol.ts';

/** The latest dose readings of one stage. */
export interface DoseView {
  readonly version: number;
  read(reading: Reading): void;
  message(): DoseMessage;
}

export function createDoseView(milestones: readonly number[]): DoseView {
  let spent = Number.NaN;
  let unit = '';
  let rate = Number.NaN;
  let rateUnit = '';
  let fraction = Number.NaN;
  let exhausted = Number.NaN;
  let version = 0;
  return {
    get version() {
      return version;
    },
    read(reading) {
      if (reading.quality === 'invalid') return;
      if (reading.name === 'dose') {
        spent = reading.value;
        unit = reading.unit;
        version++;
      } else if (reading.name === 'doseRate') {
        rate = reading.value;
        rateUnit = reading.unit;
      } else if (reading.name === 'doseFraction') fraction = reading.value;
      else if (reading.name === 'doseExhausted') exhausted = reading.value;
    },
    message: () => ({
      type: 'dose',
      account:
        spent !== spent
          ? null
          : {
              spent,
              unit,
              rate: rate === rate ? rate : null,
              rateUnit,
              limit: fraction > 0 ? spent / fraction : null,
              exhaustedSeconds: Number.isFinite(exhausted) ? exhausted : null,
              milestones,
            },
    }),
  };
}
