import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Seed } from './corpus.ts';

/** Small HDF5 files as NeXus and HyperSpy have them. @param folder - where they are made. */
export async function hdf5Seeds(folder: string): Promise<Seed[]> {
  const { File, ready } = await import('h5wasm/node');
  await ready;
  const made = (extension: string, fill: (file: InstanceType<typeof File>) => void): Seed => {
    const path = join(folder, `made.${extension}`);
    const file = new File(path, 'w');
    fill(file);
    file.close();
    return { extension, bytes: Uint8Array.from(readFileSync(path)) };
  };
  const values = Float64Array.from({ length: 5 * 32 }, (_, i) => (i * 7) % 50);
  const axis = Float64Array.from({ length: 32 }, (_, i) => 20 + i / 10);
  return [
    made('nxs', (file) => {
      file.create_attribute('NX_class', 'NXroot');
      file.create_attribute('default', 'entry');
      const entry = file.create_group('entry');
      entry.create_attribute('NX_class', 'NXentry');
      entry.create_attribute('default', 'data');
      entry.create_dataset({ name: 'start_time', data: '2026-01-01T00:00:00Z' });
      const data = entry.create_group('data');
      data.create_attribute('NX_class', 'NXdata');
      data.create_attribute('signal', 'data');
      data.create_attribute('axes', ['time', 'twoTheta']);
      data.create_dataset({ name: 'data', data: values, shape: [5, 32], maxshape: [null, 32], chunks: [2, 32] });
      data.create_dataset({ name: 'time', data: Float64Array.from([0, 1, 2, 3, 4]) }).create_attribute('units', 's');
      data.create_dataset({ name: 'twoTheta', data: axis }).create_attribute('units', 'deg');
    }),
    made('hspy', (file) => {
      file.create_attribute('file_format', 'HyperSpy');
      file.create_attribute('file_format_version', '3.3');
      const signal = file.create_group('Experiments').create_group('made');
      signal.create_dataset({ name: 'data', data: values, shape: [5, 32] });
      for (const [name, size, navigate] of [
        ['axis-0', 5, 1],
        ['axis-1', 32, 0],
      ] as const) {
        const group = signal.create_group(name);
        group.create_attribute('name', navigate ? 'x' : 'Energy');
        group.create_attribute('units', navigate ? 'um' : 'eV');
        group.create_attribute('scale', 0.5);
        group.create_attribute('offset', 1);
        group.create_attribute('size', size);
        group.create_attribute('navigate', navigate);
      }
      signal.create_group('metadata').create_group('Signal').create_attribute('signal_type', 'EELS');
    }),
  ];
}
