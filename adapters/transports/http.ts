import { z } from 'zod';
import { defineTransport } from '../../src/model/defineAdapter.ts';
import { WIRE_LIMITS } from '../../src/wire/limits.ts';
import { runHttpIngest } from '../links/httpIngest.ts';
import { isLoopback } from '../links/socketAccess.ts';
import { CERTIFICATE_AND_KEY, hasCertificateAndKey, readTls } from '../links/tlsSettings.ts';

const config = z
  .strictObject({
    port: z.int().min(1).max(65535).describe('Port to listen on.'),
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('Address to listen on; another than this machine needs a token.'),
    path: z
      .string()
      .regex(/^\//, "expected a path that begins with '/'")
      .default('/')
      .describe('Posts go here or below; the last part names a slow signal that does not name itself.'),
    token: z
      .string()
      .min(1)
      .optional()
      .describe("Asked of those who post (Authorization: Bearer); as '${NAME}', from the environment."),
    maxBytes: z
      .int()
      .positive()
      .default(WIRE_LIMITS.maxBytes)
      .describe('A larger body is refused unread, and a gzip that unpacks to more.')
      .meta({ unit: 'By' }),
    certFile: z.string().optional().describe('Certificate of this server, for https; goes with keyFile.'),
    keyFile: z.string().optional().describe('Private key of certFile.'),
  })
  .refine(({ host, token }) => token !== undefined || isLoopback(host), {
    path: ['token'],
    message: 'a host that others can reach needs a token',
  })
  .refine(hasCertificateAndKey, { path: ['certFile'], message: CERTIFICATE_AND_KEY });

export default defineTransport({
  name: 'http',
  summary: 'Packets that instruments post over HTTP, each answered with what became of it.',
  config,
  example: { port: 8090, path: '/frames' },
  create: ({ port, host, path, token, maxBytes, ...files }, { resolvePath }) => ({
    name: 'http',
    run: async (outlet, signal) =>
      runHttpIngest({ port, host, path, token, maxBytes, tls: readTls(files, resolvePath) }, outlet, signal),
  }),
});
