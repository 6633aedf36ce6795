import { z } from 'zod';
import type { PermitMessage, ShutterReport, ShutterState } from './permit.ts';
import type { LinkHealth } from './status.ts';

/** What a link delivers into. */
export interface ReportOutlet {
  next(report: ShutterReport): void;
  report(health: Pick<LinkHealth, 'state' | 'detail'>): void;
}

/** The monitor's way to a receiver of its permit: `permit.shutter`. */
export interface ShutterLink {
  readonly name: string;
  /** Listens for reports until `signal` aborts; rejects when the link is lost for good. Reconnecting is its caller's. */
  run(outlet: ReportOutlet, signal: AbortSignal): Promise<void>;
  /** Sends now or not at all: a permit is never queued, for it is out of date when the link is back. */
  send(message: PermitMessage): void;
}

/** The receiver's end of a link. */
export interface PermitDoor {
  readonly name: string;
  /** Hears permits until `signal` aborts; rejects when the link is lost for good. Reconnecting is its caller's. */
  run(outlet: PermitOutlet, signal: AbortSignal): Promise<void>;
  /** Sends now or not at all. */
  send(report: ShutterReport): void;
}

/** What the receiver's end of a link delivers into. */
export interface PermitOutlet {
  next(message: PermitMessage): void;
  report(health: Pick<LinkHealth, 'state' | 'detail'>): void;
}

/** What a link is told. */
export interface ShutterLinkSetting {
  readonly instrument: string;
  /** A receiver inside the monitor, for simulated streams; absent elsewhere. */
  readonly localReceiver?: ((stream: string) => ShutterLink) | undefined;
}

/** A shutter, or anything that takes the beam off the sample: what `operando shutter` drives. */
export interface ShutterDevice {
  readonly name: string;
  /** Whether `read` tells what the device does, and not only what it was told. */
  readonly isReadBack: boolean;
  /** Drives it; called again and again with the same state while that state is wanted. Rejects when it could not. */
  drive(state: 'open' | 'closed'): Promise<void>;
  read(): Promise<ShutterState>;
  close(): Promise<void>;
}

interface Definition<Name extends string, Config extends z.ZodObject> {
  /** The name in the pipeline file and on the command line, the same as the file's. */
  readonly name: Name;
  /** One sentence for the catalogue. */
  readonly summary: string;
  readonly config: Config;
  /** A working setting. */
  readonly example: z.input<Config>;
}

export interface ShutterLinkDefinition<Name extends string, Config extends z.ZodObject> extends Definition<
  Name,
  Config
> {
  create(config: z.output<Config>, setting: ShutterLinkSetting): ShutterLink;
}

export interface ShutterDeviceDefinition<Name extends string, Config extends z.ZodObject> extends Definition<
  Name,
  Config
> {
  create(config: z.output<Config>): ShutterDevice;
}

const withNode = <const Name extends string, Config extends z.ZodObject, D extends Definition<Name, Config>>(
  definition: D & Definition<Name, Config>,
) => ({ ...definition, node: z.strictObject({ use: z.literal(definition.name), with: definition.config }) });

/** A way from the monitor to a receiver: `permit.shutter`. */
export const defineShutterLink = <const Name extends string, Config extends z.ZodObject>(
  definition: ShutterLinkDefinition<Name, Config>,
) => withNode<Name, Config, ShutterLinkDefinition<Name, Config>>(definition);

/** A device that `operando shutter` drives. */
export const defineShutterDevice = <const Name extends string, Config extends z.ZodObject>(
  definition: ShutterDeviceDefinition<Name, Config>,
) => withNode<Name, Config, ShutterDeviceDefinition<Name, Config>>(definition);
