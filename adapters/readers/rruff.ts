import { defineReader } from '../../src/model/reader.ts';
import { columnContents } from './text/columnContents.ts';
import { headText, readWholeText } from './text/textFile.ts';

export default defineReader({
  name: 'rruff',
  summary: 'Raman spectra and powder patterns of the RRUFF database of minerals (.txt).',
  extensions: ['txt', 'rruff'],
  recognise: (head) => (/^##RRUFFID=/m.test(headText(head)) ? 'certain' : null),
  async open({ path }) {
    const text = await readWholeText(path);
    const isPattern = /^##(?:X-RAY WAVELENGTH|CELL PARAMETERS)/im.test(text);
    const axis = isPattern ? { name: 'twoTheta', unit: 'deg' } : { name: 'ramanShift', unit: 'cm-1' };
    return columnContents(text, path, { format: 'RRUFF', axis });
  },
});
