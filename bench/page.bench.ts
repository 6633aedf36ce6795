import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measurePage } from './page/measurePage.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Ten minutes. */
    full: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    channels: { type: 'string', default: '2048' },
    rate: { type: 'string', default: '20' },
    renderer: { type: 'string', default: 'auto' },
    /** With the graphics of this machine. */
    graphics: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    browser: { type: 'string', default: '/usr/bin/chromium' },
  },
});
if (!existsSync(values.browser)) {
  console.error(`${values.browser} is not there; say where a Chromium is: --browser PATH`);
  process.exit(2);
}
const seconds = Number(values.seconds ?? (values.full ? 600 : 60));
const result = await measurePage(process.cwd(), {
  executablePath: values.browser,
  channels: Number(values.channels),
  rate: Number(values.rate),
  seconds,
  renderer: values.renderer,
  hasGraphics: values.graphics,
  seed: Number(values.seed),
});
const { heapMiB, arrayMiB, ...rest } = result;
const after = seconds % 60 === 0 ? `after${seconds / 60}min` : `after${seconds}s`;
if (values.json) console.log(JSON.stringify({ ...rest, heapMiB, heapIs: ['start', after], arrayMiB }));
else {
  const { frameMs, pointerMs } = result;
  console.log(
    `${values.channels} channels, ${values.rate} rows/s, ${seconds} s, waterfall by ${result.renderer}, ${result.rows} rows`,
  );
  console.log(
    `frame ${frameMs.p50} ms (p95 ${frameMs.p95}, p99 ${frameMs.p99}), ${result.framesPerSecond} a second, ${result.cpuMs} ms of CPU each; pointer to pixel ${pointerMs.p50} ms (p95 ${pointerMs.p95})`,
  );
  console.log(
    `said to be stale ${result.reactionMs.stale} ms after the last frame (limit 1000), disconnected ${result.reactionMs.disconnected} ms after the cut`,
  );
  console.log(
    `first paint ${result.firstPaintMs} ms; heap ${heapMiB[0]} MiB, ${after} ${heapMiB[1]}; arrays ${arrayMiB[0]} and ${arrayMiB[1]} MiB; ${result.bundleKiB} KiB compressed`,
  );
}
