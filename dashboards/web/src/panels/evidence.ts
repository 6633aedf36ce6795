import type { AlertView } from '../../../../src/server/protocol.ts';
import type { Accepting } from '../accepting.ts';
import { create, strong, write, type Piece } from '../element.ts';
import { age, clock, contextNumber, falseAlarms, fixed, halfInterval } from '../format.ts';
import type { Model } from '../model.ts';
import { fit, font, readTokens } from '../plot/tokens.ts';
import type { AlarmActs } from './alarmActs.ts';
import { createAcceptControl } from './acceptControl.ts';
import { digitsFor, plainWords, rangeText, unitText, withUnit } from '../units.ts';

/** Slow signals told at the onset. */
const MOST_SIGNALS = 3;
const FIELDS = ['ev-stat', 'ev-far', 'ev-region', 'ev-form', 'ev-onset', 'ev-raised', 'ev-context'] as const;
const NAMES: Readonly<Record<(typeof FIELDS)[number], string>> = {
  'ev-stat': 'Statistic',
  'ev-far': 'False alarms',
  'ev-region': 'Where',
  'ev-form': 'What',
  'ev-onset': 'Onset',
  'ev-raised': 'Raised',
  'ev-context': 'At onset',
};

/** Why the monitor raised an alarm: statistic against threshold, how often that is wrong, where and since when. */
export interface Evidence {
  readonly element: HTMLElement;
  show(view: AlertView, model: Model): void;
}

export function createEvidence(accepting: Accepting, acts: AlarmActs): Evidence {
  const canvas = create('canvas', { role: 'img', 'aria-label': 'Statistic around the onset, with its threshold' });
  const list = create('dl', { class: 'kv' });
  const values = new Map<string, { term: HTMLElement; value: HTMLElement }>();
  for (const field of FIELDS) {
    const term = create('dt', {}, NAMES[field]);
    const value = create('dd', { 'data-testid': field });
    values.set(field, { term, value });
    list.append(term, value);
  }
  const sentence = create('p', { 'data-testid': 'ev-message' });
  const accept = createAcceptControl(accepting);
  const element = create(
    'div',
    { class: 'ev', 'data-testid': 'evidence' },
    canvas,
    list,
    sentence,
    accept.element,
    acts.element,
  );

  function fill(field: (typeof FIELDS)[number], pieces: readonly Piece[]): void {
    const pair = values.get(field);
    if (pair === undefined) return;
    pair.term.hidden = pair.value.hidden = pieces.length === 0;
    write(pair.value, ...pieces);
  }
  return {
    element,
    show(view, model) {
      const { alert } = view;
      const period = model.status?.framePeriodUs ?? null;
      const stage = alert.evidence[0];
      const term = values.get('ev-stat')?.term;
      if (term !== undefined)
        write(term, stage === undefined ? 'Statistic' : `Statistic (${plainWords(stage).toLowerCase()})`);
      fill('ev-stat', [strong(statisticText(alert.statistic)), ` against ${statisticText(alert.threshold)}`]);
      const rate = falseAlarms(alert.averageRunLength, period);
      const [frequency, ...rest] = rate.split(' of quiet');
      fill(
        'ev-far',
        view.isChange ? [strong(frequency ?? rate), rest.length > 0 ? ` of quiet${rest.join('')}` : ''] : [],
      );
      fill('ev-region', regionPieces(view, model));
      fill('ev-form', view.isChange ? [formText(alert)] : []);
      const interval = alert.onsetIntervalUs === undefined ? '' : ` ${halfInterval(...alert.onsetIntervalUs)}`;
      fill('ev-onset', [strong(`${clock(alert.onsetUs)}${interval}`)]);
      fill('ev-raised', [`${clock(view.raisedUs)}, ${age((view.raisedUs - alert.onsetUs) / 1e6)} later`]);
      const circumstances = view.context
        .slice(0, MOST_SIGNALS)
        .map((c) => `${plainWords(c.name).toLowerCase()} ${withUnit(contextNumber(c.value), c.unit)}`)
        .map((text) => text.replaceAll(' ', '\u00a0'))
        .join(', ');
      fill('ev-context', circumstances === '' ? [] : [circumstances]);
      accept.show(view, model);
      acts.show(view, model);
      write(sentence, alert.message);
      drawStatistic(canvas, view, model);
    },
  };
}

/** `peak, gained (+)`: the template that won, where there was one, and its sense. */
function formText({ template, sign }: AlertView['alert']): string {
  const sense = sign > 0 ? 'gained (+)' : sign < 0 ? 'lost (−)' : 'change of shape';
  return template === undefined ? sense : `${template}, ${sense}`;
}

function statisticText(value: number): string {
  return fixed(value, Math.abs(value) >= 1000 ? 0 : 1);
}

function regionPieces({ alert }: AlertView, model: Model): Piece[] {
  if (alert.region === undefined) return [];
  const [from, to] = alert.region;
  const unit = alert.regionUnit ?? model.layout?.axisUnit ?? '';
  const range = rangeText(from, to, Math.min(6, digitsFor(to - from) + 1));
  const count = model.regions.regions.length;
  const text = unitText(unit) === '°' ? `${range}°` : withUnit(range, unit);
  return [count > 1 && alert.phase !== 'cleared' ? `${text}, 1 of ${count}` : text];
}

/** The statistic of the detector around the onset, its threshold, and the interval of the onset. */
function drawStatistic(canvas: HTMLCanvasElement, view: AlertView, model: Model): void {
  const { g, width, height } = fit(canvas);
  const { rows } = model;
  const { alert } = view;
  const column = model.tracks.findIndex((t) => t.kind === 'statistic' && alert.evidence.includes(t.name));
  canvas.hidden = column < 0 || rows === null;
  if (column < 0 || rows === null) return;
  const tokens = readTokens();
  const delayUs = Math.max(30 * (model.status?.framePeriodUs ?? 1e6), view.raisedUs - alert.onsetUs);
  const fromUs = alert.onsetUs - 3 * delayUs;
  const toUs = view.raisedUs + 1.5 * delayUs;
  const x = (timeUs: number) => ((timeUs - fromUs) / (toUs - fromUs)) * width;
  const y = (ratio: number) => height - 3 - (Math.min(1.6, Math.max(0, ratio)) / 1.6) * (height - 6);
  if (alert.onsetIntervalUs !== undefined) {
    const left = x(alert.onsetIntervalUs[0]);
    g.globalAlpha = 0.45;
    g.fillStyle = tokens['amber-fill'];
    g.fillRect(left, 0, Math.max(2, x(alert.onsetIntervalUs[1]) - left), height);
    g.globalAlpha = 1;
  }
  g.strokeStyle = tokens.t1;
  g.setLineDash([4, 3]);
  g.beginPath();
  g.moveTo(0, y(1));
  g.lineTo(width, y(1));
  g.stroke();
  g.setLineDash([]);
  g.lineWidth = 1.8;
  g.strokeStyle = tokens.now;
  g.beginPath();
  const first = Math.max(rows.first, Math.floor(rows.positionOf(fromUs)));
  for (let row = first; row < rows.next && rows.startUs(row) <= toUs; row++) {
    const value = rows.trackMax(row, column);
    if (Number.isFinite(value)) g.lineTo(x(rows.endUs(row)), y(value));
  }
  g.stroke();
  g.font = font(12);
  g.fillStyle = tokens.t2;
  g.textBaseline = 'top';
  g.fillText('threshold', 2, y(1) + 2);
}
