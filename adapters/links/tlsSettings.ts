import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Settings of who connects by TLS. */
export const tlsSettings = {
  caFile: z.string().optional().describe('Certificate authority that signed for the server, when no public one did.'),
  certFile: z.string().optional().describe('Certificate that this monitor shows; goes with keyFile.'),
  keyFile: z.string().optional().describe('Private key of certFile.'),
  rejectUnauthorized: z
    .boolean()
    .default(true)
    .describe('false takes any certificate: who sits in between can then read and change everything.'),
};

interface TlsFiles {
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly rejectUnauthorized?: boolean | undefined;
}

/** The files of {@link tlsSettings}, read; `rejectUnauthorized` is left out unless it is false. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized?: false;
}

/** @throws Error that names the file, when one cannot be read. */
export function readTls(settings: TlsFiles, resolvePath: (path: string) => string): TlsOptions {
  const { caFile, certFile, keyFile } = settings;
  const read = (path: string): string => readFileSync(resolvePath(path), 'utf8');
  return {
    ...(caFile === undefined ? {} : { ca: read(caFile) }),
    ...(certFile === undefined ? {} : { cert: read(certFile) }),
    ...(keyFile === undefined ? {} : { key: read(keyFile) }),
    ...(settings.rejectUnauthorized === false ? { rejectUnauthorized: false } : {}),
  };
}

/** A certificate is of no use without its key, nor the key without it. */
export const hasCertificateAndKey = ({ certFile, keyFile }: TlsFiles): boolean =>
  (certFile === undefined) === (keyFile === undefined);

export const CERTIFICATE_AND_KEY = 'expected certFile and keyFile together';
export const UNCHECKED = 'the certificate of the server is not checked';
