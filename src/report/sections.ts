import type { EvidenceBundle } from '../evidence/bundle.ts';
import { droppedWords } from '../model/accountWords.ts';
import type { AlertStory, Curve, RunContents } from './contents.ts';
import { html, type Html } from './html.ts';
import { evidencePlot, statisticPlot } from './plots.ts';
import { clockOf, measuredText, numberText, plain, spanText, unitWords, whenText } from './words.ts';

export function table(heads: readonly string[], rows: readonly (readonly (Html | string | number)[])[]): Html {
  return html`<table>
    <thead>
      <tr>
        ${heads.map((head) => html`<th>${head}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map((cell) => html`<td>${cell}</td>`)}
          </tr> `,
      )}
    </tbody>
  </table>`;
}

/** One alert with all that speaks for it. */
export function alertSection({ raised, last }: AlertStory, number: number, bundle: EvidenceBundle | null): Html {
  const [early, late] = raised.onsetIntervalUs ?? [raised.onsetUs, raised.onsetUs];
  const far =
    raised.averageRunLength === undefined ? '' : `one per ${numberText(raised.averageRunLength)} frames of quiet data`;
  const region =
    raised.region === undefined
      ? ''
      : `${numberText(raised.region[0])} to ${numberText(raised.region[1])} ${unitWords(raised.regionUnit ?? '')}`;
  const facts: [string, string][] = [
    ['Raised', `${whenText(raised.timeUs)}, frame ${raised.seq}, by ${raised.rule}`],
    ['Onset', `${whenText(raised.onsetUs)}${late > early ? ` ± ${spanText((late - early) / 2)} (95 %)` : ''}`],
    ['Noticed after', spanText(Math.max(0, raised.timeUs - raised.onsetUs))],
    ['Statistic', `${numberText(raised.statistic)} against ${numberText(raised.threshold)}`],
    ['False alarms', far],
    ['Where', region.trim()],
    ['What', raised.template ?? ''],
    [
      'Cleared',
      last.phase === 'cleared'
        ? `${whenText(last.timeUs)}${last.clearedBy === 'operator' ? ', accepted as the new reference' : ''}`
        : 'no',
    ],
    ...contextFacts(bundle),
  ];
  return html`<article class="${raised.severity}">
    <h3><span class="number">${number}</span> ${raised.message}</h3>
    <dl>
      ${facts
        .filter(([, text]) => text !== '')
        .map(
          ([name, text]) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${text}</dd>
            </div> `,
        )}
    </dl>
    ${bundle === null ? html`<p class="note">No evidence was kept for this alert.</p>` : plots(bundle)}
  </article>`;
}

function plots(bundle: EvidenceBundle): Html {
  const { before, at, after, channelsPerBin } = bundle;
  const later = after ?? at;
  const statistic = statisticPlot(bundle);
  const said = (spectrum: typeof before): string =>
    spectrum === null ? 'none held' : `mean of ${spectrum.frameCount} frames, ${spectrum.fromSeq} to ${spectrum.toSeq}`;
  const added = channelsPerBin > 1 ? ` Channels are added by ${channelsPerBin}.` : '';
  const caption = html`<span class="key before"></span> before: ${said(before)}.
    <span class="key after"></span> ${after === null ? 'from the onset to the alert' : 'after the alert'}:
    ${said(later)}. Shaded: where it was found.${added} Residual: after − before over its standard deviation, band ±3.`;
  return html`<figure>
      ${evidencePlot(bundle)}
      <figcaption>${caption}</figcaption>
    </figure>
    ${
      statistic === null
        ? html``
        : html`<figure>
            ${statistic}
            <figcaption>Statistic over threshold; shaded: onset with its 95 % interval; line: raised.</figcaption>
          </figure>`
    }`;
}

function contextFacts(bundle: EvidenceBundle | null): [string, string][] {
  const slow = Object.entries(bundle?.context ?? {}).filter(
    ([name]) => !name.startsWith('operator.') && !name.startsWith('permit.'),
  );
  const dose =
    bundle?.readings.filter(({ name, quality }) => ['dose', 'damage'].includes(name) && quality === 'valid') ?? [];
  return [
    [
      'Circumstances',
      slow
        .slice(0, 6)
        .map(([name, value]) => `${plain(name)} ${numberText(value)}`)
        .join(', '),
    ],
    ...dose.map(({ stage, name, value, standardError, unit }): [string, string] => [
      `${plain(name)} (${stage})`,
      measuredText(value, standardError, unit),
    ]),
  ];
}

const DOSE_ROWS = [
  'dose',
  'doseFraction',
  'doseRate',
  'doseSample',
  'damage',
  'damageLow',
  'damageHigh',
  'damageOver',
  'damageDose',
  'damageCharacteristicDose',
  'doseRatio',
];
const DRIFT_ROWS = ['shift', 'gain', 'dispersion', 'offset', 'slope'];

/** What was last read of some names; null when nothing was. */
function lastReadings(curves: readonly Curve[], names: readonly string[]): Html | null {
  const rows = curves
    .filter(({ stage, name }) => stage !== '' && names.includes(name))
    .map(({ stage, name, series, last, unit }) => [
      stage,
      plain(name),
      last === null ? '–' : measuredText(last.value, last.standardError, unit),
      numberText(Math.min(...series.bins.map(({ low }) => low))),
      numberText(Math.max(...series.bins.map(({ high }) => high))),
      last === null ? '–' : clockOf(last.timeUs),
    ]);
  return rows.length === 0 ? null : table(['Stage', 'Reading', 'At the end', 'Lowest', 'Highest', 'Last read'], rows);
}

export const doseSection = ({ curves }: RunContents): Html | null => lastReadings(curves, DOSE_ROWS);
export const driftSection = ({ curves }: RunContents): Html | null => lastReadings(curves, DRIFT_ROWS);

/** Every frame that did not come through whole, by reason, and what of the recording cannot be read. */
export function lossSection({ losses, faults, streams }: RunContents): Html {
  const rows = streams.map(({ stream, frameCount }) => {
    const note = losses.find((each) => each.stream === stream);
    if (note === undefined) return [stream, frameCount, 0, 0, 0, 'none'];
    const { lostCount, mergedCount, maskedCount } = note;
    return [stream, frameCount, lostCount, mergedCount, maskedCount, droppedWords(note).join(', ') || 'none'];
  });
  const heads = [
    'Stream',
    'Frames recorded',
    'Lost before they came',
    'Summed into others',
    'Values masked',
    'Dropped',
  ];
  return html`${table(heads, rows)}
  ${
    faults.length === 0
      ? html`<p class="note">The recording is whole.</p>`
      : html`<p>Of the recording itself cannot be read:</p>
          <ul>
            ${faults.map(({ file, detail, lostBytes }) => html`<li>${file}: ${detail} (${lostBytes} bytes)</li>`)}
          </ul>`
  }`;
}

/** Who did what: acceptances, alarms, permit. */
export function actsSection({ acts, steps, permits }: RunContents): Html | null {
  const rows = [
    ...acts.map(({ by, via, afterUs }) => ({
      timeUs: Math.max(...Object.values(afterUs)),
      who: by === '' ? `somebody (${via})` : `${by} (${via})`,
      what: 'accepted the new state as the reference',
    })),
    ...steps.flatMap(({ timeUs, event, by, reason, alarm }) =>
      by === undefined || event === 'accepted'
        ? []
        : [{ timeUs, who: by, what: `${event}: ${alarm.alert.message}${reason === undefined ? '' : ` (${reason})`}` }],
    ),
    ...permits.map(({ timeUs, event, reason, by, via }) => ({
      timeUs,
      who: by === '' ? 'the monitor' : `${by} (${via})`,
      what: `permit ${event}: ${reason}`,
    })),
  ].sort((a, b) => a.timeUs - b.timeUs);
  if (rows.length === 0) return null;
  return table(
    ['Time', 'Who', 'What'],
    rows.map(({ timeUs, who, what }) => [whenText(timeUs), who, what]),
  );
}
