import { explainPlan } from '../../config/explain.ts';
import { EXIT, parseArguments, type Command } from '../command.ts';
import { loadFile } from './loadFile.ts';

export const explain: Command = {
  name: 'explain',
  summary: 'draw the graph of a pipeline file, with noise and false-alarm rates',
  help: `operando explain FILE

Draws what flows where: the types of the signals, the noise of the frames before and behind
each stage, how often each detector speaks on quiet data, in frames and in hours.

example
  operando explain examples/xrd-heating.yaml`,
  async run(args, console) {
    const { positionals } = parseArguments(args, {}, { least: 1, most: 1, names: 'FILE' });
    const { loaded, plan } = await loadFile(positionals[0] ?? '', console);
    console.out(explainPlan(plan, loaded).trimEnd());
    return EXIT.done;
  },
};
