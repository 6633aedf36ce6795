import { EXIT, parseArguments, wholeOption, type Command, type ParsedArguments } from '../command.ts';
import type { LoadedConfig } from '../../config/load.ts';
import { runMonitor } from '../runMonitor.ts';
import { loadFile } from './loadFile.ts';

/** Options shared by the commands that show the page. */
export const PAGE_OPTIONS = { 'no-page': { type: 'boolean' }, port: { type: 'string' } } as const;

/** The file with the port of the command line. */
export function withPort(loaded: LoadedConfig, values: ParsedArguments['values']): LoadedConfig {
  const port = wholeOption(values, 'port', 0, 65535);
  if (port === undefined) return loaded;
  return { ...loaded, config: { ...loaded.config, page: { ...loaded.config.page, port } } };
}

export const run: Command = {
  name: 'run',
  summary: 'watch the streams of a pipeline file, live',
  help: `operando run FILE [options]

Watches the streams of a pipeline file until they end or Ctrl-C. With a checkpoint in the
file, a restart continues where the last run ended.

  --no-page    without the live page
  --port N     port of the page, instead of the file's
  --fresh      begin anew, although there is a checkpoint
  --digest     print the SHA-256 of all readings, detections and alerts at the end

example
  operando run examples/xrd-heating.yaml`,
  async run(args, console) {
    const options = { ...PAGE_OPTIONS, fresh: { type: 'boolean' }, digest: { type: 'boolean' } } as const;
    const { values, positionals } = parseArguments(args, options, { least: 1, most: 1, names: 'FILE' });
    const { loaded, plan } = await loadFile(positionals[0] ?? '', console);
    const summary = await runMonitor(
      withPort(loaded, values),
      plan,
      {
        mode: 'live',
        speed: 1,
        startFresh: values['fresh'] === true,
        keepsCheckpoints: true,
        hasPage: values['no-page'] !== true,
        mayMovePort: false,
        holds: false,
        computesDigest: values['digest'] === true,
        comparedNodes: null,
      },
      console,
    );
    if (summary.digest !== null) console.out(`digest ${summary.digest}`);
    return EXIT.done;
  },
};
