import type { LayoutMessage } from '../../../../src/server/protocol.ts';
import { byTestId, create, setHidden, strong, write } from '../element.ts';
import { clock, fixed, sigmas, signedPercent } from '../format.ts';
import type { Model } from '../model.ts';
import { floorFor, floorText } from './floorText.ts';
import { axisText, digitsFor, rangeText, unitText, withUnit } from '../units.ts';

const MOST = 6;

/** Changed regions, strongest first; without any, what chance predicts. */
export function updateRegionsTable(model: Model): void {
  const { regions, residual } = model.regions;
  const table = byTestId('regions');
  const note = byTestId('regions-none');
  const layout = model.layout;
  const axis = layout === null ? '' : axisHead(layout);
  const hidden = regions.length === 0;
  setHidden(table, hidden);
  if (hidden) {
    const expected = residual === null ? 0 : residual.channelCount * 0.0027;
    write(
      note,
      residual === null
        ? model.hello?.hasReference === true
          ? 'The reference is not known yet.'
          : 'None: there is no reference to compare with.'
        : `None. ${residual.outsideCount} of ${residual.channelCount} channels are outside ±3 σ; ${fixed(expected, 1)} are expected by chance.`,
    );
  } else write(note, regions.length > MOST ? `and ${regions.length - MOST} more` : '');
  setHidden(note, !hidden && regions.length <= MOST);
  write(byTestId('regions-unit'), axis);
  write(byTestId('regions-quantity'), layout?.quantity ?? '');
  const strongest = regions[0];
  const floor = strongest === undefined ? null : ([strongest.from, strongest.to] as const);
  write(byTestId('regions-floor'), floorText(model, floorFor(model, floor, strongest?.sign === -1)));
  writeRows(table.querySelector('tbody'), model);
  writeInsetHead(model);
}

/** `° 2θ`, `d / Å`. */
function axisHead({ axisName, axisUnit }: LayoutMessage): string {
  const unit = unitText(axisUnit);
  const name = axisText(axisName);
  if (unit === '') return name;
  return unit === '°' ? `° ${name}` : `${name} / ${unit}`;
}

function writeRows(body: Element | null, model: Model): void {
  if (body === null) return;
  const shown = model.regions.regions.slice(0, MOST);
  while (body.children.length > shown.length) body.lastElementChild?.remove();
  shown.forEach((region, k) => {
    const row =
      body.children[k] ??
      body.appendChild(
        create('tr', { 'data-testid': 'region' }, create('td'), create('td'), create('td'), create('td')),
      );
    const digits = Math.min(6, digitsFor(region.to - region.from) + 1);
    const texts = [
      rangeText(region.from, region.to, digits),
      region.sigma === null ? '–' : sigmas(region.sigma),
      region.percent === null ? '–' : signedPercent(region.percent),
      clock(region.sinceUs),
    ];
    texts.forEach((text, column) => {
      const cell = row.children[column];
      if (cell !== undefined) write(cell, text);
    });
  });
}

function writeInsetHead(model: Model): void {
  const { regions, residual } = model.regions;
  const { layout } = model;
  if (regions.length > 0) {
    write(byTestId('inset-title'), 'Strongest region');
    write(byTestId('inset-note'), 'now, reference, ±3 σ');
  } else if (residual !== null && layout !== null) {
    const channel = ((layout.edges[1] ?? 1) - (layout.edges[0] ?? 0)) * 2;
    write(byTestId('inset-title'), 'Largest residual');
    const place = withUnit(fixed(residual.largestAt, digitsFor(channel)), layout.axisUnit);
    // The largest of many channels lies beyond 3 σ by chance; the detectors decide, not this number.
    const isChance = Math.abs(residual.largestSigma) < 5;
    write(
      byTestId('inset-note'),
      `${place}, `,
      strong(`${sigmas(residual.largestSigma)} σ`),
      isChance ? ', not significant' : '',
    );
  } else {
    write(byTestId('inset-title'));
    write(byTestId('inset-note'));
  }
}
