import { explainError } from '../../model/error.ts';
import { EXIT, parseArguments, type Command } from '../command.ts';
import { loadFile } from './loadFile.ts';

export const check: Command = {
  name: 'check',
  summary: 'find what is wrong with a pipeline file, before a frame flows',
  help: `operando check FILE...

Reads pipeline files and lists everything that is wrong: unknown names with the nearest known
one, wrong values with line and column, stages that get what they cannot take, orders that
make counts into something a Poisson test must not see. Exit code 1 when something is wrong.

example
  operando check examples/xrd-heating.yaml`,
  async run(args, console) {
    const { positionals } = parseArguments(args, {}, { least: 1, most: Infinity, names: 'FILE' });
    let code: number = EXIT.done;
    for (const path of positionals) {
      try {
        const { plan } = await loadFile(path, console);
        const counts = `${plan.streams.length} streams, ${plan.nodes.length} stages, ${plan.sinks.length} sinks`;
        console.out(`${path}: ok, ${counts}`);
      } catch (error) {
        console.err(explainError(error));
        code = EXIT.failed;
      }
    }
    return code;
  },
};
