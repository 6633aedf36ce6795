import { runMqttSubscription } from '../../adapters/links/mqttSubscription.ts';
import { withReconnect } from '../../adapters/withReconnect.ts';
import type { PipelineConfig } from '../config/schema.ts';
import type { Packet } from '../model/adapter.ts';
import { parseAcceptRequest, type AcceptAnswer, type AcceptCommand } from '../model/operatorCommand.ts';
import type { LinkReporter } from './linkBoard.ts';

/** Where commands are listened for. */
export const commandTopic = (site: string, instrument: string): string =>
  `operando/v1/${site}/${instrument}/cmd/accept`;

/**
 * Obeys commands that come over MQTT, until the signal aborts; a broker that is away is tried again. Answers go to the response
 * topic of the command, with its correlation data, both of MQTT 5.
 */
export function runMqttCommands(
  { commands, instrument }: Pick<PipelineConfig, 'commands' | 'instrument'>,
  accept: AcceptCommand,
  report: LinkReporter['report'],
  signal: AbortSignal,
): Promise<void> {
  if (commands === undefined) return Promise.resolve();
  const { url, site, version, username, password } = commands;
  const client = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
  const topics = [[commandTopic(site, instrument)]];
  const transport = withReconnect({
    name: 'mqtt',
    run: (outlet, until) => runMqttSubscription({ url, topics, qos: 1, version, client }, outlet, until),
  });
  return transport.run({ report, next: (packet) => void obey(packet, accept) }, signal);
}

async function obey({ bytes, isRetained, reply }: Packet, accept: AcceptCommand): Promise<void> {
  const say = (answer: AcceptAnswer): void => reply?.(Buffer.from(JSON.stringify(answer)));
  const command = parseAcceptRequest(new TextDecoder().decode(bytes), 'mqtt');
  if (command === null) return say({ id: '', isDone: false, detail: 'Expected { "id": text, "by": text }.' });
  // A broker would give a retained command to every monitor that starts, for ever.
  if (isRetained === true) return say({ id: command.id, isDone: false, detail: 'A command must not be retained.' });
  say(await accept(command));
}
