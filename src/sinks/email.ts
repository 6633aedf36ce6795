import { z } from 'zod';
import { defineSink } from '../model/sink.ts';
import type { SinkSetting } from '../model/sink.ts';
import { subjectOf, textOf } from './notify/notice.ts';
import type { Notice } from './notify/notice.ts';
import { createNotifier, testNotice } from './notify/notifier.ts';
import { notifySettings } from './notify/settings.ts';

const address = z.string().regex(/^[^\s<>]+@[^\s<>]+$/, 'expected an address as name@example.org');

const config = z.strictObject({
  host: z.string().min(1).describe('The SMTP server.'),
  port: z.int().min(1).max(65535).default(587).describe('587 with STARTTLS, 465 with TLS from the start, 25.'),
  security: z
    .enum(['starttls', 'tls', 'none'])
    .default('starttls')
    .describe("'starttls' and 'tls' send nothing over an open line; 'none' is for a server on this machine."),
  username: z.string().optional().describe('For servers with accounts.'),
  password: z.string().optional().describe("As '${NAME}', from the environment."),
  from: address.describe('Who the messages come from.'),
  to: z.array(address).min(1).describe('Who gets them.'),
  ...notifySettings,
});
type Settings = z.output<typeof config>;

/** SMTP refusals that will not pass begin with 5. */
const isForGood = (error: unknown): boolean => {
  const code = (error as { responseCode?: number }).responseCode;
  return code !== undefined && code >= 500 && (error as { command?: string }).command !== 'AUTH PLAIN';
};

/** Opens a way to the server; nothing is sent yet. */
async function openMail(settings: Settings) {
  const { createTransport } = await import('nodemailer');
  const { host, port, security, username, password } = settings;
  const timeoutMs = settings.timeout / 1000;
  return createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(username === undefined ? {} : { auth: { user: username, pass: password ?? '' } }),
  });
}

async function mail(settings: Settings, notice: Notice): Promise<string> {
  const transport = await openMail(settings);
  try {
    const sent = await transport.sendMail({
      from: settings.from,
      to: settings.to,
      subject: subjectOf(notice).slice(0, 200),
      text: textOf(notice),
      messageId: `<${notice.id}@operando>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    return sent.response;
  } finally {
    transport.close();
  }
}

export default defineSink({
  name: 'email',
  summary: 'Sends alerts by e-mail.',
  accepts: ['alert'],
  config,
  example: { host: 'mail.example.org', from: 'operando@example.org', to: ['me@example.org'] },
  async test(settings, who) {
    return `${settings.host} answered: ${await mail(settings, testNotice(who))}`;
  },
  create(settings, setting: SinkSetting) {
    return createNotifier('email', settings, setting, {
      place: 'Mail server',
      async send(notice) {
        try {
          await mail(settings, notice);
        } catch (error) {
          if (!isForGood(error)) throw error;
          setting.countDropped('refused', notice.alerts.length + notice.moreCount);
          setting.report({ state: 'ok', detail: `The mail server refused a message: ${(error as Error).message}` });
        }
      },
    });
  },
});
