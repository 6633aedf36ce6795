import hdf5 from '../../src/sinks/hdf5.ts';
import { frameAt, listeningSetting } from './signals.ts';

const [directory = ''] = process.argv.slice(2);
const sink = hdf5.create(
  hdf5.config.parse({ directory: '.', flushWithin: '60 s' }),
  listeningSetting(directory).setting,
);
for (let seq = 0; ; seq++) {
  sink.write(frameAt(seq, 64), 'xrd');
  if (seq % 50 !== 49) continue;
  await sink.flush();
  process.stdout.write(`${seq + 1}\n`);
}
