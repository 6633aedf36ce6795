import type { IncomingMessage } from 'node:http';
import { parseAcceptRequest, type AcceptAnswer, type AcceptCommand } from '../model/operatorCommand.ts';

/** A command is a line; what is longer is none. */
const MAX_BYTES = 4096;

/** Status and body of the answer to a command that was posted. */
export interface PostedAnswer {
  readonly status: 200 | 400 | 409 | 413 | 415;
  readonly body: AcceptAnswer | { readonly detail: string };
}

/** Obeys `{ id, by? }`, posted as JSON. The media type keeps out the forms of foreign pages, which cannot say it. */
export async function answerPosted(request: IncomingMessage, accept: AcceptCommand): Promise<PostedAnswer> {
  if (!(request.headers['content-type'] ?? '').startsWith('application/json'))
    return { status: 415, body: { detail: 'expected application/json' } };
  const text = await bodyOf(request);
  if (text === null) return { status: 413, body: { detail: `expected at most ${MAX_BYTES} bytes` } };
  const command = parseAcceptRequest(text, 'command line');
  if (command === null) return { status: 400, body: { detail: 'expected { "id": text, "by": text }' } };
  const answer = await accept(command);
  return { status: answer.isDone ? 200 : 409, body: answer };
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
