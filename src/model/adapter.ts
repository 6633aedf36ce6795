import type { z } from 'zod';
import type { Frame } from './frame.ts';
import type { InstrumentCommand } from './instrumentCommand.ts';
import type { Noise } from './layout.ts';
import type { SlowSample } from './signal.ts';
import type { StreamPosition } from './checkpoint.ts';
import type { DropReason, LinkHealth } from './status.ts';

/** Where things are delivered. Any RxJS subscriber fits it. */
export interface Outlet<T> {
  next(item: T): void;
}

/** Something that arrived and cannot be used: counted by reason, the last few kept for inspection. */
export interface Rejection {
  readonly reason: DropReason;
  /** One sentence: got and expected. */
  readonly detail: string;
  /** Lent; copied by who keeps it. */
  readonly bytes?: Uint8Array | undefined;
}

/** What an adapter delivers into. */
export interface FrameOutlet extends Outlet<Frame | SlowSample> {
  reject(rejection: Rejection): void;
  /** Null when there is room; else resolves when there is. Sources that pull (files) wait for it; those that are pushed to cannot. */
  room(): Promise<void> | null;
  /** Tells how the link is; shown on the page and by `doctor`. */
  report(health: Pick<LinkHealth, 'state' | 'detail'>): void;
}

/** A source of frames. */
export interface Adapter {
  readonly name: string;
  /** Delivers until `signal` aborts or the source ends; rejects when the source is lost for good. */
  run(outlet: FrameOutlet, signal: AbortSignal): Promise<void>;
}

/** What became of a packet, filled in by the time `next` returns. */
export interface Receipt {
  /** Frames and slow signals that were understood. The stream may still refuse them: what came twice, or from a wrong year. */
  acceptedCount: number;
  rejectedCount: number;
  /** Why the first of the rejected cannot be used; null when none was rejected. */
  firstRejection: Omit<Rejection, 'bytes'> | null;
}

/** Bytes as they came off the wire. `bytes` is lent for the length of the call. */
export interface Packet {
  /** MQTT topic, WebSocket path, ZMQ topic. */
  readonly channel: string;
  readonly bytes: Uint8Array;
  /** What follows `bytes` in a message of several parts; lent as well. */
  readonly parts?: readonly Uint8Array[] | undefined;
  readonly receivedUs: number;
  /** It was not sent now, but kept by the broker for who subscribes. */
  readonly isRetained?: boolean | undefined;
  /** Sends an answer to where its sender wants it; absent where no answer is wanted or none can be sent. */
  readonly reply?: ((bytes: Uint8Array) => void) | undefined;
  /** Filled in for a sender that waits to hear what became of it; absent where none does. */
  readonly receipt?: Receipt | undefined;
}

/** What a transport delivers into. */
export interface PacketOutlet extends Outlet<Packet> {
  /** What arrived and is no packet: half a message, one that is too long. */
  reject?(rejection: Rejection): void;
  /** As {@link FrameOutlet.room}, for transports that can hold their senders back; absent where nothing waits. */
  room?(): Promise<void> | null;
  report(health: Pick<LinkHealth, 'state' | 'detail'>): void;
}

/** Moves bytes: mqtt, websocket, zmq, watch. */
export interface Transport {
  readonly name: string;
  run(outlet: PacketOutlet, signal: AbortSignal): Promise<void>;
}

/** Understands bytes: json, cbor, dectris. One per stream: it may keep the layout and unfinished parts. Never throws for bad bytes: it rejects. */
export interface Codec {
  readonly name: string;
  /** What it has recognised, in words for the link; absent where there is nothing to recognise. */
  found?(): string;
  decode(packet: Packet, outlet: FrameOutlet): void;
}

/** Where a source hears what is asked of its instrument. */
export interface CommandInlet {
  /** @returns ends the subscription. */
  subscribe(hear: (command: InstrumentCommand) => void): () => void;
}

/** What an adapter is told about its stream. */
export interface AdapterSetting {
  readonly stream: string;
  /** As declared for the stream in the pipeline file; undefined leaves it to the wire format, 'poisson' for files. */
  readonly noise: Noise | undefined;
  /** Declared frame period; null when not declared. */
  readonly framePeriodUs: number | null;
  /** Commands to the instrument; a source that cannot obey leaves it alone. */
  readonly commands?: CommandInlet | undefined;
  /** Resolves a path of the pipeline file, relative to that file. */
  resolvePath(path: string): string;
  /** Deliver only what follows; null from the start. Sources that cannot, deliver all and the ingress skips. */
  readonly resumeAfter: StreamPosition | null;
}

/** A named maker with a schema: what the generated registry lists. */
export interface AdapterDefinition<Name extends string, Config extends z.ZodObject, Made> {
  /** The name in the pipeline file, the same as the file's. */
  readonly name: Name;
  /** One sentence for the catalogue. */
  readonly summary: string;
  readonly config: Config;
  /** A working setting. */
  readonly example: z.input<Config>;
  create(config: z.output<Config>, setting: AdapterSetting): Made;
}
