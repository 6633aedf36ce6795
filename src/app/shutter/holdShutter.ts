import { createHttpDoor } from '../../../adapters/actuators/doors/http.ts';
import { createMqttDoor } from '../../../adapters/actuators/doors/mqtt.ts';
import { shutterDevices } from '../../../adapters/registry.ts';
import { explainError, MonitorError } from '../../model/error.ts';
import type { ShutterState } from '../../model/permit.ts';
import type { ShutterDevice } from '../../model/shutter.ts';
import type { Console } from '../console.ts';
import { createReceiverLog } from './receiverLog.ts';
import { monotonicMs, runReceiver } from './runReceiver.ts';
import type { ShutterConfig } from './shutterFile.ts';

/**
 * Holds the shutter of a configuration until the process is told to end, or fails: it closes in either case.
 *
 * @returns what was seen of the shutter last; 'unknown' after a failure.
 */
export async function holdShutter(config: ShutterConfig, console: Console, isJson: boolean): Promise<ShutterState> {
  const { link, instrument, maxLeaseMs, maxOpen } = config;
  const log = createReceiverLog(console, isJson);
  const end = new AbortController();
  let hasFailed = false;
  const fail = (error: unknown): void => {
    hasFailed = true;
    log.failed(explainError(error), monotonicMs());
    end.abort('the receiver failed');
  };
  const leave = (): void => end.abort('the receiver was stopped');
  console.interrupted.addEventListener('abort', leave, { once: true });
  if (console.interrupted.aborted) leave();
  // A terminal that is closed does not take the closing with it; nor does one that reads no more.
  process.on('SIGHUP', leave);
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  const ignore = (): void => undefined;
  process.stdout.on('error', ignore);
  process.stderr.on('error', ignore);
  try {
    const seen = await runReceiver({
      device: createDevice(config.device),
      door: (report) =>
        link.use === 'mqtt' ? createMqttDoor(link.with, instrument) : createHttpDoor(link.with, report),
      maxLeaseMs,
      maxOpenMs: maxOpen / 1000,
      log,
      signal: end.signal,
    });
    log.ended(seen, monotonicMs());
    return hasFailed ? 'unknown' : seen;
  } finally {
    process.off('SIGHUP', leave);
    process.off('uncaughtException', fail);
    process.off('unhandledRejection', fail);
    process.stdout.off('error', ignore);
    process.stderr.off('error', ignore);
  }
}

function createDevice({ use, with: settings }: { readonly use: string; readonly with: unknown }): ShutterDevice {
  const known: readonly { readonly name: string; create(config: never): ShutterDevice }[] = shutterDevices;
  const definition = known.find(({ name }) => name === use);
  if (definition === undefined) throw new MonitorError('CONFIG', `there is no device of this name`, { id: use });
  return definition.create(settings as never);
}
