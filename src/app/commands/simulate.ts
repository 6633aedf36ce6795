import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { broadcast } from '../../../simulators/broadcast.ts';
import { createSimulator, listScenarios } from '../../../simulators/createSimulator.ts';
import { nearest } from '../../model/nearest.ts';
import {
  EXIT,
  numberOption,
  parseArguments,
  UsageError,
  wholeOption,
  type Command,
  type ParsedArguments,
} from '../command.ts';
import type { Console } from '../console.ts';
import { examplesRoot } from '../paths.ts';
import { obeyText, runSimulatedInstrument } from '../shutter/simulatedInstrument.ts';
import { recordSimulation } from '../simulatedRecording.ts';

const DEFAULT_FRAMES = 1000;

export const simulate: Command = {
  name: 'simulate',
  summary: 'play a simulated experiment: to a recording, over MQTT, WebSocket or ZeroMQ',
  help: `operando simulate INSTRUMENT:SCENARIO [options]
operando simulate --list

Plays an experiment whose truth is known. The same name, seed and options give the same bytes.

  --list         what can be played
  --out DIR      write a recording, with truth.jsonl beside it
  --frames N     how many; ${DEFAULT_FRAMES} for a recording, without end for a broadcast (1e5 is a number too)
  --seed N       another course of the same experiment (default 1)
  --rate N       frames per second (default 10)
  --mqtt URL     broadcast in real time to a broker
  --site NAME    for the topics: operando/v1/SITE/INSTRUMENT/... (default demo)
  --ws PORT      broadcast in real time to whoever connects to this port of 127.0.0.1
  --zmq ADDRESS  publish in real time over ZeroMQ, from tcp://127.0.0.1:5555 for instance
  --push         with --zmq: each frame goes to one puller only, as from a detector
  --permit       with --mqtt: the shutter is closed but for the beam permit of a monitor, whose
                 permit.shutter is { use: mqtt, with: { url: URL, site: SITE } }

A broadcasting instrument obeys {"command":"exposure","seconds":0.05}, and beam, move, shutter and stop, on
cmd/exposure and from clients of its WebSocket.

examples
  operando simulate xrd-heating:drift-only --seed 7 --frames 1e4 --out runs/quiet
  operando simulate eels-beam-damage:damage --mqtt mqtt://localhost:1883 --rate 20
  operando simulate xrd-heating:event-in-drift --zmq tcp://127.0.0.1:5555`,
  async run(args, console) {
    const options = {
      list: { type: 'boolean' },
      out: { type: 'string' },
      frames: { type: 'string' },
      seed: { type: 'string' },
      rate: { type: 'string' },
      mqtt: { type: 'string' },
      site: { type: 'string' },
      ws: { type: 'string' },
      zmq: { type: 'string' },
      push: { type: 'boolean' },
      permit: { type: 'boolean' },
    } as const;
    const { values, positionals } = parseArguments(args, options, { least: 0, most: 1, names: 'INSTRUMENT:SCENARIO' });
    if (values['list'] === true) {
      for (const { name, summary, expected } of listScenarios())
        console.out(`${name.padEnd(34)} ${summary} (expected: ${expected})`);
      return EXIT.done;
    }
    const name = checkedName(positionals[0]);
    if (['out', 'mqtt', 'ws', 'zmq'].every((way) => values[way] === undefined))
      throw new UsageError('say where to: --out DIR, --mqtt URL, --ws PORT or --zmq ADDRESS');
    if (values['push'] === true && values['zmq'] === undefined)
      throw new UsageError('--push says how --zmq ADDRESS sends');
    if (values['permit'] === true && (values['mqtt'] === undefined || values['out'] !== undefined))
      throw new UsageError('--permit comes over a broker: it needs --mqtt URL, and no --out');
    return values['out'] === undefined
      ? overTheWire(name, values, console)
      : toDisk(name, String(values['out']), values, console);
  },
};

function checkedName(name: string | undefined): string {
  if (name === undefined) throw new UsageError('INSTRUMENT:SCENARIO is missing');
  const names = listScenarios().map((entry) => entry.name);
  if (names.includes(name)) return name;
  const meant = nearest(name, names);
  throw new UsageError(
    `there is no scenario '${name}'${meant === null ? '' : `, did you mean '${meant}'?`} (operando simulate --list)`,
  );
}

function zmqOption({ zmq, push }: ParsedArguments['values']) {
  if (zmq === undefined) return undefined;
  const address = String(zmq);
  if (!/^(tcp|ipc):\/\/./.test(address))
    throw new UsageError(`--zmq is '${address}', expected an address such as tcp://127.0.0.1:5555`);
  return { address, isPushed: push === true };
}

const simulatorFor = (name: string, values: ParsedArguments['values'], startUs: number | undefined) =>
  createSimulator(name, {
    seed: wholeOption(values, 'seed', 0),
    framesPerSecond: numberOption(values, 'rate', 1e-3, 1e5) ?? 10,
    startUs,
  });

async function toDisk(
  name: string,
  directory: string,
  values: ParsedArguments['values'],
  console: Console,
): Promise<number> {
  if (existsSync(join(directory, '000001.seg'))) throw new UsageError(`there is a recording in ${directory} already`);
  const frames = wholeOption(values, 'frames', 1) ?? DEFAULT_FRAMES;
  const entry = listScenarios().find((candidate) => candidate.name === name);
  const example = join(examplesRoot, `${entry?.instrument}.yaml`);
  const written = await recordSimulation({
    simulator: simulatorFor(name, values, undefined),
    frames,
    directory,
    configText: existsSync(example) ? readFileSync(example, 'utf8') : '',
    instrument: entry?.instrument ?? '',
    modality: entry?.stream ?? '',
    progress: (done) => console.progress(`${done} of ${frames} frames`),
    interrupted: console.interrupted,
  });
  console.progress(null);
  console.out(`${written} frames of ${name} in ${directory}, truth in ${join(directory, 'truth.jsonl')}`);
  console.out(`operando replay ${directory} plays them`);
  return EXIT.done;
}

async function overTheWire(name: string, values: ParsedArguments['values'], console: Console): Promise<number> {
  const entry = listScenarios().find((candidate) => candidate.name === name);
  const site = typeof values['site'] === 'string' ? values['site'] : 'demo';
  const url = typeof values['mqtt'] === 'string' ? values['mqtt'] : null;
  const instrument = entry?.instrument ?? '';
  const hasPermit = values['permit'] === true;
  const simulator = simulatorFor(name, values, Date.now() * 1000);
  const end = new AbortController();
  const leave = (): void => end.abort('the simulated instrument was stopped');
  console.interrupted.addEventListener('abort', leave, { once: true });
  if (console.interrupted.aborted) leave();
  const obeying =
    url === null
      ? Promise.resolve()
      : runSimulatedInstrument({ simulator, url, site, instrument, hasPermit, console, signal: end.signal });
  try {
    await broadcast(simulator, {
      frames: wholeOption(values, 'frames', 1) ?? Infinity,
      mqttUrl: url,
      site,
      instrument,
      webSocketPort: wholeOption(values, 'ws', 0, 65535) ?? null,
      zmq: zmqOption(values),
      hear: (text) => obeyText(simulator, text, hasPermit),
      say: console.out,
      progress: console.progress,
      signal: console.interrupted,
    });
  } finally {
    leave();
    await obeying;
  }
  return EXIT.done;
}
