import { parsePermitOptions } from './permit/options.ts';
import { simulateProtocol } from './permit/protocol/simulate.ts';
import { faultRows, quantile, rounded, summarise } from './permit/summary.ts';
import { measureFrameToStop } from './permit/trio/frameToStop.ts';
import { runTrials } from './permit/trio/runTrials.ts';
import { LEASE_MS } from './permit/trio/trio.ts';

const options = parsePermitOptions(process.argv.slice(2));
const { seed, only, isJson } = options;
const print = (line: string): void => {
  if (!isJson) console.log(line);
};
const progress = (line: string): void => console.error(line);

const report: Record<string, unknown> = {};
let isBad = false;

if (only.includes('trials')) {
  const outcomes = await runTrials(options.trials, seed, ({ fault, isFailOpen, trouble }, count) => {
    if (isFailOpen || trouble !== '') progress(`${fault}: ${isFailOpen ? 'FAIL OPEN ' : ''}${trouble}`);
    if (count % 20 === 0) progress(`${count} of ${options.trials} trials`);
  });
  const summary = summarise(outcomes);
  Object.assign(report, summary);
  isBad ||= summary.failOpen > 0 || summary.troubles.length > 0;
  print(
    `\n${summary.trials} trials with real processes, ${summary.failOpen} fail-open; lease ${LEASE_MS} ms; times in ms`,
  );
  print(
    'lapse: last renewal that counted, as passed on to the receiver, to closed; stop: fault to closed; borne: over before a lease',
  );
  for (const row of faultRows(summary)) print(row);
  if (summary.faults.diskFull === undefined) print('diskFull was left out: this user may not mount a file system');
  for (const trouble of summary.troubles) print(`not held: ${trouble}`);
  print(`lapse p50 ${summary.lapseMs.p50}, max ${summary.lapseMs.max} (target ${LEASE_MS + 100})`);
}

if (only.includes('frameToStop')) {
  const times = await measureFrameToStop(options.samples, seed, (count) => {
    if (count % 50 === 0) progress(`${count} of ${options.samples} frames to stop`);
  });
  const frameToStopMs = {
    p50: rounded(quantile(times, 0.5)),
    p99: rounded(quantile(times, 0.99)),
    p999: rounded(quantile(times, 0.999)),
    samples: times.length,
  };
  report['frameToStopMs'] = frameToStopMs;
  print(`\nframe to stop, collecting garbage, database away: ${JSON.stringify(frameToStopMs)} (target 50)`);
}

if (only.includes('simulation')) {
  const beganMs = performance.now();
  const { violations, ...simulation } = simulateProtocol(options.simulated, seed);
  report['simulation'] = simulation;
  isBad ||= violations.length > 0;
  const seconds = ((performance.now() - beganMs) / 1000).toFixed(0);
  print(`\n${simulation.trials} trials in virtual time (${seconds} s): ${JSON.stringify(simulation)}`);
  for (const { breach, atMs, plan, trace } of violations)
    progress(`${breach} at ${atMs.toFixed(1)} ms of ${JSON.stringify(plan)}\n${trace.join('\n')}`);
}

if (isJson) console.log(JSON.stringify(report));
process.exitCode = isBad ? 1 : 0;
