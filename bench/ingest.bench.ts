import { parseArgs } from 'node:util';
import { measureRecording, measureSeek } from './ingest/recordingPart.ts';
import { measureTransport, PLANS, type IngestResult } from './ingest/transports.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    seconds: { type: 'string', default: '30' },
    channels: { type: 'string', default: '1024' },
    rate: { type: 'string', default: '10000' },
    only: { type: 'string', default: [...Object.keys(PLANS), 'recording', 'seek'].join(',') },
    'seek-frames': { type: 'string', default: '1000000' },
    'seek-channels': { type: 'string', default: '32' },
  },
});
const [seconds, channels, rate] = [values.seconds, values.channels, values.rate].map(Number) as [
  number,
  number,
  number,
];
const only = values.only.split(',');
const say = (line: string): void => {
  if (values.json !== true) console.log(line);
};

const transports: Record<string, IngestResult | { error: string }> = {};
say(`${channels} channels, ${rate} frames/s offered for ${seconds} s, the sender in a process of its own`);
say('transport       frames/s       sent    lost');
for (const [name, open] of Object.entries(PLANS)) {
  if (!only.includes(name)) continue;
  try {
    const plan = await open();
    if (plan === null) {
      say(`${name.padEnd(12)} left out: its server is not installed`);
      continue;
    }
    const result = await measureTransport(plan, channels, rate, seconds);
    transports[name] = result;
    const cells = [result.framesPerSecond, result.sent, result.lost].map((cell) => String(cell).padStart(10));
    say(`${name.padEnd(12)} ${cells.join(' ')}`);
  } catch (error) {
    transports[name] = { error: String(error) };
    process.exitCode = 1;
    say(`${name.padEnd(12)} ${String(error)}`);
  }
}
const report: Record<string, unknown> = { channels, seconds, transports };
if (only.includes('recording')) {
  const recording = await measureRecording(channels, Math.min(seconds, 10));
  report['recording'] = recording;
  say(
    `recording: ${recording.framesPerSecond} frames/s, ${recording.mebibytesPerSecond} MiB/s, ${recording.lost} lost`,
  );
}
if (only.includes('seek')) {
  const seek = await measureSeek(Number(values['seek-channels']), Number(values['seek-frames']), 40);
  report['seek'] = seek;
  say(
    `seek in ${seek.frames} frames of ${seek.channels} channels, opening included: p50 ${seek.p50Ms} ms, max ${seek.maxMs} ms`,
  );
}
if (values.json === true) console.log(JSON.stringify(report));
