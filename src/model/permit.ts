import { z } from 'zod';

/**
 * The beam permit on the wire, monitor to shutter: topic `permit`, never retained. Absence means stop.
 *
 * An 'open' message is a lease: it holds the shutter open for `ttlMs`, counted on the receiver's monotonic clock from the
 * moment the receiver made the `challenge` that the message answers. So a message that waited somewhere on the way grants
 * what is left of its lease and no more, and one recorded yesterday grants nothing.
 */
export const permitMessage = z.strictObject({
  run: z.string().min(1).max(100),
  /** Counts the armings, for ever upwards. A lower one than the receiver knows is from the past. */
  epoch: z.int().min(1),
  /** Counts the messages of an epoch, from 1. */
  seq: z.int().min(1),
  state: z.enum(['open', 'closed']),
  /** One sentence; empty while open. */
  reason: z.string().max(500),
  ttlMs: z.number().positive().max(60_000),
  /** The newest challenge heard; '' when none was: such a message can close, and never opens. */
  answers: z.string().max(80),
});
export type PermitMessage = z.output<typeof permitMessage>;

export const SHUTTER_STATES = ['open', 'closed', 'unknown'] as const;
export type ShutterState = (typeof SHUTTER_STATES)[number];

/** What the receiver says of itself, shutter to monitor: topic `shutter`, never retained; several times per lease and at every change. */
export const shutterReport = z.strictObject({
  /** As read back from the device, or as last driven where it cannot be read. */
  observed: z.enum(SHUTTER_STATES),
  /** Whether `observed` was read back. */
  isReadBack: z.boolean(),
  /** What the receiver drives the device to. */
  driven: z.enum(['open', 'closed']),
  /** Random per start of the receiver; another one means that it was restarted. */
  boot: z.string().min(1).max(40),
  /** `boot` and a count; each is good for one lease time. */
  challenge: z.string().min(1).max(80),
  /** Highest epoch it has accepted; 0 before the first. */
  epoch: z.int().min(0),
  /** Why it is closed; empty while open. */
  reason: z.string().max(500),
});
export type ShutterReport = z.output<typeof shutterReport>;

/** Where the permit stands. 'withheld': a condition of the data or the machines stopped it; 'stopped': a rule or a person did. Both are latched. */
export type PermitState = 'notArmed' | 'permitted' | 'withheld' | 'stopped';

/** One thing that must hold for the beam to be on. */
export interface PermitCondition {
  /** 'fresh', 'budget.dose', 'damage.response', 'agreement.channels', 'alert', 'timer', 'loop', 'shutter', 'audit', 'operator'. */
  readonly id: string;
  /** A few words: 'Data fresh'. */
  readonly name: string;
  readonly isHeld: boolean;
  /** The value against its limit: 'last frame 0.2 s ago, limit 1 s'. */
  readonly detail: string;
}

/** All that the page and the command line show of the permit. */
export interface PermitView {
  readonly state: PermitState;
  /** What the monitor wants of the shutter. */
  readonly desired: 'open' | 'closed';
  readonly observed: ShutterState;
  readonly isReadBack: boolean;
  /** Null before the first report. */
  readonly reportAgeMs: number | null;
  /** One sentence; empty while permitted. */
  readonly cause: string;
  /** Since when it is in this state, wall clock, microseconds. */
  readonly sinceUs: number;
  /** From the decision to the report that agreed; null while none has. */
  readonly confirmedMs: number | null;
  /** How often the present command was sent. */
  readonly tries: number;
  readonly epoch: number;
  readonly leaseMs: number;
  /** Left of the lease that the receiver is known to have; 0 when closed. */
  readonly leaseLeftMs: number;
  readonly conditions: readonly PermitCondition[];
}

/** One line of the audit log. */
export interface PermitEvent {
  readonly event: 'granted' | 'refused' | 'tripped' | 'confirmed';
  /** Wall clock, microseconds since 1970: for people; nothing is decided by it. */
  readonly timeUs: number;
  readonly run: string;
  readonly epoch: number;
  readonly state: PermitState;
  /** Of a grant: the reason given by who armed it; of a refusal or trip: the cause. */
  readonly reason: string;
  /** Who; '' where nobody did. */
  readonly by: string;
  /** By which way the command came: 'page', 'command line', 'mqtt', 'pipeline file'; '' where none did. */
  readonly via: string;
  /** Stream position of the frame that decided, where one did. */
  readonly stream?: string | undefined;
  readonly seq?: number | undefined;
  /** Of a grant: the conditions as they stood. */
  readonly conditions?: readonly PermitCondition[] | undefined;
}

/**
 * Slow signal by which the monitor tells the stages whether the beam is on: 1 while the shutter is seen open or is not known,
 * 0 while it is seen closed. Recorded with the frames, so that a replay charges the same dose.
 */
export const PERMIT_BEAM = 'permit.beam';
