import { describeRange, describeSpan, number, when } from './words.ts';
import type { FileSurvey, SlowSurvey } from './survey.ts';
import type { AxisSurvey, SeriesSurvey } from './surveySeries.ts';

/** A file in one line. */
export function surveyLine(survey: FileSurvey): string {
  const { path, format, modality, series, slow } = survey;
  const parts = series.map(
    (each) =>
      `${each.name === '' ? '' : `'${each.name}': `}${countOf(each)} x ${each.channels}, ${each.axes.map((axis) => `${axis.name} ${describeRange({ least: axis.from, most: axis.to }, axis.unit)}`).join(' by ')}`,
  );
  const shown = parts.length > 3 ? [...parts.slice(0, 3), `and ${parts.length - 3} series more`] : parts;
  const slowPart = slow.length === 0 ? [] : [`${slow.length} slow signals`];
  return `${path}: ${format}${modality === null ? '' : `, ${modality}`}: ${[...shown, ...slowPart].join('; ') || 'nothing'}`;
}

/** All that was found, line by line. */
export function surveyLines(survey: FileSurvey): string[] {
  const { path, format, modality, series, slow, oddities } = survey;
  return [
    path,
    row('format', format),
    row('modality', modality ?? 'not said'),
    ...series.flatMap(seriesLines),
    ...slow.map((each) => row(`slow ${each.name}`, slowText(each))),
    ...oddities.map((oddity) => row('note', oddity)),
    ...(series.length === 0 && slow.length === 0 ? [row('note', 'nothing in it can be played')] : []),
  ];
}

function seriesLines(series: SeriesSurvey): string[] {
  const { values, exposure, numbers, facts, oddities } = series;
  return [
    row(
      'series',
      `${series.name === '' ? '' : `'${series.name}': `}${countOf(series)} of ${series.channels} channels${shapeText(series)}`,
    ),
    ...series.axes.map((axis) => row('  axis', axisText(axis))),
    row(
      '  values',
      `${series.quantity}, ${describeRange(values, series.unit)}, ${values.areIntegers ? 'integers' : 'not all integers'}, ${number(100 * values.zeroShare)} % zeros${series.hasVariances ? ', with errors' : ''}`,
    ),
    row('  noise', `${series.noise.sentence}; the format says ${series.statedNoise}`),
    row('  exposure', exposure === null ? 'not said' : describeRange(exposure, 's')),
    row('  clock', clockText(series)),
    ...numbers.map((each) => row(`  ${each.name}`, `${describeRange(each, each.unit)}, beside each spectrum`)),
    ...Object.entries(facts).map(([name, text]) => row(`  ${name}`, text)),
    ...oddities.map((oddity) => row('  note', oddity)),
  ];
}

const row = (label: string, text: string): string => `  ${label.padEnd(12)} ${text}`;

function countOf({ frameCount, isCut, statedCount, faultCount }: SeriesSurvey): string {
  const faults = faultCount === 0 ? '' : ` (and ${faultCount} that cannot be used)`;
  if (!isCut) return `${frameCount} ${frameCount === 1 ? 'spectrum' : 'spectra'}${faults}`;
  return statedCount === null
    ? `more than ${frameCount} spectra${faults}`
    : `${statedCount} spectra (${frameCount} looked at)${faults}`;
}

const shapeText = ({ shape }: SeriesSurvey): string => (shape === null ? '' : `, a map of ${shape.join(' x ')}`);

function axisText({ name, unit, from, to, step, isUniform }: AxisSurvey): string {
  const steps = isUniform ? `step ${number(step.most)}` : `steps ${number(step.least)} to ${number(step.most)}`;
  return `${name}, ${describeRange({ least: from, most: to }, unit)}, ${steps}`;
}

function clockText({ clock }: SeriesSurvey): string {
  if (clock.kind === 'none') return 'none: spectra are played one frame period after another';
  const { firstUs, lastUs, period } = clock;
  const every = period === null ? '' : `, one every ${number(period)} s`;
  if (clock.kind === 'elapsed')
    return `since the start: ${number((firstUs ?? 0) / 1e6)} to ${number((lastUs ?? 0) / 1e6)} s${every}`;
  return `${when(firstUs)} to ${when(lastUs)}${every}`;
}

const slowText = ({ count, unit, firstUs, lastUs, ...range }: SlowSurvey): string =>
  `${describeRange(range, unit)}, ${count} values, ${when(firstUs)} ${describeSpan(lastUs - firstUs)}`;
