import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { codecs } from '../adapters/registry.ts';
import { readers } from '../adapters/readers/registry.ts';
import { runTarget, type TargetResult } from './fuzz/runTarget.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    inputs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
/** Codecs are fed so many times as often as readers, which go through a file. */
const CODEC_SHARE = 5;
const all = [
  ...codecs.map(({ name }) => ({ target: `codec ${name}`, share: CODEC_SHARE })),
  ...readers.map(({ name }) => ({ target: `reader ${name}`, share: 1 })),
];
const targets = all.filter(
  ({ target }) => values.only === undefined || values.only.split(',').some((part) => target.includes(part)),
);
const shares = targets.reduce((sum, { share }) => sum + share, 0);
const dataFolder = join(process.cwd(), process.env['OPERANDO_DATA'] ?? '../shared/data');
const say = (line: string): void => {
  if (values.json !== true) console.log(line);
};

let maxRssMiB = 0;
const sampler = setInterval(() => (maxRssMiB = Math.max(maxRssMiB, process.memoryUsage.rss() / 2 ** 20)), 50);
const byTarget: Record<string, TargetResult> = {};
say('target                    inputs  crashes    hangs   recognised     frames    refused');
for (const { target, share } of targets) {
  const count = Math.ceil((Number(values.inputs) * share) / shares);
  const result = await runTarget({ target, count, seed: Number(values.seed), dataFolder });
  byTarget[target] = result;
  const { inputs, crashes, hangs, recognised, frames, refused } = result;
  say(
    `${target.padEnd(24)} ${[inputs, crashes, hangs].map((n) => String(n).padStart(8)).join('')}   ${[recognised, frames, refused].map((n) => String(n).padStart(10)).join('')}`,
  );
  for (const finding of result.findings) console.error(`  ${finding}`);
}
clearInterval(sampler);
const total = (key: 'inputs' | 'crashes' | 'hangs'): number =>
  Object.values(byTarget).reduce((sum, result) => sum + result[key], 0);
const report = {
  inputs: total('inputs'),
  crashes: total('crashes'),
  hangs: total('hangs'),
  maxRssMiB: Math.round(maxRssMiB),
};
say(`${report.inputs} inputs, ${report.crashes} crashes, ${report.hangs} hangs, at most ${report.maxRssMiB} MiB`);
if (values.json === true) console.log(JSON.stringify({ ...report, targets: byTarget }));
process.exitCode = report.crashes + report.hangs > 0 ? 1 : 0;
