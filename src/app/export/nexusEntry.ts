import type { Group } from 'h5wasm/node';
import type { Alert } from '../../model/alert.ts';
import type { Frame } from '../../model/frame.ts';
import type { Detection, Reading, SlowSample } from '../../model/signal.ts';
import { createNexusLogs } from './nexusLogs.ts';
import { definitionOf, nexusUnit } from './nexusNames.ts';
import { createNexusSpectra, type NexusSpectra } from './nexusSpectra.ts';
import { createNexusTable } from './nexusTable.ts';
import { isoTime, secondsSince, type ExportSetting } from './target.ts';

/** One stream of a recording as an NXentry. */
export interface NexusEntry {
  frame(frame: Frame): void;
  signal(signal: Reading | Detection | Alert): void;
  slow(sample: SlowSample): void;
  close(): void;
}

/** Makes a group of a class. */
export function makeGroup(parent: Group, name: string, nxClass: string): Group {
  const group = parent.create_group(name);
  group.create_attribute('NX_class', nxClass);
  return group;
}

/** @param entry - empty; becomes the NXentry. */
export function createNexusEntry(entry: Group, stream: string, setting: ExportSetting): NexusEntry {
  const { header, startUs, endUs } = setting;
  const text = (name: string, value: string): void => void entry.create_dataset({ name, data: value });
  const title = `${header.run}: ${stream}`;
  entry.create_attribute('NX_class', 'NXentry');
  entry.create_attribute('default', 'data');
  text('title', title);
  text('entry_identifier', header.run);
  text('start_time', isoTime(startUs));
  text('end_time', isoTime(endUs));
  const duration = entry.create_dataset({ name: 'duration', data: secondsSince(startUs, endUs) });
  duration.create_attribute('units', 's');
  describeProgram(entry, setting);
  const definition = definitionOf(header.modality);
  if (definition !== null) {
    const made = entry.create_dataset({ name: 'definition', data: definition });
    made.create_attribute('comment', 'the nearest one: what a monitor does not know of the instrument is left out');
  }
  const instrument = makeGroup(entry, 'instrument', 'NXinstrument');
  instrument.create_dataset({ name: 'name', data: header.instrument });
  instrument.create_dataset({ name: 'modality', data: header.modality });

  const spectra: NexusSpectra[] = [];
  const readings = createNexusLogs(() => makeGroup(entry, 'readings', 'NXcollection'), startUs);
  const detections = createNexusLogs(() => makeGroup(entry, 'detections', 'NXcollection'), startUs);
  const slow = createNexusLogs(() => makeGroup(entry, 'slow_signals', 'NXcollection'), startUs);
  const context = createNexusLogs(() => makeGroup(entry, 'context', 'NXcollection'), startUs);
  const alerts = createNexusTable(entry, 'alerts', { time: 's', onset: 's' });
  /** Of slow signals; the context of a frame does not tell. */
  const units = new Map<string, string>();
  let doseRate: string | null = null;

  const spectraOf = ({ layout }: Frame): NexusSpectra => {
    const known = spectra.find((each) => each.layout === layout);
    if (known !== undefined) return known;
    const name = spectra.length === 0 ? 'data' : `data_${spectra.length + 1}`;
    const made = createNexusSpectra(entry.create_group(name), title, layout, startUs);
    spectra.push(made);
    return made;
  };
  const addAlert = (alert: Alert): void => {
    const { id, rule, severity, phase, message, statistic, threshold, region, regionUnit = '', seq } = alert;
    alerts.add({
      time: secondsSince(startUs, alert.timeUs),
      onset: secondsSince(startUs, alert.onsetUs),
      frame: seq,
      ...{ phase, severity, rule, id, message, statistic, threshold },
      region_from: region?.[0] ?? NaN,
      region_to: region?.[1] ?? NaN,
      region_unit: nexusUnit(regionUnit),
    });
  };
  return {
    frame(frame) {
      spectraOf(frame).add(frame);
      for (const [name, value] of Object.entries(frame.context))
        context.add(name, units.get(name), frame.timeUs, value);
    },
    signal(signal) {
      if (signal.type === 'alert') return addAlert(signal);
      if (signal.type === 'detection') return detections.add(signal.detector, '1', signal.timeUs, signal.statistic);
      const { stage, name, unit, timeUs, value, standardError } = signal;
      const series = `${stage}.${name}`;
      if (name === 'doseRate') doseRate ??= series;
      readings.add(series, unit, timeUs, value, standardError);
    },
    slow({ name, unit, timeUs, value }) {
      units.set(name, unit);
      slow.add(name, unit, timeUs, value);
    },
    close() {
      for (const each of [...spectra, readings, detections, slow, context]) each.flush();
      alerts.write();
      const leftOut = [readings, detections, slow, context, alerts].reduce((sum, each) => sum + each.leftOut, 0);
      if (leftOut > 0) entry.create_attribute('operando_left_out', leftOut);
      if (spectra.length > 0) {
        const detector = makeGroup(instrument, 'detector', 'NXdetector');
        for (const name of ['data', 'count_time', 'sequence_number'])
          detector.create_hard_link(`${entry.path}/data/${name}`, name);
      }
      if (doseRate !== null) {
        const optics = makeGroup(instrument, 'optical_system', 'NXem_optical_system');
        optics.create_hard_link(`${entry.path}/readings/${doseRate}/value`, 'dose_rate');
      }
    },
  };
}

/** Which program made it, of what, and with which settings. */
function describeProgram(entry: Group, { header, programVersion }: ExportSetting): void {
  const program = entry.create_dataset({ name: 'program_name', data: 'operando' });
  program.create_attribute('version', header.versions['operando'] ?? programVersion);
  if (header.config === '') return;
  const note = makeGroup(entry, 'configuration', 'NXnote');
  note.create_dataset({ name: 'type', data: 'application/yaml' });
  note.create_dataset({ name: 'description', data: 'the pipeline file of the run' });
  note.create_dataset({ name: 'data', data: header.config });
}
