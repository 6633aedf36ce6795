import { explainError, MonitorError } from '../../model/error.ts';
import { EXIT, parseArguments, wholeOption, type Command } from '../command.ts';
import type { Console } from '../console.ts';
import { namedFiles, openInput } from '../inspect/openInput.ts';
import { asPattern, startingText } from '../inspect/startingConfig.ts';
import { surveyFile, type FileSurvey } from '../inspect/survey.ts';
import { surveyLine, surveyLines } from '../inspect/surveyText.ts';

const DEFAULT_FRAMES = 20_000;

/** What was found, or why nothing was. */
type Found = FileSurvey | { readonly path: string; readonly error: string };

export const inspect: Command = {
  name: 'inspect',
  summary: 'say what is inside a file, and how to begin with it',
  help: `operando inspect FILE... [options]

Says what is inside measured files of any format that is read, or a recording: series, axes,
values, how they scatter, times, slow signals, oddities; and prints a source to begin with.
Several files get a line each. A folder stands for its files, * and ? for parts of a name.

  --all         the details of each of several files
  --json        the same, for programs
  --frames N    look at no more spectra of each series (default ${DEFAULT_FRAMES})

examples
  operando inspect scan.wdf
  operando inspect 'runs/*.xrdml' --all`,
  async run(args, console) {
    const options = { all: { type: 'boolean' }, json: { type: 'boolean' }, frames: { type: 'string' } } as const;
    const { values, positionals } = parseArguments(args, options, { least: 1, most: Infinity, names: 'FILE' });
    const paths = namedFiles(positionals, 'inspect');
    const mostFrames = wholeOption(values, 'frames', 1) ?? DEFAULT_FRAMES;
    const found: Found[] = [];
    const isShort = paths.length > 1 && values['all'] !== true;
    for (const path of paths) {
      if (console.interrupted.aborted) break;
      console.progress(path);
      const one = await look(path, mostFrames);
      found.push(one);
      if (values['json'] !== true) tell(one, isShort, console);
    }
    console.progress(null);
    if (values['json'] === true) console.out(JSON.stringify(paths.length === 1 ? found[0] : found, null, 2));
    else tellStart(found, paths, console);
    return found.some((one) => 'series' in one) ? EXIT.done : EXIT.failed;
  },
};

async function look(path: string, mostFrames: number): Promise<Found> {
  try {
    const contents = await openInput(path, 'inspect');
    try {
      return await surveyFile(path, contents, mostFrames);
    } finally {
      contents.close();
    }
  } catch (error) {
    if (!(error instanceof MonitorError)) throw error;
    return { path, error: explainError(error) };
  }
}

function tell(found: Found, isShort: boolean, console: Console): void {
  if (!('series' in found)) console.err(found.error);
  else for (const line of isShort ? [surveyLine(found)] : surveyLines(found)) console.out(line);
}

/** A source of the files that are like the first one. */
function tellStart(found: readonly Found[], paths: readonly string[], console: Console): void {
  const first = found.find((one): one is FileSurvey => 'series' in one && one.series.length > 0);
  if (first === undefined) return;
  const alike = found.filter((one) => 'series' in one && one.format === first.format && one.series.length > 0);
  const files = alike.length === paths.length ? asPattern(paths) : alike.map(({ path }) => path);
  console.out('');
  console.out(startingText(first, files));
}
