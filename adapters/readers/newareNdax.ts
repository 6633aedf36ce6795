import { defineReader } from '../../src/model/reader.ts';
import { brokenFile } from './binary/openBytes.ts';

export default defineReader({
  name: 'newareNdax',
  summary: 'Neware battery cyclers (.ndax): recognised, and refused with what to do instead.',
  extensions: ['ndax'],
  recognise: ({ text }) =>
    text.startsWith('PK\x03\x04') && /VersionInfo\.xml|Step\.xml|\.ndc/.test(text) ? 'certain' : null,
  open: ({ path }) => Promise.reject(brokenFile(path, 'Neware ndax: not read; export CSV')),
});
