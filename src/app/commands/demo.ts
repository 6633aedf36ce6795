import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { listScenarios } from '../../../simulators/createSimulator.ts';
import { nearest } from '../../model/nearest.ts';
import { planGraph } from '../../config/graph.ts';
import { parseConfig, type LoadedConfig } from '../../config/load.ts';
import { EXIT, parseArguments, UsageError, wholeOption, type Command } from '../command.ts';
import { examplesRoot } from '../paths.ts';
import { historySink } from '../demoHistory.ts';
import { runMonitor } from '../runMonitor.ts';
import { PAGE_OPTIONS, withPort } from './run.ts';

const DEFAULT_SCENARIO = 'xrd-heating:event-in-drift';

export const demo: Command = {
  name: 'demo',
  summary: 'watch a simulated experiment (what npm start does)',
  help: `operando demo [options]

Simulates an experiment in real time and watches it with the example pipeline of its instrument:
by default XRD on heating, where a new phase appears while intensity and 2theta drift.

  --scenario NAME  instrument:scenario, see operando simulate --list
  --seed N         another course of the same experiment
  --frames N       end after so many frames
  --port N         port of the page, 4180 by default; the next free one when it is taken
  --no-page        without the live page
  --influx URL     also write the history to this InfluxDB, for the dashboards (operando dashboards)

examples
  npm start
  npm start -- --scenario eels-beam-damage:damage`,
  async run(args, console) {
    const options = {
      ...PAGE_OPTIONS,
      scenario: { type: 'string' },
      seed: { type: 'string' },
      frames: { type: 'string' },
      influx: { type: 'string' },
    } as const;
    const { values } = parseArguments(args, options, { least: 0, most: 0, names: '' });
    const scenario = typeof values['scenario'] === 'string' ? values['scenario'] : DEFAULT_SCENARIO;
    const entry = listScenarios().find(({ name }) => name === scenario);
    if (entry === undefined) {
      const meant = nearest(
        scenario,
        listScenarios().map(({ name }) => name),
      );
      throw new UsageError(
        `there is no scenario '${scenario}'${meant === null ? '' : `, did you mean '${meant}'?`} (operando simulate --list)`,
      );
    }
    const path = join(examplesRoot, `${entry.example}.yaml`);
    const document = parseDocument(await readFile(path, 'utf8'));
    const place = ['streams', entry.stream, 'source', 'with'];
    document.setIn([...place, 'scenario'], scenario);
    const seed = wholeOption(values, 'seed', 0);
    if (seed !== undefined) document.setIn([...place, 'seed'], seed);
    const frames = wholeOption(values, 'frames', 1);
    if (frames !== undefined) document.setIn([...place, 'frames'], frames);
    const parse = (): LoadedConfig => parseConfig(document.toString(), { path, env: console.env });
    if (typeof values['influx'] === 'string')
      document.addIn(['sinks'], historySink(planGraph(parse().config), values['influx']));
    const loaded = withPort(parse(), values);
    console.out(`${entry.name}: ${entry.summary}`);
    await runMonitor(
      loaded,
      planGraph(loaded.config),
      {
        mode: 'live',
        speed: 1,
        startFresh: true,
        keepsCheckpoints: false,
        hasPage: values['no-page'] !== true,
        mayMovePort: true,
        holds: false,
        computesDigest: false,
        comparedNodes: null,
      },
      console,
    );
    return EXIT.done;
  },
};
