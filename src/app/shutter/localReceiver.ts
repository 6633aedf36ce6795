import type { PermitDoor, PermitOutlet, ReportOutlet, ShutterDevice, ShutterLink } from '../../model/shutter.ts';
import { runReceiver, type ReceiverLog } from './runReceiver.ts';

export interface LocalReceiverOptions {
  readonly device: ShutterDevice;
  /** The longest lease that is accepted, milliseconds. */
  readonly maxLeaseMs: number;
  /** Backup timer of the receiver, milliseconds. */
  readonly maxOpenMs: number;
}

const SILENT: ReceiverLog = { changed: () => undefined, link: () => undefined, refused: () => undefined };

/**
 * A receiver inside the monitor, for rehearsals: lease, receiver and device as in `operando shutter`, without a wire. It gives no
 * safety of its own, since it stops where the monitor stops.
 */
export function createLocalReceiver({ device, maxLeaseMs, maxOpenMs }: LocalReceiverOptions): ShutterLink {
  let monitor: ReportOutlet | null = null;
  let receiver: PermitOutlet | null = null;
  // As over a wire, nothing arrives before the call that sent it is over.
  const door: PermitDoor = {
    name: device.name,
    send: (report) => queueMicrotask(() => monitor?.next(report)),
    run(outlet, signal) {
      receiver = outlet;
      monitor?.report({ state: 'ok', detail: '' });
      return new Promise((resolve) => {
        const end = (): void => {
          receiver = null;
          resolve();
        };
        if (signal.aborted) end();
        else signal.addEventListener('abort', end, { once: true });
      });
    },
  };
  return {
    name: device.name,
    send: (message) => queueMicrotask(() => receiver?.next(message)),
    async run(outlet, signal) {
      monitor = outlet;
      try {
        await runReceiver({ device, door: () => door, maxLeaseMs, maxOpenMs, log: SILENT, signal });
      } finally {
        monitor = null;
      }
    },
  };
}
