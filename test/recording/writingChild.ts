import { makeFrame } from '../../src/model/frame.ts';
import { spectrumLayout } from '../../src/model/layout.ts';
import { createRecordingWriter } from '../../src/recording/writer.ts';

const [directory, end = 'Infinity', first = '0'] = process.argv.slice(2);
if (directory === undefined) throw new Error('usage: writingChild DIRECTORY [END [FIRST]]');
const layout = spectrumLayout(
  { name: 'energy', unit: 'eV', coordinates: Float64Array.from({ length: 512 }, (_, i) => i) },
  { quantity: 'counts', unit: '1', noise: 'poisson' },
);
const say = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`);
const writer = createRecordingWriter({
  directory,
  header: { run: 'killed', instrument: 'xrd', modality: 'xrd', config: '', versions: {} },
  segmentBytes: 2 ** 20,
  report: ({ state, detail }) => say({ state, detail }),
});
const values = new Float64Array(512);
for (let seq = Number(first); seq < Number(end); seq++) {
  writer.writeFrame(
    makeFrame({ stream: 'xrd', seq, timeUs: seq * 1000, exposureUs: 900, layout, values: values.fill(seq) }),
  );
  if (seq % 100 !== 99) continue;
  try {
    await writer.flush();
    say({ safe: seq });
  } catch {
    say({ lost: seq });
  }
}
await writer.close();
