import type { AlertView } from '../../../../src/server/protocol.ts';
import { byId, byTestId, setClass, setIcon, strong, write, type Piece } from '../element.ts';
import { clock, contextNumber, duration, fixed, halfInterval } from '../format.ts';
import { ageSeconds, isOld, isSeen, leadingChange, type Model } from '../model.ts';
import { fit } from '../plot/tokens.ts';
import { isWatching, learningText } from './detectorsPanel.ts';
import { digitsFor, placeText, plainWords, withUnit } from '../units.ts';

/** Has something changed, where, since when? */
export function updateChangeTile(model: Model, nowMs: number): void {
  const change = leadingChange(model);
  const element = byId('change');
  const asOf = isOld(model) && model.status?.lastTimeUs ? [`as of ${clock(model.status.lastTimeUs)}; `] : [];
  if (change === null) {
    // A detector that learns anew would not see a change: the page must not say that there is none.
    const isLearning = model.detectors.length > 0 && !isWatching(model) && learningText(model) !== null;
    const watch = isLearning ? null : (model.status?.watch ?? null);
    setClass(element, 'tile plain');
    setIcon(element, 'none');
    write(byTestId('change-word'), watch === null ? 'Not watching' : 'No change');
    write(byTestId('change-age'));
    write(byTestId('change-sub'), ...asOf, ...(watch === null ? [neededText(model)] : quietPieces(model)));
    return;
  }
  const isActive = change.clearedUs === null;
  const waits = !isSeen(change);
  setClass(element, isActive ? `tile ${waits ? 'amber blink' : 'seen'}` : `tile back${waits ? ' blink slow' : ''}`);
  setIcon(element, 'warn');
  write(byTestId('change-word'), isActive ? changeWord(model, change) : 'Changed, now back');
  const seconds = ((model.status?.lastTimeUs ?? change.raisedUs) - change.alert.onsetUs) / 1e6;
  const sinceLast = model.status?.mode === 'live' ? ageSeconds(model, nowMs) || 0 : 0;
  write(byTestId('change-age'), `${duration(seconds + sinceLast)} ago`);
  write(byTestId('change-sub'), ...asOf, ...changePieces(model, change));
}

export function changeWord(model: Model, { alert }: AlertView): string {
  if (alert.region === undefined || model.layout === null) return 'CHANGE';
  const [from, to] = alert.region;
  return `CHANGE at ${placeText(0.5 * (from + to), digitsFor(to - from), model.layout)}`;
}

function neededText(model: Model): string {
  if (model.hello?.hasReference === false) return 'no change detector is configured';
  if (model.layout === null) return 'a reference is needed first: quiet frames';
  const learned = learningText(model);
  return `learning the reference from quiet frames${learned === null ? '' : `, ${learned}`}`;
}

function quietPieces(model: Model): Piece[] {
  const watch = model.status?.watch;
  if (watch === null || watch === undefined) return [];
  const highest = watch.detectors
    .filter((d) => Number.isFinite(d.statistic / d.threshold))
    .reduce<(typeof watch.detectors)[number] | null>(
      (best, d) => (best === null || d.statistic / d.threshold > best.statistic / best.threshold ? d : best),
      null,
    );
  const seconds = ((model.status?.lastTimeUs ?? watch.sinceUs) - watch.sinceUs) / 1e6;
  const watched: Piece[] = ['watched ', strong(duration(seconds))];
  if (highest === null) return watched;
  const ratio = fixed(highest.statistic / highest.threshold, 2);
  return [
    'highest statistic ',
    strong(ratio),
    ` of threshold (${plainWords(highest.stage).toLowerCase()}); `,
    ...watched,
  ];
}

function changePieces(model: Model, change: AlertView): Piece[] {
  const { alert } = change;
  const interval = alert.onsetIntervalUs === undefined ? '' : ` ${halfInterval(...alert.onsetIntervalUs)}`;
  const pieces: Piece[] = ['since ', strong(clock(alert.onsetUs) + interval)];
  const context = change.context[0];
  if (context !== undefined) pieces.push(' at ', strong(withUnit(contextNumber(context.value), context.unit)));
  const { acknowledged, shelf } = change.life;
  if (shelf !== null) pieces.push(', shelved by ', strong(shelf.by));
  else if (acknowledged !== null) pieces.push(', seen by ', strong(`${acknowledged.by} ${clock(acknowledged.atUs)}`));
  if (change.clearedUs !== null) return [...pieces, ', cleared ', strong(clock(change.clearedUs))];
  const regions = model.regions.regions.length;
  if (regions > 0) pieces.push(`, ${regions} ${regions === 1 ? 'region' : 'regions'}`);
  const detectors = model.status?.watch?.detectors ?? [];
  const agreeing = detectors.filter((d) => d.statistic > d.threshold).length;
  if (detectors.length > 1) pieces.push(`, ${agreeing} of ${detectors.length} detectors`);
  return pieces;
}

/** The whole spectral axis as a strip: the reference in outline, a block per changed region. */
export function drawWhere(model: Model): void {
  const canvas = byId<HTMLCanvasElement>('where');
  const { g, width, height } = fit(canvas);
  const { layout, spectrum } = model;
  if (layout === null || spectrum === null) return;
  const { edges } = layout;
  const from = edges[0] ?? 0;
  const to = edges[edges.length - 1] ?? 1;
  const x = (c: number) => 1 + ((c - from) / (to - from)) * (width - 2);
  const outline = spectrum.expected ?? spectrum.now;
  const high = outline.reduce((a, b) => Math.max(a, b), 1e-12);
  g.strokeStyle = g.fillStyle = getComputedStyle(canvas).color;
  g.globalAlpha = 0.55;
  g.fillRect(0, height - 1.5, width, 1.5);
  g.globalAlpha = 0.6;
  g.lineWidth = 1.3;
  g.beginPath();
  outline.forEach((value, j) =>
    g.lineTo(
      x(0.5 * ((edges[j] ?? 0) + (edges[j + 1] ?? 0))),
      height - 2 - Math.sqrt(Math.max(0, value) / high) * (height - 4),
    ),
  );
  g.stroke();
  g.globalAlpha = 1;
  for (const region of model.regions.regions) {
    const left = x(region.from);
    g.fillRect(left - 1, 0, Math.max(3, x(region.to) - left + 2), height - 2);
  }
}
