import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { defineTransport } from '../../src/model/defineAdapter.ts';
import { runNatsSubscription } from '../links/natsSubscription.ts';
import { SHARED, sharedSetting } from '../links/sharedSubscription.ts';
import { CERTIFICATE_AND_KEY, hasCertificateAndKey, readTls, tlsSettings, UNCHECKED } from '../links/tlsSettings.ts';

const level = z.string().regex(/^[^\s.*>]+$/, 'expected one level of a subject, without . * >');

const config = z
  .strictObject({
    url: z
      .string()
      .regex(/^(nats|tls):\/\/[^@]+$/, "expected an address that begins with 'nats://' or 'tls://', without a login")
      .describe('The server; tls:// is refused when it cannot be encrypted.'),
    subjects: z
      .array(z.string().regex(/^[^\s]+$/, 'expected a subject without spaces'))
      .min(1)
      .optional()
      .describe('Subjects to subscribe to, when they are not those of `operando`.'),
    operando: z
      .strictObject({
        site: level.describe('Site in the subject.'),
        instrument: level.describe('Instrument in the subject.'),
        stream: level.optional().describe('Stream in the subject; left out, the name of the stream.'),
      })
      .optional()
      .describe(
        'Subscribes to frames.{stream}, layouts.{stream} and signals.* under operando.v1.{site}.{instrument}; nothing is retained, so the layout has to be sent again now and then.',
      ),
    queue: z.string().min(1).optional().describe('Queue group: its members share the messages. Needs allowShared.'),
    allowShared: sharedSetting,
    username: z.string().optional().describe('For servers with accounts.'),
    password: z.string().optional().describe("As '${NAME}', from the environment."),
    token: z.string().min(1).optional().describe("As '${NAME}', from the environment."),
    credentialsFile: z.string().optional().describe('File with JWT and seed, as nsc writes it (.creds).'),
    ...tlsSettings,
  })
  .refine(
    ({ subjects, operando }) => (subjects === undefined) !== (operando === undefined),
    'expected either subjects or operando',
  )
  .refine(({ queue, allowShared }) => queue === undefined || allowShared, { path: ['queue'], message: SHARED })
  .refine(hasCertificateAndKey, { path: ['certFile'], message: CERTIFICATE_AND_KEY });

export default defineTransport({
  name: 'nats',
  summary: 'Packets from a NATS server.',
  config,
  example: { url: 'nats://127.0.0.1:4222', operando: { site: 'lab', instrument: 'xrd' } },
  create: (settings, { stream, resolvePath }) => ({
    name: 'nats',
    async run(outlet, signal) {
      const { url, queue, operando, username, password, token, credentialsFile, rejectUnauthorized } = settings;
      const root = `operando.v1.${operando?.site}.${operando?.instrument}`;
      const name = operando?.stream ?? stream;
      const tls = readTls(settings, resolvePath);
      const isEncrypted = url.startsWith('tls:') || Object.keys(tls).length > 0;
      await runNatsSubscription(
        {
          url,
          subjects: settings.subjects ?? [`${root}.layouts.${name}`, `${root}.signals.*`, `${root}.frames.${name}`],
          queue,
          credentials: credentialsFile === undefined ? undefined : readFileSync(resolvePath(credentialsFile), 'utf8'),
          client: {
            name: `operando ${stream}`,
            ...(username === undefined ? {} : { user: username }),
            ...(password === undefined ? {} : { pass: password }),
            ...(token === undefined ? {} : { token }),
            ...(isEncrypted ? { tls } : {}),
          },
          remark: [...(queue === undefined ? [] : [SHARED]), ...(rejectUnauthorized ? [] : [UNCHECKED])].join('; '),
        },
        outlet,
        signal,
      );
    },
  }),
});
