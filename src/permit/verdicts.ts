import type { Alert, Severity } from '../model/alert.ts';
import { DAMAGE } from '../model/doseReading.ts';
import type { Detection, Reading } from '../model/signal.ts';
import type { ConditionSource, Judgement } from './conditions.ts';

export interface VerdictSetting {
  /** Stages that estimate damage, each with the risk it may run. */
  readonly responses: readonly { readonly id: string; readonly alpha: number }[];
  /** Stages that compare the two dose channels. */
  readonly agreements: readonly string[];
  /** Alerts of this severity or a higher one stop the beam; null for none. */
  readonly severity: Severity | null;
}

/** What the stages find: damage, disagreement of the dose channels, alerts. */
export interface Verdicts extends ConditionSource {
  hearReading(reading: Reading): void;
  hearDetection(detection: Detection): void;
  hearAlert(alert: Alert): void;
}

const RANK: Readonly<Record<Severity, number>> = { notice: 0, warning: 1, critical: 2 };
/** So many standing alerts are remembered. Beyond, nobody knows any more when all are cleared, and the condition fails for good. */
const MOST_ALERTS = 1000;

export function createVerdicts({ responses, agreements, severity }: VerdictSetting): Verdicts {
  const risks = new Map(responses.map(({ id, alpha }) => [id, { alpha, over: 0, overNext: 0, isValid: true }]));
  const channels = new Map(agreements.map((id) => [id, { statistic: 0, threshold: Infinity, isBroken: false }]));
  const standing = new Map<string, Alert>();
  let forgottenCount = 0;

  const judgeDamage = (): Judgement[] =>
    [...risks].map(([id, { alpha, over, overNext, isValid }]) => ({
      id: `damage.${id}`,
      name: `Damage ${id}`,
      isHeld: isValid && overNext <= alpha && over <= alpha,
      tell: () =>
        isValid
          ? `P(over tolerance after the next frame) ${share(Math.max(over, overNext))}, limit ${share(alpha)}`
          : 'the damage cannot be estimated: the spectrum fits neither state',
      stopsAs: isValid ? 'stopped' : 'withheld',
    }));
  const judgeChannels = (): Judgement[] =>
    [...channels].map(([id, { statistic, threshold, isBroken }]) => ({
      id: `agreement.${id}`,
      name: 'Dose channels agree',
      isHeld: !isBroken,
      tell: () =>
        isBroken
          ? 'beam current and detector counts disagree about the dose'
          : `statistic ${Number(statistic.toPrecision(3))}, threshold ${Number(threshold.toPrecision(3))}`,
      stopsAs: 'withheld',
    }));
  const judgeAlerts = (): Judgement[] => {
    if (severity === null) return [];
    const newest = [...standing.values()].at(-1);
    return [
      {
        id: 'alert',
        name: severity === 'critical' ? 'Critical alerts' : `Alerts from ${severity} up`,
        isHeld: newest === undefined && forgottenCount === 0,
        tell: () =>
          newest === undefined
            ? forgottenCount === 0
              ? 'none stands'
              : 'more alerts than can be kept account of'
            : `${newest.message}${standing.size + forgottenCount > 1 ? ` (and ${standing.size + forgottenCount - 1} more)` : ''}`,
        stopsAs: 'stopped',
      },
    ];
  };
  return {
    hearReading({ stage, name, value, quality }) {
      const risk = risks.get(stage);
      if (risk !== undefined) {
        if (name === DAMAGE.over) Object.assign(risk, { over: value, isValid: quality === 'valid' });
        else if (name === DAMAGE.overNext) risk.overNext = value;
      }
      const channel = channels.get(stage);
      if (channel === undefined) return;
      if (name === 'threshold') channel.threshold = value;
      else if (name === 'statistic') {
        channel.statistic = value;
        channel.isBroken = !(value < channel.threshold);
      }
    },
    hearDetection({ detector }) {
      const channel = channels.get(detector);
      if (channel !== undefined) channel.isBroken = true;
    },
    hearAlert(alert) {
      if (severity === null || RANK[alert.severity] < RANK[severity]) return;
      if (alert.phase === 'cleared') standing.delete(alert.id);
      else standing.set(alert.id, alert);
      if (standing.size <= MOST_ALERTS) return;
      standing.delete([...standing.keys()][0] ?? '');
      forgottenCount++;
    },
    judge: () => [...judgeDamage(), ...judgeChannels(), ...judgeAlerts()],
  };
}

const share = (probability: number): string => `${Number((100 * probability).toPrecision(3))} %`;
