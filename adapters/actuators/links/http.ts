import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { explainError } from '../../../src/model/error.ts';
import { shutterReport, type PermitMessage } from '../../../src/model/permit.ts';
import { defineShutterLink, type ReportOutlet } from '../../../src/model/shutter.ts';
import { parseJson } from '../permitMqtt.ts';

/** Between two looks at the receiver: its challenges are to be fresh. */
const POLL_MS = 100;
/** An answer that takes longer is none. */
const ANSWER_MS = 1000;
/** Permits under way; a further 'open' is left out, since the next one is better. */
const MOST_UNDER_WAY = 4;

const config = z.strictObject({
  url: z
    .string()
    .regex(/^https?:\/\//, "expected an address that begins with 'http://' or 'https://'")
    .refine((url) => URL.canParse(url), 'expected an address, as in http://127.0.0.1:4190')
    .describe('Where `operando shutter --http` listens.'),
  token: z.string().min(1).optional().describe("Its token, as '${NAME}', from the environment."),
});

export default defineShutterLink({
  name: 'http',
  summary: 'Permits to `operando shutter --http` directly, without a broker; its answers are the reports.',
  config,
  example: { url: 'http://127.0.0.1:4190' },
  create: ({ url, token }) => {
    const headers = {
      'Content-Type': 'application/json',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    };
    const opens = new Set<AbortController>();
    let outlet: ReportOutlet | null = null;
    let asked = 0;
    let heard = 0;

    const ask = async (path: string, request: RequestInit, signals: readonly AbortSignal[]): Promise<void> => {
      const number = ++asked;
      const signal = AbortSignal.any([...signals, AbortSignal.timeout(ANSWER_MS)]);
      const response = await fetch(new URL(path, url), { ...request, headers, signal, redirect: 'error' });
      const text = await response.text();
      if (!response.ok) throw new Error(`${url} answers ${response.status}: ${text.slice(0, 200)}`);
      const report = parseJson(text, shutterReport);
      if (report === null) throw new Error(`${url} answers what is no report: ${text.slice(0, 200)}`);
      // An answer that was overtaken tells of the past.
      if (number < heard) return;
      heard = number;
      outlet?.next(report);
    };
    const post = async (message: PermitMessage, end: AbortController): Promise<void> => {
      try {
        await ask('/permit', { method: 'POST', body: JSON.stringify(message) }, [end.signal]);
      } catch {
        // The polls tell of a link that is lost, and every permit is repeated.
      } finally {
        opens.delete(end);
      }
    };
    return {
      name: 'http',
      send(message) {
        if (outlet === null) return;
        if (message.state === 'closed') for (const end of opens) end.abort();
        else if (opens.size >= MOST_UNDER_WAY) return;
        const end = new AbortController();
        if (message.state === 'open') opens.add(end);
        void post(message, end);
      },
      async run(given, signal) {
        outlet = given;
        let isUp = false;
        try {
          while (!signal.aborted) {
            await ask('/report', {}, [signal]);
            if (!isUp) given.report({ state: 'ok', detail: '' });
            isUp = true;
            await pause(POLL_MS, undefined, { signal });
          }
        } catch (error) {
          if (!signal.aborted) throw new Error(`no report from ${url} (${explainError(error)})`, { cause: error });
        } finally {
          outlet = null;
          for (const end of opens) end.abort();
        }
      },
    };
  },
});
