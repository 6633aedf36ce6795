import type { IncomingMessage } from 'node:http';
import { readAlarmRequest, type AlarmCommand } from '../model/alarmCommand.ts';
import { parseAcceptRequest, type AcceptAnswer, type AcceptCommand } from '../model/operatorCommand.ts';
import { readPermitRequest, type PermitCommand } from '../model/permitCommand.ts';
import type { Holder } from './tokenList.ts';

/** A command is a line; what is longer is none. */
const MAX_BYTES = 4096;
const VIA = 'command line';

/** Who obeys operators. */
export interface Obedience {
  readonly accept: AcceptCommand;
  readonly permit: PermitCommand;
  readonly alarm: AlarmCommand;
}

const mayOnlyLook = ({ id }: { readonly id: string }): Promise<AcceptAnswer> =>
  Promise.resolve({ id, isDone: false, detail: 'This token may only look.' });

/** Obeys the holder of a token: not at all when it may only look, and under its name when it has one. */
export function obedienceTo({ role, name }: Holder, commands: Obedience): Obedience {
  if (role === 'view') return { accept: mayOnlyLook, permit: mayOnlyLook, alarm: mayOnlyLook };
  if (name === null) return commands;
  return {
    accept: (request) => commands.accept({ ...request, via: `${request.via} (${name})` }),
    permit: (request) => commands.permit({ ...request, via: `${request.via} (${name})` }),
    alarm: (request) => commands.alarm({ ...request, via: `${request.via} (${name})` }),
  };
}

/** Status and body of the answer to a command that was posted. */
export interface PostedAnswer {
  readonly status: 200 | 400 | 409 | 413 | 415;
  readonly body: AcceptAnswer | { readonly detail: string };
}

/** Commands by the last part of their address: what they look like, and null for a text that is none. */
const POSTED: Readonly<
  Record<string, { expected: string; obey(text: string, commands: Obedience): Promise<AcceptAnswer> | null }>
> = {
  accept: {
    expected: '{ "id": text, "by": text }',
    obey(text, { accept }) {
      const command = parseAcceptRequest(text, VIA);
      return command === null ? null : accept(command);
    },
  },
  alarm: {
    expected:
      '{ "command": "acknowledge", "shelve", "unshelve" or "reset", "id": text, "alarm": text, "by": text, "reason": text, "forSeconds": number }',
    obey(text, { alarm }) {
      const command = readAlarmRequest(jsonOf(text), VIA);
      return command === null ? null : alarm(command);
    },
  },
  permit: {
    expected: '{ "command": "stop" or "rearm", "id": text, "by": text, "reason": text }',
    obey(text, { permit }) {
      const command = readPermitRequest(jsonOf(text), VIA);
      return command === null ? null : permit(command);
    },
  },
};

export const isCommand = (name: string): boolean => Object.hasOwn(POSTED, name);

/** Obeys a command posted as JSON. The media type keeps out the forms of foreign pages, which cannot say it. */
export async function answerPosted(request: IncomingMessage, name: string, commands: Obedience): Promise<PostedAnswer> {
  if (!(request.headers['content-type'] ?? '').startsWith('application/json'))
    return { status: 415, body: { detail: 'expected application/json' } };
  const text = await bodyOf(request);
  if (text === null) return { status: 413, body: { detail: `expected at most ${MAX_BYTES} bytes` } };
  const answer = await POSTED[name]?.obey(text, commands);
  if (answer === null || answer === undefined)
    return { status: 400, body: { detail: `expected ${POSTED[name]?.expected ?? 'a command'}` } };
  return { status: answer.isDone ? 200 : 409, body: answer };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
