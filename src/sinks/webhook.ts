import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { defineSink } from '../model/sink.ts';
import type { SinkSetting } from '../model/sink.ts';
import { PatienceError } from './delivery/delivery.ts';
import { subjectOf } from './notify/notice.ts';
import type { Notice } from './notify/notice.ts';
import { createNotifier, testNotice } from './notify/notifier.ts';
import { notifySettings } from './notify/settings.ts';

const config = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('Where messages are posted.'),
  secret: z
    .string()
    .min(16)
    .optional()
    .describe("Signs every message, so that the receiver knows the sender; as '${NAME}', from the environment."),
  headers: z
    .record(z.string().regex(/^[\w-]+$/, 'expected the name of a header'), z.string())
    .default({})
    .describe("Further headers: { Authorization: 'Bearer ${NAME}' }."),
  ...notifySettings,
});
type Settings = z.output<typeof config>;

/** Refusals that will not pass: the same message would be refused again. */
const FOR_GOOD = new Set([400, 404, 405, 410, 413, 415, 422]);

/**
 * Posts one message. The header `X-Operando-Signature` is 't=<seconds>,v1=<hex>': HMAC-SHA256 with the secret of the time, a dot
 * and the body. A receiver compares it in constant time, and refuses times more than five minutes off.
 *
 * @throws Error when it has not arrived.
 */
async function post(settings: Settings, notice: Notice): Promise<string> {
  const body = JSON.stringify({ subject: subjectOf(notice), ...notice });
  const seconds = Math.floor(Date.now() / 1000);
  const headers: Record<string, string> = {
    ...settings.headers,
    'Content-Type': 'application/json',
    'X-Operando-Message': notice.id,
  };
  if (settings.secret !== undefined)
    headers['X-Operando-Signature'] = `t=${seconds},v1=${signatureOf(settings.secret, seconds, body)}`;
  const signal = AbortSignal.timeout(settings.timeout / 1000);
  const response = await fetch(settings.url, { method: 'POST', headers, body, redirect: 'error', signal }).catch(
    (cause: unknown) => {
      throw new Error(reasonOf(cause as Error, settings.timeout / 1000), { cause });
    },
  );
  const said = (await response.text()).slice(0, 200);
  if (response.ok) return `${response.status} ${said}`.trim();
  const seconds429 = Number(response.headers.get('retry-after'));
  if ((response.status === 429 || response.status === 503) && seconds429 > 0)
    throw new PatienceError(`it asks for patience (${response.status})`, Math.min(300, seconds429) * 1000);
  throw Object.assign(new Error(`${response.status} ${said}`.trim()), { isForGood: FOR_GOOD.has(response.status) });
}

const signatureOf = (secret: string, seconds: number, body: string): string =>
  createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');

function reasonOf(error: Error, timeoutMs: number): string {
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const inner = error.cause as (Error & { code?: string }) | undefined;
  return inner?.code ?? inner?.message ?? error.message;
}

export default defineSink({
  name: 'webhook',
  summary: 'Posts alerts as signed JSON to an address: a chat, a pager, a control system.',
  accepts: ['alert'],
  config,
  example: { url: 'https://hooks.example.org/operando', severity: 'warning' },
  async test(settings, who) {
    return `${settings.url} answered: ${await post(settings, testNotice(who))}`;
  },
  create(settings, setting: SinkSetting) {
    return createNotifier('webhook', settings, setting, {
      place: 'Webhook',
      async send(notice) {
        try {
          await post(settings, notice);
        } catch (error) {
          if ((error as { isForGood?: boolean }).isForGood !== true) throw error;
          setting.countDropped('refused', notice.alerts.length + notice.moreCount);
          setting.report({ state: 'ok', detail: `The webhook refused a message: ${(error as Error).message}` });
        }
      },
    });
  },
});
