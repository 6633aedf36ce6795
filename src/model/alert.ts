export type Severity = 'notice' | 'warning' | 'critical';

/** How urgent each severity is, to compare them by. */
export const SEVERITY_RANK = { notice: 0, warning: 1, critical: 2 } as const satisfies Record<Severity, number>;

/** What a person or a control system is told. */
export interface Alert {
  readonly type: 'alert';
  /** Derived from rule, stream and first detection, so a replay repeats it exactly. */
  readonly id: string;
  /** Id of the stage that decides on it; the last level of its MQTT topic. */
  readonly rule: string;
  readonly stream: string;
  readonly seq: number;
  readonly timeUs: number;
  readonly onsetUs: number;
  readonly onsetIntervalUs?: readonly [from: number, to: number] | undefined;
  readonly severity: Severity;
  readonly phase: 'raised' | 'updated' | 'cleared';
  /** One sentence with numbers and units. */
  readonly message: string;
  /** Stage ids whose detections or readings support it. */
  readonly evidence: readonly string[];
  /** Of the strongest detection so far. */
  readonly statistic: number;
  readonly threshold: number;
  readonly region?: readonly [from: number, to: number] | undefined;
  readonly regionUnit?: string | undefined;
  readonly sign: -1 | 0 | 1;
  /** What matched best: a line, a phase, 'peak'; absent when the detector has no templates. */
  readonly template?: string | undefined;
  /** Of a cleared one: that the operator accepted the new state; absent when the change went back. */
  readonly clearedBy?: 'operator' | undefined;
  /** Mean number of frames of quiet data between false alarms; absent when not known. */
  readonly averageRunLength?: number | undefined;
}
