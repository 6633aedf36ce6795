import { z } from 'zod';
import { defineSource } from '../../src/model/defineAdapter.ts';
import { MonitorError } from '../../src/model/error.ts';
import type { MutableFrame } from '../../src/model/frame.ts';
import { createNoiseOverride } from '../../src/model/layout.ts';
import { openRecording } from '../../src/recording/reader.ts';
import type { Recording } from '../../src/recording/reader.ts';
import { hasRoom } from '../hasRoom.ts';

export default defineSource({
  name: 'recording',
  summary: 'Plays a recorded run: every frame with its context, as the pipeline saw it.',
  config: z.strictObject({
    directory: z.string().min(1).describe('The recording, relative to the pipeline file.'),
    stream: z.string().optional().describe('Which stream of it; left out, the one of the same name, or the only one.'),
  }),
  example: { directory: 'runs/example' },
  create: (config, setting) => ({
    name: 'recording',
    async run(outlet, signal) {
      const recording = openRecording(setting.resolvePath(config.directory));
      const stream = chosenStream(recording, config.stream, setting.stream);
      const start = setting.resumeAfter === null ? undefined : { timeUs: setting.resumeAfter.timeUs };
      const layoutOf = createNoiseOverride(setting.noise);
      let lastSeq = -1;
      let lastTimeUs = -1;
      const items = recording.items(start, ({ kind, detail }) =>
        kind === 'damaged' ? outlet.reject({ reason: 'garbage', detail }) : outlet.report({ state: 'ok', detail }),
      );
      for (const item of items) {
        // After a restart the frames since the checkpoint were recorded a second time.
        if (item.type !== 'frame' || item.stream !== stream) continue;
        if (item.seq <= lastSeq && item.timeUs <= lastTimeUs) continue;
        lastSeq = item.seq;
        lastTimeUs = item.timeUs;
        const frame: MutableFrame = item;
        frame.stream = setting.stream;
        const layout = frame.layout;
        frame.layout = layoutOf(layout);
        outlet.next(frame);
        frame.layout = layout;
        if (!(await hasRoom(outlet, signal))) return;
      }
    },
  }),
});

function chosenStream(recording: Recording, asked: string | undefined, own: string): string {
  const streams = Object.keys(recording.extent());
  const found =
    streams.find((stream) => stream === (asked ?? own)) ??
    (asked === undefined && streams.length === 1 ? streams[0] : undefined);
  if (found === undefined)
    throw new MonitorError(
      'ADAPTER',
      `the recording has no stream '${asked ?? own}', but ${streams.length === 0 ? 'none at all' : streams.join(', ')}`,
      { id: own, path: recording.directory },
    );
  return found;
}
