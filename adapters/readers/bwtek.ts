import { defineReader } from '../../src/model/reader.ts';
import { columnContents } from './text/columnContents.ts';
import { headText, readWholeText } from './text/textFile.ts';

export default defineReader({
  name: 'bwtek',
  summary: 'Raman spectra of B&W Tek BWSpec and BWRam (.txt), dark subtracted.',
  extensions: ['txt', 'csv'],
  recognise: (head) => (/^File Version[;,]BW(?:Spec|Ram)/.test(headText(head)) ? 'certain' : null),
  open: async ({ path }) => columnContents(await readWholeText(path), path, { format: 'B&W Tek' }),
});
