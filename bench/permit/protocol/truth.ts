import type { Observation } from './observation.ts';

export interface TruthSetting {
  readonly leaseMs: number;
  readonly freshMs: number;
  readonly timerMs: number;
}

/**
 * When a monitor may permit the beam, told from what it was handed and nothing else: written apart from the issuer, to hold
 * it against. Virtual time.
 */
export interface Truth {
  /** Last moment at which the monitor was alive, armed, and every condition held. */
  readonly lastGoodMs: number;
  /** Time has passed. @param isGiven - whether the monitor is alive and says that it permits. */
  advance(nowMs: number, isGiven: boolean): void;
  sawFrame(observation: Observation, nowMs: number): void;
  sawReport(nowMs: number): void;
  /** The clock of the monitor ticked: what had run out by then is latched. */
  ticked(nowMs: number): void;
  armed(nowMs: number): void;
  /** It was told to stop, or is another process. */
  stopped(): void;
  /** It stood still for longer than it may: it permits nothing before its clock has ticked. */
  overslept(): void;
}

export function createTruth({ leaseMs, freshMs, timerMs }: TruthSetting): Truth {
  let lastGoodMs = -Infinity;
  let isArmed = false;
  let armedMs = -Infinity;
  let usableMs = -Infinity;
  let frameMs = -Infinity;
  let reportMs = -Infinity;
  let isWell = true;
  let isAsleep = false;

  const goodUntilMs = (): number =>
    isArmed && isWell
      ? Math.min(usableMs + freshMs, frameMs + freshMs, reportMs + leaseMs, armedMs + timerMs)
      : -Infinity;
  const looked = (nowMs: number): void => {
    if (nowMs > goodUntilMs()) isArmed = false;
  };
  const advance = (nowMs: number, isGiven: boolean): void => {
    if (isGiven) lastGoodMs = Math.max(lastGoodMs, Math.min(nowMs, goodUntilMs()));
  };
  return {
    get lastGoodMs() {
      return lastGoodMs;
    },
    advance,
    sawFrame({ isUsable, fraction, isDoseKnown, isAlertStanding, isAgreed }, nowMs) {
      frameMs = nowMs;
      if (isUsable) usableMs = nowMs;
      isWell = fraction < 1 && isDoseKnown && !isAlertStanding && isAgreed;
      looked(nowMs);
    },
    sawReport(nowMs) {
      reportMs = nowMs;
      looked(nowMs);
    },
    ticked(nowMs) {
      isAsleep = false;
      looked(nowMs);
    },
    armed(nowMs) {
      if (isAsleep) return;
      isArmed = true;
      armedMs = nowMs;
      // It may be stopped before any time has passed.
      advance(nowMs, true);
    },
    stopped() {
      isArmed = false;
    },
    overslept() {
      isArmed = false;
      isAsleep = true;
    },
  };
}
