import { rmSync } from 'node:fs';
import type { Group } from 'h5wasm/node';
import { createNexusEntry, makeGroup, type NexusEntry } from './nexusEntry.ts';
import { nexusName } from './nexusNames.ts';
import { createNexusTable } from './nexusTable.ts';
import { isoTime, type ExportSetting, type ExportTarget } from './target.ts';

/**
 * A NeXus file (HDF5): an NXentry per stream with its spectra as the default plot, and one of the run with permit, acts and
 * losses. Read by h5py, silx, HyperSpy.
 *
 * @param streams - in the order of the recording; the first is the default.
 */
export async function createNexusTarget(
  path: string,
  streams: readonly string[],
  setting: ExportSetting,
): Promise<ExportTarget> {
  const { File, ready } = await import('h5wasm/node');
  const module = await ready;
  module.activate_throwing_error_handler();
  rmSync(path, { force: true });
  const file = new File(path, 'w');
  file.create_attribute('NX_class', 'NXroot');
  file.create_attribute('creator', 'operando');
  file.create_attribute('creator_version', setting.programVersion);
  file.create_attribute('file_name', path);
  file.create_attribute('file_time', new Date().toISOString());
  const entries = new Map<string, NexusEntry>(
    streams.map((stream) => [stream, createNexusEntry(childOf(file, nexusName(stream)), stream, setting)]),
  );
  if (streams[0] !== undefined) file.create_attribute('default', nexusName(streams[0]));
  const run = makeGroup(file, freeName('run', streams), 'NXentry');
  run.create_dataset({ name: 'title', data: `${setting.header.run}: what happened beside the data` });
  const versions = makeGroup(run, 'versions', 'NXcollection');
  for (const [name, version] of Object.entries(setting.header.versions))
    versions.create_dataset({ name: nexusName(name), data: version });
  const permit = createNexusTable(run, 'permit', {});
  const acts = createNexusTable(run, 'acts', {});
  const alarms = createNexusTable(run, 'alarms', {});
  const losses = createNexusTable(run, 'losses', {});
  return {
    frame: (frame) => entries.get(frame.stream)?.frame(frame),
    signal: (signal) => entries.get(signal.stream)?.signal(signal),
    note(note) {
      switch (note.type) {
        case 'slow':
          for (const [stream, entry] of entries)
            if (note.stream === undefined || note.stream === stream) entry.slow(note);
          return;
        case 'permit': {
          const { timeUs, event, state, epoch, by, via, reason } = note;
          return permit.add({ time: isoTime(timeUs), event, state, epoch, by, via, reason });
        }
        case 'act': {
          const { count, by, via, id } = note;
          return acts.add({ count, by, via, id });
        }
        case 'alarm': {
          const { timeUs, event, alarm, by = '', reason = '' } = note;
          const { id, alert, state, count } = alarm;
          return alarms.add({ time: isoTime(timeUs), stream: alert.stream, event, id, state, count, by, reason });
        }
        case 'alarmAct':
          // What it did stands in the steps of the alarms.
          return;
        case 'losses': {
          const { stream, timeUs, processedCount, mergedCount, lostCount, maskedCount, droppedCount } = note;
          const time = timeUs === null ? '' : isoTime(timeUs);
          const counts = { processed: processedCount, merged: mergedCount, lost: lostCount, masked: maskedCount };
          return losses.add({ stream, time, ...counts, dropped: JSON.stringify(droppedCount) });
        }
      }
    },
    close() {
      for (const entry of entries.values()) entry.close();
      for (const table of [permit, acts, alarms, losses]) table.write();
      file.close();
      return [path];
    },
  };
}

const childOf = (file: Group, name: string): Group => file.create_group(name);

const freeName = (name: string, taken: readonly string[]): string =>
  taken.map(nexusName).includes(name) ? freeName(`${name}_`, taken) : name;
