import type { EvidenceBundle } from '../evidence/bundle.ts';
import type { RunContents } from './contents.ts';
import { html, type Html } from './html.ts';
import { actsSection, alertSection, doseSection, driftSection, lossSection, table } from './sections.ts';
import { STYLE } from './style.ts';
import { chosenCurves, timelinePlot } from './timeline.ts';
import { numberText, spanText, whenText } from './words.ts';

/** Evidence of so many alerts is drawn; further ones stand in the table. */
const MOST_DRAWN = 60;
const MOST_TRACKS = 7;

export interface ReportParts {
  readonly run: RunContents;
  readonly evidence: ReadonlyMap<string, EvidenceBundle>;
  /** SHA-256 over all readings, detections and alerts, hexadecimal, and how many they are. */
  readonly digest: { readonly value: string; readonly count: number };
  /** SHA-256 of the pipeline file. */
  readonly configSha256: string;
  /** Version of the program that writes the report. */
  readonly program: string;
}

/** The report of a run as one HTML document that needs nothing else: no script, no address to fetch. */
export function reportPage(parts: ReportParts): string {
  const { run, evidence, digest, configSha256, program } = parts;
  const { header, streams, alerts } = run;
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
  const sections: [string, Html | null][] = [
    ['Timeline', html`${streams.map((stream) => timelineFigure(run, stream))}`],
    ['Alerts', alertsPart(run, evidence)],
    ['Dose and damage', doseSection(run)],
    ['Drift', driftSection(run)],
    ['Losses', lossSection(run)],
    ['Operators and permit', actsSection(run)],
    ['Settings', html`<pre>${header.config === '' ? 'not recorded' : header.config}</pre>`],
    ['Software', table(['Part', 'Version'], Object.entries(header.versions))],
  ];
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${policy}" />
      <meta name="viewport" content="width=device-width" />
      <title>${header.run}: report</title>
      <style>
        ${{ html: STYLE }}
      </style>
    </head>
    <body>
      <header>
        <p class="kind">Report of a run</p>
        <h1>${header.run}</h1>
        ${headTable(run)}
        <p class="verdict">${verdict(run)}</p>
      </header>
      ${sections.map(([title, body]) =>
        body === null
          ? html``
          : html`<section>
              <h2>${title}</h2>
              ${body}
            </section> `,
      )}
      <footer>
        <p>
          Digest of ${numberText(digest.count)} readings, detections and alerts: <code>${digest.value}</code>. Pipeline
          file: SHA-256 <code>${configSha256}</code>. <code>operando replay</code> makes the same of the recording, to
          the bit. ${alerts.length > MOST_DRAWN ? `Evidence is drawn of the first ${MOST_DRAWN} alerts.` : ''} Written
          by operando ${program}. All times are UTC.
        </p>
      </footer>
    </body>
  </html>`;
  return `<!doctype html>\n${page.html}\n`;
}

function headTable({ header, streams }: RunContents): Html {
  const rows = streams.map(({ stream, frameCount, fromUs, toUs, exposureUs }) => [
    stream,
    whenText(fromUs),
    spanText(Math.max(0, toUs - fromUs)),
    numberText(frameCount),
    spanText(exposureUs),
  ]);
  return html`<p class="what">Instrument <b>${header.instrument}</b>, ${header.modality}</p>
    ${table(['Stream', 'First frame', 'Duration', 'Frames', 'Exposure'], rows)}`;
}

function verdict({ alerts, permits, losses }: RunContents): string {
  const worst = (['critical', 'warning', 'notice'] as const).find((severity) =>
    alerts.some(({ raised }) => raised.severity === severity),
  );
  const stops = permits.filter(({ event }) => event === 'tripped').length;
  const lost = losses.reduce((sum, { lostCount }) => sum + lostCount, 0);
  return [
    alerts.length === 0
      ? 'No alert.'
      : `${alerts.length} alert${alerts.length === 1 ? '' : 's'}, the most urgent ${worst ?? ''}.`,
    ...(permits.length > 0
      ? [stops === 0 ? 'The beam was not stopped.' : `The beam was stopped ${stops === 1 ? 'once' : `${stops} times`}.`]
      : []),
    lost === 0 ? 'No frame was lost.' : `${numberText(lost)} frames were lost before they came.`,
  ].join(' ');
}

function timelineFigure(run: RunContents, stream: RunContents['streams'][number]): Html {
  const plot = timelinePlot(run, stream, chosenCurves(run.curves, stream.stream, MOST_TRACKS));
  return html`<figure>
    ${plot ?? html`<p class="note">Too few frames for a picture.</p>`}
    <figcaption>
      Stream ${stream.stream}: all spectra (√, dark is much), and what was read of them. Numbered lines: onsets of the
      alerts. Red: the beam was stopped.
    </figcaption>
  </figure>`;
}

function alertsPart({ alerts }: RunContents, evidence: ReadonlyMap<string, EvidenceBundle>): Html {
  if (alerts.length === 0) return html`<p>None.</p>`;
  const rows = alerts.map(({ raised, last }, i) => [
    i + 1,
    whenText(raised.onsetUs),
    raised.severity,
    last.message,
    last.phase === 'cleared' ? 'over' : 'stood at the end',
  ]);
  return html`${table(['', 'Onset', 'Severity', 'What', 'At the end'], rows)}
  ${alerts.slice(0, MOST_DRAWN).map((story, i) => alertSection(story, i + 1, evidence.get(story.raised.id) ?? null))}`;
}
