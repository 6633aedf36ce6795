import type { DetectorState } from '../../../../src/server/protocol.ts';
import { byTestId, create, setClass, setHidden, strong, write, type Piece } from '../element.ts';
import { counts, fixed, percent, withError } from '../format.ts';
import type { Model } from '../model.ts';
import { plainWords, unitText, withUnit } from '../units.ts';
import { floorFor, floorText } from './floorText.ts';

/** What each detector does: its statistic against its threshold, or how far it has learned; below, the drift it follows. */
export function updateDetectorsPanel(model: Model): void {
  const card = byTestId('detectors');
  const { detectors } = model;
  setHidden(card, detectors.length === 0);
  const list = card.querySelector('ul');
  if (list === null) return;
  while (list.children.length > detectors.length) list.lastElementChild?.remove();
  detectors.forEach((detector, k) => {
    const item =
      list.children[k] ??
      list.appendChild(
        create(
          'li',
          { 'data-testid': 'detector' },
          create('div', { class: 'row' }, create('span'), create('span', { 'data-testid': 'detector-statistic' })),
          create('div', { class: 'learned', 'data-testid': 'detector-learned' }, create('span')),
          create('div', { class: 'lbl', 'data-testid': 'detector-estimates' }),
          create('div', { class: 'lbl floor', 'data-testid': 'detector-floor' }),
        ),
      );
    const [head, bar, estimates, floor] = item.children;
    const [name, value] = head?.children ?? [];
    if (name === undefined || value === undefined || bar === undefined || estimates === undefined) return;
    setClass(item, isOver(detector) ? 'over' : '');
    write(name, plainWords(detector.stage));
    write(value, ...statisticPieces(detector));
    setHidden(bar as HTMLElement, detector.learning === null);
    (bar.firstElementChild as HTMLElement).style.width = `${100 * (detector.learning ?? 0)}%`;
    write(estimates, ...piecesOf(detector.estimates));
    if (floor !== undefined) write(floor, detector.statistic === null ? '' : floorText(model, floorFor(model, null)));
  });
}

/** `45 %`: how much the detector that is furthest behind has learned; null when nobody learns. */
export function learningText(model: Model): string | null {
  const learning = model.detectors.flatMap((detector) => (detector.learning === null ? [] : [detector.learning]));
  return learning.length === 0 ? null : learnedPercent(Math.min(...learning));
}

/** Is there a detector that could say something now? */
export const isWatching = (model: Model): boolean =>
  model.detectors.some(({ statistic, threshold }) => statistic !== null && threshold !== null);

/** Never 100 % before it has learned all. */
const learnedPercent = (fraction: number): string => percent(Math.floor(100 * fraction));

const isOver = ({ statistic, threshold }: DetectorState): boolean =>
  statistic !== null && threshold !== null && statistic >= threshold;

function statisticPieces({ statistic, threshold, learning }: DetectorState): Piece[] {
  if (learning !== null) return ['learning ', strong(learnedPercent(learning))];
  if (statistic === null) return threshold === null ? [] : ['threshold ', strong(figure(threshold))];
  return threshold === null ? [strong(figure(statistic))] : [strong(figure(statistic)), ` of ${figure(threshold)}`];
}

type Estimate = DetectorState['estimates'][number];

/** Why a threshold is not trimmed now, by the name of the reading that says so with a 1. */
const FROZEN: Readonly<Record<string, string>> = {
  'frozen.evidence': 'evidence is high',
  'frozen.learning': 'it learns',
  'frozen.bound': 'it is at its bound',
};

function piecesOf(all: readonly Estimate[]): Piece[] {
  const reasons = all.flatMap(({ name, value }) => (value === 1 ? (FROZEN[name] ?? []) : []));
  return all
    .filter(({ name }) => FROZEN[name] === undefined)
    .flatMap((each, k) => [
      k === 0 ? '' : ', ',
      ...(each.name === 'waiting' ? [waitingText(each.value, reasons)] : estimatePieces(each)),
    ]);
}

/** `trim waits 120 frames (evidence is high)`, `trim moves`. */
function waitingText(frames: number, reasons: readonly string[]): string {
  const why = reasons.length === 0 ? '' : ` (${reasons.join(', ')})`;
  return frames > 0 ? `trim waits ${counts(frames)}\u00a0frames${why}` : `trim moves${why}`;
}

function estimatePieces({ name, value, error, unit }: Estimate): Piece[] {
  const sign = value > 0 && name === 'trim' ? '+' : '';
  const number = error === null || !(error > 0) ? figure(value) : withError(value, error);
  // `° ` belongs to the number, and a number with an error takes its unit once, behind both.
  const text = number.includes('±') && unitText(unit) !== '' ? withUnit(`(${number})`, unit) : withUnit(number, unit);
  return [`${name} `, strong(`${sign}${text}`.replaceAll(' ', '\u00a0'))];
}

/** Three significant digits, more where one would see nothing change. */
function figure(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95) return counts(value);
  return fixed(value, size < 1e-6 ? 2 : Math.min(6, 2 - Math.floor(Math.log10(size))));
}
