import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { planGraph } from '../../config/graph.ts';
import type { GraphPlan } from '../../config/plan.ts';
import { parseDuration } from '../../model/duration.ts';
import { MonitorError } from '../../model/error.ts';
import { serialiseBaseline } from '../../model/baseline.ts';
import { baselineToWrite } from '../calibrate/baselineFile.ts';
import { bootstrap } from '../calibrate/bootstrap.ts';
import { detectingPart, detectorsOf } from '../calibrate/detectors.ts';
import { observe } from '../calibrate/observe.ts';
import { originsOf } from '../calibrate/origins.ts';
import { reportLines, type CalibrationReport } from '../calibrate/report.ts';
import { refine } from '../calibrate/refine.ts';
import type { Track } from '../calibrate/tracks.ts';
import { periodsOf, reportOf } from '../calibrate/reportOf.ts';
import { EXIT, parseArguments, UsageError, wholeOption, type Command } from '../command.ts';
import type { Console } from '../console.ts';
import { loadRecordedRun } from '../recordedRun.ts';
import { loadFile } from './loadFile.ts';

const DEFAULT_BOOTSTRAP_FRAMES = 10_000;

export const calibrate: Command = {
  name: 'calibrate',
  summary: 'turn a recording known to be quiet into thresholds, and say how sure they are',
  help: `operando calibrate FILE [options]

Runs quiet data through the detectors of a pipeline file: how often were they wrong, which
threshold would give the rate that was asked for, how far beyond the data that reaches.
Frames a detector learns from are not counted.

  --quiet DIR      the recording; otherwise the file sources of the pipeline file are taken
  --bootstrap N    N runs of Poisson frames drawn from the baseline: of the quiet data,
                   or of the baseline file the detectors have
  --frames N       look at no more frames; with --bootstrap, frames per run (default ${DEFAULT_BOOTSTRAP_FRAMES})
  --one-per SPAN   the rate to find thresholds for, as '8 h', instead of that of the file
  --out FILE       write the baseline, for the setting "baseline" of detectors
  --json           the numbers, for programs

examples
  operando calibrate examples/xrd-heating.yaml --quiet runs/quiet --out baseline.json
  operando calibrate examples/xrd-heating.yaml --quiet runs/quiet --bootstrap 20`,
  async run(args, console) {
    const options = {
      quiet: { type: 'string' },
      bootstrap: { type: 'string' },
      frames: { type: 'string' },
      'one-per': { type: 'string' },
      out: { type: 'string' },
      json: { type: 'boolean' },
    } as const;
    const { values, positionals } = parseArguments(args, options, { least: 1, most: 1, names: 'FILE' });
    const path = positionals[0] ?? '';
    const text = (name: string): string | null => (typeof values[name] === 'string' ? values[name] : null);
    const quiet = text('quiet');
    const out = text('out');
    const runs = wholeOption(values, 'bootstrap', 1);
    const most = wholeOption(values, 'frames', 10);
    const wantedUs = spanOption(text('one-per'));

    const loaded =
      quiet === null
        ? (await loadFile(path, console)).loaded
        : await loadRecordedRun(quiet, path, console.env, (file) => readFile(file, 'utf8'), false);
    const plan = detectingPart(planGraph(loaded.config));
    if (detectorsOf(plan).length === 0)
      throw new MonitorError('CONFIG', 'there is no detector in it, hence nothing to calibrate', { id: path, path });
    const sources = plan.streams.map(({ config }) => config.source?.use);
    const isFile = sources.every((use) => use !== undefined && use !== 'simulator');
    const holds = plan.nodes.some(({ id }) => loaded.assets[id]?.['baseline'] !== undefined);
    if (!isFile && !(holds && runs !== undefined))
      throw new UsageError('the streams do not come from files: name a recording known to be quiet with --quiet DIR');

    const limit = runs === undefined ? (most ?? Infinity) : Infinity;
    const observation = isFile ? await observe(loaded, plan, limit, console) : null;
    const source = quiet === null ? (isFile ? path : 'a baseline file') : `recording ${quiet}`;
    const frames = most ?? DEFAULT_BOOTSTRAP_FRAMES;
    const origins = runs === undefined ? [] : originsOf(plan, loaded.assets, observation);
    const draw = (from: GraphPlan): Promise<readonly Track[]> =>
      bootstrap(from, loaded.assets, origins, {
        runs: runs ?? 0,
        frames,
        framePeriodUs: [...periodsOf(plan, observation).values()].find((period) => period !== null) ?? 1e6,
        interrupted: console.interrupted,
        progress: (done) => console.progress(`${done} of ${runs} runs`),
      });
    const drawn = `${runs} runs of ${frames} Poisson frames drawn from ${observation === null ? '' : 'the baseline of '}${source}`;
    const described = runs === undefined ? source : drawn;
    const judged = (tracks: readonly Track[]) => reportOf(described, plan, tracks, observation, wantedUs);
    const first = runs === undefined ? (observation?.tracks ?? []) : await draw(plan);
    const report = await refine(plan, judged(first), async (changed) =>
      judged(runs === undefined ? (await observe(loaded, changed, limit, console)).tracks : await draw(changed)),
    );
    console.progress(null);
    if (out !== null) {
      if (observation === null) throw new UsageError('--out needs quiet data: name a recording with --quiet DIR');
      await writeFile(out, serialiseBaseline(baselineToWrite(plan, observation, `${source}, for ${path}`)));
    }
    tell(report, out, values['json'] === true, console);
    return EXIT.done;
  },
};

function spanOption(text: string | null): number | null {
  try {
    return text === null ? null : parseDuration(text);
  } catch (error) {
    throw new UsageError(`--one-per: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function tell(report: CalibrationReport, out: string | null, isJson: boolean, console: Console): void {
  // JSON has no infinity: no upper end is null.
  if (isJson) console.out(JSON.stringify({ ...report, baseline: out === null ? null : resolve(out) }, null, 2));
  else {
    for (const line of reportLines(report)) console.out(line);
    if (out !== null) console.out(`\nbaseline in ${out}: { baseline: ${out} } instead of learning`);
  }
}
