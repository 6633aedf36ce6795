import { byId, byTestId, write } from '../element.ts';
import { clock, counts, day } from '../format.ts';
import type { Model } from '../model.ts';
import type { PlotPanel } from '../plot/plotPanel.ts';
import { isoMicros, rowsCsv } from '../rowsCsv.ts';
import { viewPicture } from '../viewPicture.ts';

/** Inside the waterfall, and not on its edge. */
const HALF_PIXEL = 0.5;

/** Takes away what is seen: a picture, the rows in view, the alarms. */
export interface ExportDialog {
  open(): void;
}

export function createExportDialog(model: Model, panel: PlotPanel): ExportDialog {
  const dialog = byId<HTMLDialogElement>('export');
  const onClick = (name: string, act: () => void | Promise<void>): void =>
    byTestId(name).addEventListener('click', () => void act());

  onClick('export-close', () => dialog.close());
  onClick('export-png', async () => {
    const picture = await viewPicture(byId('main'), headline(model, panel));
    if (picture !== null) save(picture, `${stem(model)}.png`);
  });
  onClick('export-csv', () => {
    const csv = csvOf(model, panel);
    if (csv !== null) save(new Blob([csv], { type: 'text/csv' }), `${stem(model)}.csv`);
  });
  onClick('export-json', () => {
    const { alerts, hello } = model;
    const text = JSON.stringify({ run: hello?.run ?? '', instrument: hello?.instrument ?? '', alerts }, null, 2);
    save(new Blob([text], { type: 'application/json' }), `${stem(model)}.json`);
  });
  return {
    open() {
      const inView = rowsInView(model, panel);
      const isEmpty = inView === null;
      for (const name of ['export-png', 'export-csv']) byTestId<HTMLButtonElement>(name).disabled = isEmpty;
      const rows = inView === null ? 'No row yet' : `${counts(inView.to - inView.from)} rows are in view`;
      write(byTestId('export-about'), `${rows}. Times in the files are UTC, numbers at full precision.`);
      dialog.showModal();
    },
  };
}

function rowsInView({ rows }: Model, { map, geometry, offset }: PlotPanel): { from: number; to: number } | null {
  if (rows === null || rows.next === rows.first || map === null || geometry === null) return null;
  const { y, height } = geometry.waterfall;
  const bottom = map.rowAt(y + height - offset - HALF_PIXEL);
  return { from: Math.max(rows.first, bottom), to: Math.min(rows.next, map.rowAt(y + HALF_PIXEL) + 1) };
}

function csvOf(model: Model, panel: PlotPanel): string | null {
  const { rows, layout, tracks, hello } = model;
  const inView = rowsInView(model, panel);
  if (inView === null || rows === null || layout === null || panel.axis === null) return null;
  const about = [
    ['run', hello?.run ?? ''],
    ['instrument', hello?.instrument ?? ''],
    ['stream', layout.stream],
    ['quantity', `${layout.quantity}, ${layout.unit}, sums over the frames of a row`],
  ] as const;
  return rowsCsv({ rows, layout, tracks, ...inView, range: [panel.axis.from, panel.axis.to], about });
}

function headline(model: Model, { shown }: PlotPanel): string {
  const timeUs = shown?.timeUs ?? Number.NaN;
  const words = [byTestId('data-word'), byTestId('change-word')].map((element) => element.textContent);
  const when = `${day(timeUs)} ${clock(timeUs)}`;
  return [`Run ${model.hello?.run ?? ''}`, model.hello?.instrument ?? '', when, ...words].join('   ');
}

/** A name for files: run and time. */
function stem(model: Model): string {
  const time = model.status?.lastTimeUs;
  const at = time === null || time === undefined ? '' : `-${isoMicros(time).slice(0, 19).replaceAll(':', '')}Z`;
  return `${(model.hello?.run ?? 'run').replaceAll(/[^\w.-]+/g, '_')}${at}`;
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Not at once: the browser may not have begun to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
