import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, numberOption, parseArguments, UsageError, wholeOption, type Command } from '../command.ts';
import { importFiles } from '../importFiles.ts';
import { namedFiles } from '../inspect/openInput.ts';

export const importCommand: Command = {
  name: 'import',
  summary: 'make a recording of measured files',
  help: `operando import FILE... --out DIR [options]

Makes a recording of files of any format that is read, one stream per series, slow signals
included. The files follow each other. The recording holds a pipeline file without stages;
operando replay DIR --config FILE plays it through another.

  --out DIR      where to; made when absent
  --series NAME  only this series
  --slow FILE    further file with slow signals (.mpt, a log); may be given several times
  --start TIME   time of the first spectrum, for files without a clock, as 2024-05-01T12:00:00Z
  --period S     seconds from one spectrum to the next, for files without a clock (default 1)
  --exposure S   live time of a spectrum, instead of that of the file
  --frames N     import no more spectra of each series
  --config FILE  pipeline file to keep with it

examples
  operando import heating.xrdml --out runs/heating
  operando import 'cycle/*.dat' --slow cycle.mpt --out runs/cycle`,
  async run(args, console) {
    const options = {
      out: { type: 'string' },
      series: { type: 'string' },
      slow: { type: 'string', multiple: true },
      start: { type: 'string' },
      period: { type: 'string' },
      exposure: { type: 'string' },
      frames: { type: 'string' },
      config: { type: 'string' },
    } as const;
    const { values, positionals } = parseArguments(args, options, { least: 1, most: Infinity, names: 'FILE' });
    const text = (name: string): string | null => (typeof values[name] === 'string' ? values[name] : null);
    const directory = text('out');
    if (directory === null) throw new UsageError('--out DIR is missing');
    if (existsSync(join(directory, '000001.seg'))) throw new UsageError(`there is a recording in ${directory} already`);
    const start = text('start');
    if (start !== null && !/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(start))
      throw new UsageError(`--start expects a time as 2024-05-01T12:00:00Z, got '${start}'`);
    const slow = values['slow'];
    const config = text('config');
    const period = numberOption(values, 'period', 1e-6);
    const exposure = numberOption(values, 'exposure', 1e-6);
    const done = await importFiles({
      paths: namedFiles(positionals, 'import'),
      directory,
      series: text('series'),
      slow: Array.isArray(slow) ? slow.map(String) : [],
      start,
      periodUs: period === undefined ? null : period * 1e6,
      exposureMs: exposure === undefined ? null : exposure * 1e3,
      mostFrames: wholeOption(values, 'frames', 1) ?? Infinity,
      configText: config === null ? null : readFileSync(config, 'utf8'),
      tell: (line) => console.err(line),
      progress: (line) => console.progress(line),
      interrupted: console.interrupted,
    });
    console.progress(null);
    for (const { stream, frameCount, rejectedCount } of done) {
      const rejected = rejectedCount === 0 ? '' : `, ${rejectedCount} cannot be used`;
      console.out(`${stream}: ${frameCount} spectra in ${directory}${rejected}`);
    }
    if (!done.some(({ frameCount }) => frameCount > 0)) return EXIT.failed;
    console.out(`operando replay ${directory} plays them`);
    return EXIT.done;
  },
};
