import { setImmediate as turn } from 'node:timers/promises';
import influx from '../../src/sinks/influx.ts';
import { listening, readingOf } from './points.ts';

/** Points between two flushes, about as many as a monitor makes in a second. */
const BURST = 200;

/**
 * The process that is killed: `writer URL DATABASE DIRECTORY FIRST COUNT`. Pushes points from FIRST on for ever and tells after every
 * flush how many are acknowledged; with a COUNT, ends when they are delivered.
 */
const [url, database, directory, first, count] = process.argv.slice(2) as [string, string, string, string, string];
const { setting, heard } = listening(directory);
const sink = influx.create(
  influx.config.parse({ url, database, batchWithin: '20 ms', spool: { directory: 'spool' }, flushWithin: '60 s' }),
  setting,
);

const end = count === undefined ? Infinity : Number(first) + Number(count);
let next = Number(first);
while (next < end) {
  for (const last = Math.min(end, next + BURST); next < last; next++) sink.write(readingOf(next), 'count');
  const isSafe = await sink.flush().then(
    () => true,
    () => false,
  );
  if (isSafe) process.send?.({ acknowledged: next, dropped: heard.dropped });
  await turn();
}
while (heard.state !== 'ok') await new Promise((resolve) => setTimeout(resolve, 20));
await sink.close();
process.send?.({ acknowledged: next, dropped: heard.dropped, waiting: heard.waiting }, () => process.disconnect());
