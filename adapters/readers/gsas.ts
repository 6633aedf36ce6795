import { defineReader, type FileContents, type FileSeries } from '../../src/model/reader.ts';
import { frameOf, heldContents, readySeries, uniqueNames } from './text/contents.ts';
import { readBank, type Bank } from './gsas/bank.ts';
import { exposureOf, factOf, factsOf, stampIn, temperatureOf, type Facts } from './text/headerFacts.ts';
import { createOddities, type Oddities } from './text/oddities.ts';
import { createSpectra } from './text/spectrum.ts';
import { brokenLine, headText, readWholeText, splitLines } from './text/textFile.ts';

const BANK = /^BANK\s+\d+\s+\d+\s+\d+\s+\S+/;

export default defineReader({
  name: 'gsas',
  summary: 'Powder patterns of GSAS (.fxye, .gsas, .raw): banks in steps or with an axis, with or without errors.',
  extensions: ['fxye', 'gsas', 'gsa', 'gda', 'fxy', 'esg', 'raw'],
  recognise: (head) => (splitLines(headText(head)).some((line) => BANK.test(line)) ? 'certain' : null),
  async open({ path }) {
    return contentsOf(splitLines(await readWholeText(path)), path);
  },
});

function contentsOf(lines: readonly string[], path: string): FileContents {
  const oddities = createOddities();
  const starts = lines.flatMap((line, i) => (BANK.test(line) ? [i] : []));
  if (starts.length === 0) throw brokenLine(path, null, 'there is no line BANK in it');
  const facts = factsOf(lines.slice(0, starts[0]));
  const banks = starts.map((start, k) => readBank(lines, start, starts[k + 1] ?? lines.length, path, oddities));
  const names = uniqueNames(banks.map(({ number }) => (banks.length === 1 ? '' : `bank ${number}`)));
  return heldContents({
    format: 'GSAS powder data',
    modality: 'XRD',
    series: banks.map((bank, k) => seriesOf(bank, names[k]!, facts, path, oddities)),
    oddities: oddities.list,
  });
}

function seriesOf(bank: Bank, name: string, facts: Facts, path: string, oddities: Oddities): FileSeries {
  const { axis, points, line } = bank;
  const noise = points.variances === undefined ? 'unknown' : 'gaussian';
  const spectrum = createSpectra({ ...axis, quantity: 'intensity', valueUnit: '1', noise }, oddities, (what, cause) =>
    brokenLine(path, line, what, cause),
  );
  const frame = frameOf(spectrum(points), {
    timeUs: stampIn(factOf(facts, /scan time|start|^date/i) ?? '', 'ymd'),
    exposureUs: exposureOf(facts),
    numbers: temperatureOf(facts),
  });
  return readySeries(name, [frame], facts);
}
