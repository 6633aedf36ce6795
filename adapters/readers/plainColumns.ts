import { defineReader } from '../../src/model/reader.ts';
import { columnContents } from './text/columnContents.ts';
import { tableKind } from './text/tableKind.ts';
import { headText, readWholeText, splitLines } from './text/textFile.ts';

export default defineReader({
  name: 'plainColumns',
  summary:
    'Plain columns of text (.xy, .xye, .dat, .csv, .txt): an axis, values, and an error beside them where there is one.',
  extensions: ['xy', 'xye', 'dat', 'csv', 'txt', 'tsv', 'asc', 'prn', 'chi', 'xyd'],
  recognise: (head) => (tableKind(splitLines(headText(head)))?.kind === 'columns' ? 'likely' : null),
  async open({ path }) {
    return columnContents(await readWholeText(path), path, { format: 'plain columns' });
  },
});
