import { readFile, writeFile } from 'node:fs/promises';
import { parseTable } from '../../../adapters/ascii/table.ts';
import { slopeBias } from '../../kernel/transfer/slopeBias.ts';
import { MonitorError } from '../../model/error.ts';
import { serialiseTransfer } from '../../model/transferFile.ts';
import { EXIT, numberOption, parseArguments, UsageError, wholeOption, type Command } from '../command.ts';
import type { Console } from '../console.ts';
import { learnTransfer } from '../transfer/learnTransfer.ts';
import { readStandards } from '../transfer/readStandards.ts';

const METHODS = ['pds', 'ds', 'slopeBias', 'coral'] as const;
const REGRESSIONS = ['pls', 'pcr', 'ridge'] as const;

export const transfer: Command = {
  name: 'transfer',
  summary: 'learn from standards what carries the spectra of one instrument over to another',
  help: `operando transfer --master PATH... --slave PATH... --out FILE [options]

Learns, from standards that both instruments measured, the map from the spectra of this one (the
slave) to what the other (the master) would have shown, for the stage transfer.apply. Each standard
is left out in turn to see how far it is missed.

  --master PATH     a standard as the master saw it; once per standard, in one order
  --slave PATH      the same as this instrument saw it. PATH is text, 'position value' per line,
                    a baseline, or a recording, whose frames are averaged
  --frames          every frame of a recording is a standard, paired by order
  --stream NAME     which stream of the recordings
  --axis NAME       of text files: name of the axis (default axis)
  --unit UNIT       and its unit, as frames have it (default 1)
  --method M        pds: each channel from a window of the slave (default); ds: from the whole
                    spectrum; slopeBias: one gain and offset; coral: mean and covariance, for
                    many spectra of one population
  --regression R    of pds: pls (default), pcr, ridge
  --half-window N   of pds: channels on either side (default 3); at least the shift of the axis
  --components N    of pls, pcr, ds; left out, what misses standards left out least
  --ridge X         of ridge, coral
  --out FILE        where the map goes
  --predictions FILE  instead: two columns, slave and master, of a reading of the same standards;
                    prints the settings of transfer.slopeBias

examples
  operando transfer --master a1.txt --slave b1.txt --master a2.txt --slave b2.txt \\
    --master a3.txt --slave b3.txt --unit cm-1 --out b-to-a.json
  operando transfer --predictions nickel.txt`,
  async run(args, console) {
    const many = { type: 'string', multiple: true } as const;
    const one = { type: 'string' } as const;
    const options = {
      ...{ master: many, slave: many, frames: { type: 'boolean' } as const, stream: one, axis: one, unit: one },
      ...{ method: one, regression: one, 'half-window': one, components: one, ridge: one, out: one, predictions: one },
    };
    const { values } = parseArguments(args, options, { least: 0, most: 0, names: '' });
    const text = (name: string): string | null => (typeof values[name] === 'string' ? values[name] : null);
    const list = (name: string): readonly string[] => (values[name] ?? []) as readonly string[];
    const predictions = text('predictions');
    if (predictions !== null) return tellLine(predictions, console);

    const method = oneOf('method', METHODS, text('method') ?? 'pds');
    const regression = oneOf('regression', REGRESSIONS, text('regression') ?? 'pls');
    const ridge = numberOption(values, 'ridge', Number.MIN_VALUE) ?? null;
    const halfWindow = wholeOption(values, 'half-window', 0) ?? 3;
    const components = wholeOption(values, 'components', 1) ?? null;
    const out = text('out');
    if (list('master').length === 0 || list('slave').length === 0 || out === null)
      throw new UsageError('--master, --slave and --out are needed');
    const how = {
      stream: text('stream'),
      eachFrame: values['frames'] === true,
      axis: { name: text('axis') ?? 'axis', unit: text('unit') ?? '1' },
    };
    const master = readStandards(list('master'), how, 'master');
    const slave = readStandards(list('slave'), how, 'slave');
    if (master.per !== slave.per)
      throw new MonitorError('CONFIG', `counts per ${slave.per}, the master per ${master.per}`, { id: 'slave' });
    const standards = { master: master.rows, slave: slave.rows };
    const { map, error, chosen } = learned(() =>
      learnTransfer(standards, { method, regression, halfWindow, components, ridge }),
    );
    const before = difference(master.rows, slave.rows);
    await writeFile(
      out,
      serialiseTransfer({
        method,
        slave: slave.axis,
        master: master.axis,
        map,
        error: error?.channels ?? null,
        per: slave.per,
        standards: slave.rows.length,
        madeFrom: `${chosen}; ${list('slave').join(', ')} to ${list('master').join(', ')}`,
      }),
    );
    console.out(`${chosen}: ${slave.rows.length} standards on ${slave.axis.centres.length} channels`);
    if (before !== null) console.out(`root mean square difference before  ${before.toPrecision(4)}`);
    console.out(
      `of standards left out in turn      ${error === null ? 'not known: it takes three' : error.rms.toPrecision(4)}`,
    );
    if (error !== null && before !== null && error.rms >= before)
      console.err('warning: that is no better than before; take more standards, or a simpler method');
    console.out(`\n{ use: transfer.apply, with: { file: ${out} } }`);
    return EXIT.done;
  },
};

function oneOf<const Choice extends string>(name: string, choices: readonly Choice[], got: string): Choice {
  const found = choices.find((choice) => choice === got);
  if (found === undefined) throw new UsageError(`--${name} expects ${choices.join(', ')}, got '${got}'`);
  return found;
}

/** @throws MonitorError in place of what the kernel refuses. */
function learned<Result>(learn: () => Result): Result {
  try {
    return learn();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new MonitorError('CONFIG', cause.message, { id: 'standards' }, { cause });
  }
}

/** Of the same standards on both instruments; null when their channels differ in number, or the spectra are no pairs. */
function difference(master: readonly Float64Array[], slave: readonly Float64Array[]): number | null {
  if (master.length !== slave.length || master[0]?.length !== slave[0]?.length) return null;
  const squares = master.map((row, k) => row.reduce((sum, value, i) => sum + (value - (slave[k]?.[i] ?? 0)) ** 2, 0));
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / (master.length * (master[0]?.length ?? 1)));
}

async function tellLine(path: string, console: Console): Promise<number> {
  const { slope, bias, scatter, pairs } = await learnLine(path);
  const rounded = (value: number): number => Number(value.toPrecision(6));
  console.out(
    `${pairs} pairs, ${scatter === null ? 'too few to know the scatter' : `scatter ${scatter.toPrecision(3)}`}`,
  );
  const error = scatter === null ? '' : `, scatter: ${rounded(scatter)}`;
  console.out(
    `{ use: transfer.slopeBias, with: { reading: NAME, slope: ${rounded(slope)}, bias: ${rounded(bias)}${error} } }`,
  );
  return EXIT.done;
}

async function learnLine(path: string) {
  try {
    const lines = (await readFile(path, 'utf8')).split(/\r?\n/);
    const { columns } = parseTable(lines, [0, 1], { decimal: '.', delimiter: 'auto', comment: '#' }, path);
    return slopeBias(columns[0] ?? new Float64Array(), columns[1] ?? new Float64Array());
  } catch (cause) {
    throw new MonitorError(
      'CONFIG',
      cause instanceof Error ? cause.message : String(cause),
      { id: '--predictions', path },
      { cause },
    );
  }
}
