import { runMqttSubscription } from '../../adapters/links/mqttSubscription.ts';
import { withReconnect } from '../../adapters/withReconnect.ts';
import type { PipelineConfig } from '../config/schema.ts';
import type { Packet } from '../model/adapter.ts';
import { readAlarmRequest, type AlarmVerb } from '../model/alarmCommand.ts';
import { readAcceptRequest, type AcceptAnswer } from '../model/operatorCommand.ts';
import { readPermitRequest } from '../model/permitCommand.ts';
import type { Obedience } from '../server/commands.ts';
import type { LinkReporter } from './linkBoard.ts';

/** What commands may be given over MQTT. */
const NAMES = ['accept', 'stop', 'rearm', 'ack', 'shelve', 'unshelve', 'reset'] as const;
/** Those about an alarm. */
const VERBS: Readonly<Partial<Record<CommandName, AlarmVerb>>> = {
  ack: 'acknowledge',
  shelve: 'shelve',
  unshelve: 'unshelve',
  reset: 'reset',
};
export type CommandName = (typeof NAMES)[number];

/** Where a command is listened for. */
export const commandTopic = (site: string, instrument: string, name: CommandName): string =>
  `operando/v1/${site}/${instrument}/cmd/${name}`;

export type CommandDesks = Obedience;

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
  const name = NAMES.find((candidate) => channel.endsWith(`/cmd/${candidate}`)) ?? 'accept';
  const order = orderOf(name, jsonOf(bytes), desks);
  if (order === null)
    return say({ id: '', isDone: false, detail: `Expected { ${EXPECTED[name] ?? EXPECTED.alarm} }.` });
  // A broker would give a retained command to every monitor that starts, for ever. A stop is obeyed all the same.
  if (isRetained === true && name !== 'stop')
    return say({ id: order.id, isDone: false, detail: 'A command must not be retained.' });
  say(await order.obey());
}

const EXPECTED: Readonly<Partial<Record<CommandName, string>>> & { readonly alarm: string } = {
  accept: '"id": text, "by": text',
  stop: '"id": text, "by": text, "reason": text',
  rearm: '"id": text, "by": text, "reason": text',
  alarm: '"id": text, "alarm": text, "by": text, "reason": text',
};

interface Order {
  readonly id: string;
  obey(): Promise<AcceptAnswer>;
}

/** Null for what is no command of that name. */
function orderOf(name: CommandName, value: object | null, desks: CommandDesks): Order | null {
  const verb = VERBS[name];
  if (verb !== undefined) {
    const request = readAlarmRequest({ ...value, command: verb }, 'mqtt');
    return request && { id: request.id, obey: () => desks.alarm(request) };
  }
  if (name === 'accept') {
    const request = readAcceptRequest(value, 'mqtt');
    return request && { id: request.id, obey: () => desks.accept(request) };
  }
  const request = readPermitRequest({ ...value, command: name }, 'mqtt');
  return request && { id: request.id, obey: () => desks.permit(request) };
}

function jsonOf(bytes: Uint8Array): object | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
