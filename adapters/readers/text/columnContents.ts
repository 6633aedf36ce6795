import type { FileContents, FileFrame } from '../../../src/model/reader.ts';
import { chooseColumns, type ColumnChoice } from './columnChoice.ts';
import { readColumns } from './columns.ts';
import { frameOf, heldContents, numberIf, readySeries } from './contents.ts';
import { exposureOf, factOf, factsOf, startOf, temperatureOf, type Facts } from './headerFacts.ts';
import { modalityOfAxis } from './meaning.ts';
import { createOddities, type Oddities } from './oddities.ts';
import { createSpectra } from './spectrum.ts';
import { tableForm } from './tableForm.ts';
import { brokenLine, splitLines } from './textFile.ts';

/** What is known of a text before it is read. */
export interface ColumnKnowledge {
  readonly format: string;
  /** What the axis is, whatever the header says. */
  readonly axis?: { readonly name: string; readonly unit: string };
}

/**
 * What is in a text of columns; its header names them and says when, how long and how warm, or nothing.
 *
 * @throws MonitorError 'ADAPTER' naming file and line when there is no table in it.
 */
export function columnContents(text: string, path: string, known: ColumnKnowledge): FileContents {
  const oddities = createOddities();
  const lines = splitLines(text);
  const form = tableForm(lines);
  if (form === null) throw brokenLine(path, null, 'there are no three lines of numbers in it');
  const { columns, lastEdge } = readColumns(lines, form, path, oddities);
  const facts = factsOf(form.header);
  const found = chooseColumns(form, columns, path, oddities, known.axis);
  const choice = { ...found, axis: known.axis ?? ramanAxis(found, facts, oddities) };
  const timeUs = startOf(facts);
  const exposureUs = exposureOf(facts);
  const frames = framesOf(choice, columns, lastEdge, path, oddities).map((frame) => ({
    ...frame,
    timeUs,
    exposureUs,
    numbers: [...frame.numbers, ...temperatureOf(facts)],
  }));
  if (timeUs !== null) oddities.note('the time has no zone; it is taken as UTC');
  return heldContents({
    format: known.format,
    modality: modalityOfAxis(choice.axis),
    series: [readySeries('', frames, facts)],
    oddities: oddities.list,
  });
}

/** An axis without a name beside a laser is a Raman shift. */
function ramanAxis({ axis }: ColumnChoice, facts: Facts, oddities: Oddities): ColumnChoice['axis'] {
  if (axis.name !== 'x' || factOf(facts, /laser.*(?:wave|nm)|excitation/i) === null) return axis;
  oddities.note('the header speaks of a laser: the axis is taken as a Raman shift in 1/cm');
  return { name: 'ramanShift', unit: 'cm-1' };
}

function framesOf(
  choice: ColumnChoice,
  columns: readonly Float64Array[],
  lastEdge: number | null,
  path: string,
  oddities: Oddities,
): FileFrame[] {
  const { axis, at, values, error, quantity, valueUnit } = choice;
  const noise = error === null ? 'unknown' : 'gaussian';
  const spectrum = createSpectra({ ...axis, quantity, valueUnit, noise }, oddities, (what, cause) =>
    brokenLine(path, null, what, cause),
  );
  if (lastEdge !== null) oddities.note('the last line is a coordinate alone: the coordinates are bin edges');
  return values.map(({ column, number }) => {
    const coordinates = lastEdge === null ? columns[at]!.slice() : Float64Array.from([...columns[at]!, lastEdge]);
    const variances = error === null ? undefined : columns[error]!.map((sigma) => sigma * sigma);
    const points = { coordinates, values: columns[column]!.slice(), variances };
    return frameOf(spectrum(points), { numbers: values.length > 1 ? numberIf('column', number, '1') : [] });
  });
}
