import { runMqttSubscription } from '../../adapters/links/mqttSubscription.ts';
import { withReconnect } from '../../adapters/withReconnect.ts';
import type { PipelineConfig } from '../config/schema.ts';
import type { Packet } from '../model/adapter.ts';
import { readAcceptRequest, type AcceptAnswer, type AcceptCommand } from '../model/operatorCommand.ts';
import { readPermitRequest, type PermitCommand } from '../model/permitCommand.ts';
import type { LinkReporter } from './linkBoard.ts';

/** What commands may be given over MQTT. */
const NAMES = ['accept', 'stop', 'rearm'] as const;
export type CommandName = (typeof NAMES)[number];

/** Where a command is listened for. */
export const commandTopic = (site: string, instrument: string, name: CommandName): string =>
  `operando/v1/${site}/${instrument}/cmd/${name}`;

export interface CommandDesks {
  readonly accept: AcceptCommand;
  readonly permit: PermitCommand;
}

/**
 * Obeys commands that come over MQTT, until the signal aborts; a broker that is away is tried again. Answers go to the response
 * topic of the command, with its correlation data, both of MQTT 5.
 */
export function runMqttCommands(
  { commands, instrument }: Pick<PipelineConfig, 'commands' | 'instrument'>,
  desks: CommandDesks,
  report: LinkReporter['report'],
  signal: AbortSignal,
): Promise<void> {
  if (commands === undefined) return Promise.resolve();
  const { url, site, version, username, password } = commands;
  const client = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
  const topics = [NAMES.map((name) => commandTopic(site, instrument, name))];
  const transport = withReconnect<Packet>({
    name: 'mqtt',
    run: (outlet, until) => runMqttSubscription({ url, topics, qos: 1, version, client }, outlet, until),
  });
  return transport.run({ report, next: (packet) => void obey(packet, desks) }, signal);
}

async function obey({ channel, bytes, isRetained, reply }: Packet, desks: CommandDesks): Promise<void> {
  const say = (answer: AcceptAnswer): void => reply?.(Buffer.from(JSON.stringify(answer)));
  const name = NAMES.find((candidate) => channel.endsWith(`/cmd/${candidate}`));
  const value = jsonOf(bytes);
  const isPermit = name === 'stop' || name === 'rearm';
  const permit = isPermit ? readPermitRequest({ ...value, command: name }, 'mqtt') : null;
  const accept = isPermit ? null : readAcceptRequest(value, 'mqtt');
  const command = permit ?? accept;
  if (command === null)
    return say({ id: '', isDone: false, detail: 'Expected { "id": text, "by": text, "reason": text }.' });
  // A broker would give a retained command to every monitor that starts, for ever. A stop is obeyed all the same.
  if (isRetained === true && name !== 'stop')
    return say({ id: command.id, isDone: false, detail: 'A command must not be retained.' });
  if (permit !== null) say(await desks.permit(permit));
  if (accept !== null) say(await desks.accept(accept));
}

function jsonOf(bytes: Uint8Array): object | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
