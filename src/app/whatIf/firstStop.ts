import { permitRules } from '../../config/permitPlan.ts';
import type { LoadedConfig } from '../../config/load.ts';
import type { GraphPlan } from '../../config/plan.ts';
import { DOSE } from '../../model/doseReading.ts';
import type { Signal } from '../../model/signal.ts';
import { createBudgets } from '../../permit/budgets.ts';
import { createVerdicts } from '../../permit/verdicts.ts';
import { startMonitor } from '../createMonitor.ts';
import { listener } from '../listener.ts';

/** How much a dose account held. */
export interface Spent {
  readonly stage: string;
  readonly value: number;
  readonly unit: string;
}

/** The first frame after which a rule takes the beam off. */
export interface Stop {
  readonly stream: string;
  readonly seq: number;
  readonly timeUs: number;
  readonly cause: string;
  readonly spent: readonly Spent[];
}

/** What the rules say to a run. */
export interface RuledRun {
  /** Null when no rule stops it. */
  readonly stop: Stop | null;
  readonly startUs: number | null;
  /** At its end. */
  readonly spent: readonly Spent[];
}

/** Plays a run as fast as it goes and asks the rules of its permit after every frame. Nothing is written anywhere. */
export async function findFirstStop(loaded: LoadedConfig, plan: GraphPlan, signal: AbortSignal): Promise<RuledRun> {
  const rules = permitRules(loaded.config, plan);
  const budgets = createBudgets(rules.accounts, true, { armedMs: null });
  const verdicts = createVerdicts(rules);
  const spent = new Map<string, Spent>();
  let stop: Stop | null = null;
  let startUs: number | null = null;
  let last: { readonly stream: string; readonly seq: number; readonly timeUs: number } | null = null;

  const judge = (): void => {
    if (stop !== null || last === null) return;
    const failing = [...budgets.judge(0), ...verdicts.judge(0)].find(
      ({ isHeld, stopsAs }) => !isHeld && stopsAs === 'stopped',
    );
    if (failing !== undefined)
      stop = { ...last, cause: `${failing.name}: ${failing.tell()}`, spent: [...spent.values()] };
  };
  const hear = (heard: Signal, from: string): void => {
    switch (heard.type) {
      case 'frame':
        if (from !== heard.stream) return;
        judge();
        startUs ??= heard.timeUs;
        last = { stream: heard.stream, seq: heard.seq, timeUs: heard.timeUs };
        return;
      case 'reading':
        budgets.hear(heard);
        verdicts.hearReading(heard);
        if (heard.name === DOSE.spent && rules.accounts.includes(heard.stage))
          spent.set(heard.stage, { stage: heard.stage, value: heard.value, unit: heard.unit });
        return;
      case 'detection':
        return verdicts.hearDetection(heard);
      case 'alert':
        return verdicts.hearAlert(heard);
    }
  };
  const monitor = await startMonitor(
    loaded,
    { ...plan, sinks: [] },
    {
      mode: 'replay',
      speed: Infinity,
      startFresh: true,
      keepsCheckpoints: false,
      listeners: [listener('rules', hear)],
      onLinkChange: () => undefined,
    },
  );
  const end = (): void => monitor.stop();
  signal.addEventListener('abort', end, { once: true });
  try {
    await monitor.done;
  } finally {
    signal.removeEventListener('abort', end);
  }
  judge();
  return { stop, startUs, spent: [...spent.values()] };
}
