import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureKills } from './delivery/kills.ts';
import { measureOutage } from './delivery/outage.ts';
import { measureRate } from './delivery/rate.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    kills: { type: 'string' },
    points: { type: 'string', default: '300000' },
    seed: { type: 'string', default: '1' },
  },
});
const kills = Number(values.kills ?? (values.full ? 1000 : 100));
const directory = mkdtempSync(join(tmpdir(), 'operando-delivery-'));
const print = (line: string): void => {
  if (!values.json) console.log(line);
};

try {
  const rate = await measureRate(directory, Number(values.points));
  const { library } = rate;
  print(
    `through the spool to influxd ${rate.pointsPerSecond} points/s (${rate.pointsPerCpuSecond} per CPU second); the library alone, ` +
      `batches of ${library.batch}: ${library.pointsPerSecond} (${library.pointsPerCpuSecond}); ratio ${rate.ratio} (${rate.cpuRatio})`,
  );
  const outage = await measureOutage(directory, 500_000);
  print(
    `an outage of ${outage.pushed} points, cap ${outage.capMiB} MiB (largest ${outage.largestMiB}): ${outage.shed} shed, ${outage.delivered} delivered, ${outage.unaccounted} unaccounted for; live again after ${outage.firstLiveSeconds} s, drained after ${outage.drainedSeconds} s`,
  );
  const killed = await measureKills(directory, kills, Number(values.seed), (done) => {
    if (done % 10 === 0) console.error(`${done} of ${kills} kills`);
  });
  print(
    `${killed.kills} kills of the writer, ${killed.serverKills} of the server: ${killed.acknowledged} points acknowledged, ${killed.lost} lost, ${killed.duplicatedAfterDedup} there twice`,
  );
  if (values.json) console.log(JSON.stringify({ ...killed, ...rate, outage }));
  process.exitCode = killed.lost > 0 || killed.duplicatedAfterDedup > 0 || outage.unaccounted !== 0 ? 1 : 0;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
