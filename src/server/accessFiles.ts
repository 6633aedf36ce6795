import { MonitorError } from '../model/error.ts';
import type { Certificate } from './pageServer.ts';
import { parseTokens, type TokenList } from './tokenList.ts';
import { watchFiles, type WatchedFiles } from './watchedFiles.ts';

/** The tokens of a file, as it is now. A file that is not there lets nobody in. */
export const watchTokens = (path: string): WatchedFiles<TokenList> =>
  watchFiles([path], ([text]) => parseTokens(text ?? ''));

/**
 * Certificate and key, PEM, as the files are now; while one cannot be read, as they last were.
 *
 * @throws MonitorError 'CONFIG' that names the file, when one cannot be read to begin with.
 */
export function watchCertificate(certFile: string, keyFile: string): WatchedFiles<Certificate> {
  let last: Certificate | null = null;
  return watchFiles([certFile, keyFile], ([cert, key]) => {
    if (typeof cert === 'string' && typeof key === 'string') last = { cert, key };
    if (last !== null) return last;
    const path = typeof cert === 'string' ? keyFile : certFile;
    throw new MonitorError('CONFIG', `${path} cannot be read`, { id: 'page', path });
  });
}
