import { access, constants, statfs } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { GraphPlan } from '../../config/plan.ts';
import type { LoadedConfig } from '../../config/load.ts';
import { explainError } from '../../model/error.ts';
import { EXIT, parseArguments, type Command } from '../command.ts';
import type { Console } from '../console.ts';
import { listenTo } from '../listenTo.ts';
import { webRoot } from '../paths.ts';
import { withinMs } from '../withinMs.ts';
import { loadFile } from './loadFile.ts';

type Verdict = 'ok' | 'note' | 'BAD';

/** How long a server or a source may take to show that it is there. */
const PROBE_MS = 3000;

export const doctor: Command = {
  name: 'doctor',
  summary: 'see whether this machine, and the servers and files of a pipeline file, are ready',
  help: `operando doctor [FILE]

Looks at this machine (Node, disk, the built page), and, for a pipeline file, at its sources,
sinks and the port of its page. Exit code 1 when something that the file needs is not there.

example
  operando doctor examples/xrd-heating.yaml`,
  async run(args, console) {
    const { positionals } = parseArguments(args, {}, { least: 0, most: 1, names: 'FILE' });
    let isWell = true;
    const say = (verdict: Verdict, what: string): void => {
      console.out(`${verdict.padEnd(5)} ${what}`);
      if (verdict === 'BAD') isWell = false;
    };
    await examineMachine(say);
    const path = positionals[0];
    if (path !== undefined) {
      const { loaded, plan } = await loadFile(path, console);
      say('ok', `${path}: ${plan.streams.length} streams, ${plan.nodes.length} stages, ${plan.sinks.length} sinks`);
      await examineFile(loaded, plan, say, console);
    }
    return isWell ? EXIT.done : EXIT.failed;
  },
};

async function examineMachine(say: (verdict: Verdict, what: string) => void): Promise<void> {
  say('ok', `Node ${process.versions.node} on ${process.platform}-${process.arch}`);
  const { bavail, bsize } = await statfs('.');
  const freeGb = (bavail * bsize) / 1e9;
  say(freeGb < 1 ? 'note' : 'ok', `${freeGb.toFixed(1)} GB free on this disk`);
  say(
    existsSync(join(webRoot, 'index.html')) ? 'ok' : 'BAD',
    `page ${existsSync(webRoot) ? 'built' : 'not built: npm run build'}`,
  );
}

async function examineFile(
  loaded: LoadedConfig,
  plan: GraphPlan,
  say: (verdict: Verdict, what: string) => void,
  console: Console,
): Promise<void> {
  const { host, port } = loaded.config.page;
  const isFree = await portIsFree(host, port);
  say(isFree ? 'ok' : 'note', `page ${host}:${port} ${isFree ? 'is free' : 'is taken: another monitor? (--port N)'}`);
  await access(loaded.directory, constants.W_OK).then(
    () => say('ok', `${loaded.directory} can be written to`),
    () =>
      say('note', `${loaded.directory} cannot be written to: checkpoints and recordings with relative paths will fail`),
  );
  for (const sink of plan.sinks) {
    console.progress(`asking ${sink.id} ...`);
    if (sink.definition.probe === undefined) say('ok', `sink ${sink.id} (${sink.use}) needs no server`);
    else
      await withTimeout(sink.definition.probe(sink.with)).then(
        (sentence) => say('ok', `sink ${sink.id}: ${sentence}`),
        (error: unknown) => say('BAD', `sink ${sink.id}: ${explainError(error)}`),
      );
  }
  for (const stream of plan.streams) {
    console.progress(`listening to ${stream.id} ...`);
    const heard = takesFromOthers(stream) ? NOT_LISTENED_TO : await listenTo(stream, loaded.directory, PROBE_MS);
    say(heard.verdict, `stream ${stream.id}: ${heard.sentence}`);
  }
  console.progress(null);
}

type Stream = GraphPlan['streams'][number];

const NOT_LISTENED_TO = {
  verdict: 'note',
  sentence: 'is pulled, and not listened to: what is pulled here would be missing in a monitor that runs',
} as const;

/** A detector that pushes gives each message to one of its pullers only. */
const takesFromOthers = ({ config: { transport } }: Stream): boolean =>
  transport?.use === 'zmq' && transport.with.socket === 'pull' && transport.with.connect !== undefined;

async function withTimeout<T>(promise: Promise<T>): Promise<T> {
  const result = { value: undefined as T };
  await withinMs(
    PROBE_MS,
    promise.then((value) => void (result.value = value)),
  );
  return result.value;
}

function portIsFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
