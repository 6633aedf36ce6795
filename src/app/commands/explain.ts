import { explainPlan } from '../../config/explain.ts';
import { EXIT, parseArguments, type Command } from '../command.ts';
import { measuredPeriods } from '../measuredPeriods.ts';
import { loadFile } from './loadFile.ts';

export const explain: Command = {
  name: 'explain',
  summary: 'draw the graph of a pipeline file, with noise and false-alarm rates',
  help: `operando explain FILE [--recording DIR]

Draws what flows where: the types of the signals, the noise of the frames before and behind
each stage; how often each detector speaks on quiet data, in frames and in hours, and all of
them together; what each learns from and how far it looks back.

  --recording DIR  measure there the frame period of streams that declare none

example
  operando explain examples/xrd-heating.yaml`,
  async run(args, console) {
    const { values, positionals } = parseArguments(
      args,
      { recording: { type: 'string' } },
      { least: 1, most: 1, names: 'FILE' },
    );
    const { loaded, plan } = await loadFile(positionals[0] ?? '', console);
    const { recording } = values;
    const measured = typeof recording === 'string' ? measuredPeriods(recording) : undefined;
    console.out(explainPlan(plan, loaded, measured).trimEnd());
    return EXIT.done;
  },
};
