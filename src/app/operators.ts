import { DEFAULT_ALARMS, type AlarmSettings } from '../alarms/lifeCycle.ts';
import type { PipelineConfig } from '../config/schema.ts';
import type { AlarmStep } from '../model/alarm.ts';
import type { AlarmAct } from '../model/alarmCommand.ts';
import type { Checkpoint } from '../model/checkpoint.ts';
import type { OperatorAct } from '../model/operatorCommand.ts';
import type { SlowSignals } from '../pipeline/slowSignals.ts';
import { createAlarmDesk, type AlarmDesk } from './alarmDesk.ts';
import { createOperatorDesk, type OperatorDesk, type OperatorDeskOptions } from './operatorDesk.ts';
import type { RunNotes } from './runNotes.ts';

export interface OperatorsOptions extends Pick<OperatorDeskOptions, 'mode' | 'positions' | 'keep'> {
  readonly alarms: PipelineConfig['alarms'];
  readonly slowSignals: SlowSignals;
  readonly notes: Pick<RunNotes, 'add'>;
  readonly checkpoint: Pick<Checkpoint, 'acts' | 'alarms'> | null;
  /** Hears of every acceptance. */
  onAct?: ((act: OperatorAct) => void) | undefined;
  /** Hears of every step in the life of an alarm. */
  onAlarm?: ((step: AlarmStep) => void) | undefined;
}

/** Those who obey the operators of a run. */
export interface Operators {
  readonly desk: OperatorDesk;
  readonly alarms: AlarmDesk;
  /** Does again what was recorded in this place. */
  repeat(act: AlarmAct | OperatorAct): void;
}

export function createOperators(options: OperatorsOptions): Operators {
  const { mode, slowSignals, notes, checkpoint, positions, keep } = options;
  const alarms = createAlarmDesk({
    mode,
    keep,
    settings: settingsOf(options.alarms),
    memory: checkpoint?.alarms,
    acted: notes.add,
    stepped(step) {
      notes.add(step);
      options.onAlarm?.(step);
    },
  });
  const desk = createOperatorDesk({
    ...{ mode, slowSignals, positions, keep },
    acts: checkpoint?.acts ?? [],
    noted(act) {
      alarms.accepted(act);
      notes.add({ type: 'act', ...act });
      options.onAct?.(act);
    },
  });
  return {
    desk,
    alarms,
    repeat(act) {
      if ('count' in act) alarms.accepted(act);
      else alarms.repeat(act);
    },
  };
}

function settingsOf(section: PipelineConfig['alarms']): AlarmSettings {
  if (section === undefined) return DEFAULT_ALARMS;
  const { latch, fold, suppress } = section;
  return {
    latch: latch === 'never' ? null : latch,
    fold: { most: fold.moreThan, spanUs: fold.within },
    suppress,
  };
}
