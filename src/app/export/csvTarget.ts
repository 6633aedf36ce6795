import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Frame } from '../../model/frame.ts';
import { channelCentres, type Layout } from '../../model/layout.ts';
import type { ExportSetting, ExportTarget } from './target.ts';
import { isoTime, secondsSince } from './target.ts';

type Cell = string | number | null | undefined;

const BUFFER_CHARACTERS = 1 << 20;

/** A field as RFC 4180 has it. */
function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

interface CsvFile {
  row(cells: readonly Cell[]): void;
  /** A row that ends in numbers. */
  numbers(cells: readonly Cell[], values: Float64Array): void;
  close(): void;
}

function openCsv(path: string, header: readonly Cell[], values?: Float64Array): CsvFile {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'w');
  let text = '';
  const flush = (): void => {
    const bytes = Buffer.from(text);
    text = '';
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
  };
  const line = (content: string): void => {
    text += `${content}\n`;
    if (text.length > BUFFER_CHARACTERS) flush();
  };
  const made: CsvFile = {
    row: (cells) => line(cells.map(cellText).join(',')),
    numbers: (cells, numbers) => line(`${cells.map(cellText).join(',')},${numbers.join(',')}`),
    close() {
      flush();
      closeSync(file);
    },
  };
  if (values === undefined) made.row(header);
  else made.numbers(header, values);
  return made;
}

const SPECTRUM_COLUMNS = ['time', 'seconds', 'frame', 'exposure_s'];
const COLUMNS = {
  readings: 'time,seconds,stream,frame,stage,name,value,standard_error,unit,quality',
  detections:
    'time,seconds,stream,frame,detector,onset,statistic,threshold,region_from,region_to,region_unit,sign,template',
  alerts:
    'time,seconds,stream,frame,phase,severity,rule,id,onset,region_from,region_to,region_unit,statistic,threshold,message',
  slow: 'time,seconds,name,stream,value,unit',
  permit: 'time,event,state,epoch,by,via,reason,stream,frame',
  acts: 'count,by,via,id',
  alarms: 'time,seconds,stream,step,event,alarm,state,count,by,reason',
  losses: 'time,stream,processed,merged,lost,masked,dropped',
} as const;
type Table = keyof typeof COLUMNS;

/**
 * A CSV file per stream with a spectrum per row and the axis as header row, and one each of readings, detections, alerts,
 * slow signals, permit, acts and losses, where there are any. A stream that changes its layout gets a further file.
 *
 * @param prefix - beginning of every path: 'run/' or 'run-'.
 * @param only - path of the spectra of the first layout, where there is but one stream; undefined for a name of its own.
 */
export function createCsvTarget(prefix: string, only: string | undefined, { startUs }: ExportSetting): ExportTarget {
  const paths: string[] = [];
  const tables = new Map<Table, CsvFile>();
  const spectra = new Map<string, { readonly layout: Layout; readonly file: CsvFile; readonly count: number }>();

  const tableOf = (name: Table): CsvFile => {
    let table = tables.get(name);
    if (table === undefined) {
      const path = `${prefix}${name}.csv`;
      tables.set(name, (table = openCsv(path, COLUMNS[name].split(','))));
      paths.push(path);
    }
    return table;
  };
  const spectraOf = ({ stream, layout }: Frame): CsvFile => {
    const known = spectra.get(stream);
    if (known?.layout === layout) return known.file;
    known?.file.close();
    const count = (known?.count ?? 0) + 1;
    const path = (count === 1 ? only : undefined) ?? `${prefix}${stream}-spectra${count === 1 ? '' : `-${count}`}.csv`;
    const axis = layout.axes.length === 1 ? layout.axes[0] : undefined;
    const centres = axis === undefined ? Float64Array.from({ length: layout.size }, (_, i) => i) : channelCentres(axis);
    const file = openCsv(path, SPECTRUM_COLUMNS, centres);
    spectra.set(stream, { layout, file, count });
    paths.push(path);
    return file;
  };
  const when = (timeUs: number): [string, number] => [isoTime(timeUs), secondsSince(startUs, timeUs)];
  return {
    frame(frame) {
      spectraOf(frame).numbers([...when(frame.timeUs), frame.seq, frame.exposureUs / 1e6], frame.values);
    },
    signal(signal) {
      const head = [...when(signal.timeUs), signal.stream, signal.seq];
      const region = [signal.region?.[0], signal.region?.[1], signal.regionUnit];
      if (signal.type === 'reading') {
        const { stage, name, value, standardError, unit, quality } = signal;
        return tableOf('readings').row([...head, stage, name, value, standardError, unit, quality]);
      }
      const { statistic, threshold } = signal;
      const onset = isoTime(signal.onsetUs);
      if (signal.type === 'detection') {
        const { detector, sign, template } = signal;
        return tableOf('detections').row([...head, detector, onset, statistic, threshold, ...region, sign, template]);
      }
      const { phase, severity, rule, id, message } = signal;
      tableOf('alerts').row([...head, phase, severity, rule, id, onset, ...region, statistic, threshold, message]);
    },
    note(note) {
      switch (note.type) {
        case 'slow':
          return tableOf('slow').row([...when(note.timeUs), note.name, note.stream, note.value, note.unit]);
        case 'permit': {
          const { event, state, epoch, by, via, reason, stream, seq } = note;
          return tableOf('permit').row([isoTime(note.timeUs), event, state, epoch, by, via, reason, stream, seq]);
        }
        case 'act':
          return tableOf('acts').row([note.count, note.by, note.via, note.id]);
        case 'alarm': {
          const { timeUs, step, event, alarm, by, reason } = note;
          const { id, alert, state, count } = alarm;
          return tableOf('alarms').row([...when(timeUs), alert.stream, step, event, id, state, count, by, reason]);
        }
        case 'alarmAct':
          // What it did stands in the steps of the alarms.
          return;
        case 'losses': {
          const { timeUs, stream, processedCount, mergedCount, lostCount, maskedCount, droppedCount } = note;
          const dropped = Object.entries(droppedCount).map(([reason, count]) => `${reason} ${count}`);
          const counts = [processedCount, mergedCount, lostCount, maskedCount];
          return tableOf('losses').row([timeUs === null ? '' : isoTime(timeUs), stream, ...counts, dropped.join('; ')]);
        }
      }
    },
    close() {
      for (const { file } of spectra.values()) file.close();
      for (const table of tables.values()) table.close();
      return paths;
    },
  };
}
