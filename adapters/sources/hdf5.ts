import { defineSource } from '../../src/model/defineAdapter.ts';
import { blankFrame } from '../../src/model/frame.ts';
import { hasRoom } from '../hasRoom.ts';
import { openStack } from '../hdf5/declaredStack.ts';
import { followStack } from '../hdf5/followStack.ts';
import { openHdf5 } from '../hdf5/openHdf5.ts';
import { stackSettings } from '../hdf5/stackSettings.ts';

export default defineSource({
  name: 'hdf5',
  summary:
    'Plays a stack of spectra from an HDF5 or NeXus file, block by block; also from one that is still written (SWMR).',
  config: stackSettings,
  example: {
    file: 'scan.nxs',
    data: 'entry/data/intensity',
    axes: [{ path: 'entry/data/energy', name: 'energy', unit: 'eV' }],
  },
  create: (settings, setting) => ({
    name: 'hdf5',
    async run(outlet, signal) {
      if (settings.follow) return followStack(settings, setting, outlet, signal);
      const file = await openHdf5(setting.resolvePath(settings.file), setting.stream, settings.sourceNote);
      try {
        const stack = openStack(file, settings, setting);
        const frame = blankFrame(stack.layout, false);
        frame.stream = setting.stream;
        for (let seq = 1 + (setting.resumeAfter?.seq ?? -1); seq < stack.count; seq++) {
          stack.fill(frame, seq);
          stack.slow(frame, (sample) => outlet.next(sample));
          outlet.next(frame);
          if (!(await hasRoom(outlet, signal))) return;
        }
      } finally {
        file.close();
      }
    },
  }),
});
