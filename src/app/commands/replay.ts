import { readFile, stat } from 'node:fs/promises';
import { planGraph } from '../../config/graph.ts';
import { parseConfig, type LoadedConfig } from '../../config/load.ts';
import { openRecording } from '../../recording/reader.ts';
import { digestOfRecordedAlarms } from '../alarmDigest.ts';
import { EXIT, parseArguments, speedOption, UsageError, type Command, type ParsedArguments } from '../command.ts';
import type { Console } from '../console.ts';
import { digestOfRecorded, loadRecordedRun } from '../recordedRun.ts';
import { ALL_TIMES, createRecordedFeed } from '../recordedFeed.ts';
import { windowOf } from '../replayWindow.ts';
import { runMonitor } from '../runMonitor.ts';
import { readChange, withChanges } from '../whatIf/changes.ts';
import { findFirstStop } from '../whatIf/firstStop.ts';
import { stopLines } from '../whatIf/report.ts';
import { loadFile } from './loadFile.ts';
import { PAGE_OPTIONS, withPort } from './run.ts';

const DEFAULT_SPEED = 10;

export const replay: Command = {
  name: 'replay',
  summary: 'play files or a recording through the live code, at any speed',
  help: `operando replay FILE.yaml | DIRECTORY [options]

Plays the file sources of a pipeline file, or a recorded run, through the same code as a live
run, on the same page. Nothing is written to sinks unless asked for. Ends with the SHA-256 of
all readings, detections and alerts; for a recorded run it says whether they are the recorded ones.

  --speed N     1 is real time; 10 by default; max is as fast as it goes
  --from PLACE  of a recording: begin at a time (2024-05-01T12:00:00Z), a frame number or a share (50%);
                its own settings go on from the last recorded checkpoint before, so that all is as in the
                whole run; other settings are played from the beginning, as fast as it goes
  --to PLACE    end before it
  --stream NAME whose frame numbers are meant
  --config FILE pipeline file to play a recording through, instead of its own
  --sinks       write to the sinks of the file
  --no-page     without the live page
  --port N      port of the page, instead of the file's
  --hold        keep the page after the last frame, until Ctrl-C
  --what-if STAGE.SETTING=VALUE
                only tell when the rules of the beam permit would have taken the beam off: as it was,
                and with this setting; may be given several times; as fast as it goes, without page

examples
  operando replay examples/perovskite.yaml --speed max
  operando replay runs/demo --speed 1
  operando replay runs/demo --from 50% --to 60% --speed max
  operando replay runs/demo --what-if dose.limit=2e6`,
  async run(args, console) {
    const options = {
      ...PAGE_OPTIONS,
      speed: { type: 'string' },
      config: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      stream: { type: 'string' },
      sinks: { type: 'boolean' },
      hold: { type: 'boolean' },
      'what-if': { type: 'string', multiple: true },
    } as const;
    const { values, positionals } = parseArguments(args, options, {
      least: 1,
      most: 1,
      names: 'FILE.yaml or DIRECTORY',
    });
    const path = positionals[0] ?? '';
    const speed = speedOption(values, DEFAULT_SPEED);
    const isRecording = (await stat(path).catch(() => null))?.isDirectory() === true;
    for (const name of ['config', 'from', 'to', 'stream'])
      if (!isRecording && values[name] !== undefined)
        throw new UsageError(`--${name} goes with the directory of a recording`);
    const loaded = withPort(await load(path, isRecording, values, console), values);
    const plan = planGraph(loaded.config);
    const asked = values['what-if'];
    if (Array.isArray(asked)) return tellStops(loaded, asked.map(String), console);
    const recording = isRecording ? openRecording(path) : null;
    const text = (name: string): string | undefined => (typeof values[name] === 'string' ? values[name] : undefined);
    const window = recording === null ? ALL_TIMES : windowOf(recording, text('from'), text('to'), text('stream'));
    const recorded = recording === null ? null : digestOfRecorded(recording, window);
    const summary = await runMonitor(
      loaded,
      values['sinks'] === true ? plan : { ...plan, sinks: [] },
      {
        mode: 'replay',
        speed,
        startFresh: true,
        keepsCheckpoints: false,
        hasPage: values['no-page'] !== true,
        mayMovePort: true,
        holds: values['hold'] === true || console.isTerminal,
        computesDigest: true,
        comparedNodes: recorded?.nodes ?? null,
        window,
        recorded:
          recording === null ? undefined : createRecordedFeed(recording, window, values['config'] === undefined),
      },
      console,
    );
    if (summary.digest !== null) console.out(`digest ${summary.digest}`);
    if (recorded === null || recorded.digest.count === 0) return EXIT.done;
    const alarms = recording === null ? null : digestOfRecordedAlarms(recording, window);
    const isSameLife = alarms === null || alarms.count === 0 || alarms.value() === summary.alarms.value();
    if (alarms !== null && alarms.count > 0)
      console.out(
        `life of the alarms ${isSameLife ? 'identical to' : 'differs from'} the recorded: ${alarms.count} steps`,
      );
    if (summary.comparedDigest === recorded.digest.value() && isSameLife) {
      console.out(`identical to the recorded run: ${recorded.digest.count} readings, detections and alerts`);
      return EXIT.done;
    }
    console.out(`differs from the recorded run (${recorded.digest.count} readings, detections and alerts)`);
    return values['config'] === undefined ? EXIT.failed : EXIT.done;
  },
};

/** Tells when the rules would have taken the beam off, as the file has them and as asked. */
async function tellStops(loaded: LoadedConfig, texts: readonly string[], console: Console): Promise<number> {
  const changes = texts.map(readChange);
  const { path, text } = loaded;
  const changed = parseConfig(withChanges(text, changes), { path, env: console.env });
  const title = `what if ${changes.map((change) => change.text).join(', ')}`;
  for (const [name, one] of [
    ['as it was', loaded],
    [title, changed],
  ] as const) {
    const run = await findFirstStop(one, planGraph(one.config), console.interrupted);
    for (const line of stopLines(name, run)) console.out(line);
  }
  return EXIT.done;
}

async function load(
  path: string,
  isRecording: boolean,
  values: ParsedArguments['values'],
  console: Console,
): Promise<LoadedConfig> {
  if (!isRecording) return (await loadFile(path, console)).loaded;
  const other = typeof values['config'] === 'string' ? values['config'] : null;
  return loadRecordedRun(path, other, console.env, (file) => readFile(file, 'utf8'), values['sinks'] === true);
}
