import { z } from 'zod';
import { defineShutterDevice } from '../../../src/model/shutter.ts';
import { answerTimeout, readBackPatterns, readBackState } from '../readBack.ts';

const address = z
  .string()
  .regex(/^https?:\/\//, "expected an address that begins with 'http://' or 'https://'")
  .refine((url) => URL.canParse(url), 'expected an address');

const config = z.strictObject({
  url: address.describe('Where the state is set.'),
  method: z.enum(['PUT', 'POST']).default('PUT').describe('How it is set.'),
  open: z.string().describe('Body that opens.'),
  close: z.string().describe('Body that closes.'),
  contentType: z.string().default('application/json').describe('Of both bodies.'),
  read: address.optional().describe('Where the state is read with GET; left out, it is not read back.'),
  ...readBackPatterns,
  token: z.string().min(1).optional().describe("Sent as a bearer token; as '${NAME}', from the environment."),
  timeoutMs: answerTimeout,
});

export default defineShutterDevice({
  name: 'http',
  summary: 'A shutter with a web interface: one request opens, one closes, one reads.',
  config,
  example: {
    url: 'http://10.0.0.7/relay/0',
    open: '{"on":true}',
    close: '{"on":false}',
    read: 'http://10.0.0.7/relay/0',
    isOpen: '"on":\\s*true',
    isClosed: '"on":\\s*false',
  },
  create: ({ url, method, open, close, contentType, read, token, timeoutMs, ...patterns }) => {
    const account = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    let opening = new AbortController();
    const ask = async (at: string, request: RequestInit, end?: AbortSignal): Promise<string> => {
      const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(end === undefined ? [] : [end])]);
      const headers = { ...account, ...(request.body === undefined ? {} : { 'Content-Type': contentType }) };
      const response = await fetch(at, { ...request, headers, signal, redirect: 'error' });
      const text = await response.text();
      if (!response.ok) throw new Error(`${at} answers ${response.status}: ${text.slice(0, 200)}`);
      return text;
    };
    return {
      name: 'http',
      isReadBack: read !== undefined,
      async drive(state) {
        if (state === 'open') {
          await ask(url, { method, body: open }, opening.signal);
          return;
        }
        opening.abort();
        opening = new AbortController();
        await ask(url, { method, body: close });
      },
      read: async () => (read === undefined ? 'unknown' : readBackState(await ask(read, {}), patterns)),
      close() {
        opening.abort();
        return Promise.resolve();
      },
    };
  },
});
