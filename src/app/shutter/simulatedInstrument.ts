import { runMqttSubscription } from '../../../adapters/links/mqttSubscription.ts';
import { createMqttDoor } from '../../../adapters/actuators/doors/mqtt.ts';
import { withReconnect } from '../../../adapters/withReconnect.ts';
import { obey } from '../../../simulators/obey.ts';
import type { Simulator } from '../../../simulators/simulator.ts';
import type { Packet } from '../../model/adapter.ts';
import { parseInstrumentCommand } from '../../model/instrumentCommand.ts';
import type { Console } from '../console.ts';
import { createReceiverLog } from './receiverLog.ts';
import { runReceiver } from './runReceiver.ts';
import { createSimulatedShutter } from './simulatedShutter.ts';

export interface SimulatedInstrumentOptions {
  readonly simulator: Pick<Simulator, 'command'>;
  readonly url: string;
  readonly site: string;
  readonly instrument: string;
  /** The shutter follows the beam permit and nothing else. */
  readonly hasPermit: boolean;
  readonly console: Console;
  readonly signal: AbortSignal;
}

const LEASE_MS = 10_000;
const OPEN_MS = 28_800_000;

/** Obeys `cmd/exposure` of a simulated instrument over MQTT, and its beam permit where it has one, until the signal aborts. */
export async function runSimulatedInstrument(options: SimulatedInstrumentOptions): Promise<void> {
  const { simulator, url, site, instrument, hasPermit, console, signal } = options;
  const topics = [[`operando/v1/${site}/${instrument}/cmd/exposure`]];
  const commands = withReconnect<Packet>({
    name: 'mqtt',
    run: (outlet, until) => runMqttSubscription({ url, topics, qos: 1, version: 'auto', client: {} }, outlet, until),
  });
  const hear = ({ bytes, isRetained, reply }: Packet): void => {
    if (isRetained === true) return;
    const answer = obeyText(simulator, new TextDecoder().decode(bytes), hasPermit);
    reply?.(Buffer.from(answer));
  };
  const obeying = commands.run({ next: hear, report: () => undefined }, signal);
  if (hasPermit)
    await runReceiver({
      device: createSimulatedShutter((command) => simulator.command(command)),
      door: () => createMqttDoor({ url, site, version: 'auto' }, instrument),
      maxLeaseMs: LEASE_MS,
      maxOpenMs: OPEN_MS,
      log: createReceiverLog(console, false),
      signal,
    });
  await obeying;
}

/**
 * Obeys a command in JSON text.
 *
 * @param hasPermit - the shutter is not to be commanded.
 * @returns the answer, as JSON text.
 */
export function obeyText(simulator: Pick<Simulator, 'command'>, text: string, hasPermit: boolean): string {
  const command = parseInstrumentCommand(text);
  const refusal =
    command === null
      ? 'Expected { "command": "exposure", "seconds": s }, or another command to the instrument.'
      : hasPermit && command.command === 'shutter'
        ? 'The shutter follows the beam permit.'
        : obey(simulator, command);
  return JSON.stringify({ isDone: refusal === null, detail: refusal ?? 'Done.' });
}
