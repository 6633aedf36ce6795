import { EXIT, parseArguments, type Command } from '../command.ts';
import { askMonitor, commander, MONITOR_HELP, MONITOR_OPTIONS } from '../postCommand.ts';

export const accept: Command = {
  name: 'accept',
  summary: 'tell a running monitor that the present state is the new reference',
  help: `operando accept [options]

The detectors of a running monitor forget their reference and learn the state that the next frames
show; open alerts are cleared with that reason. The act is recorded with the frames, so that a replay
does the same at the same frame. Prints the monitor's confirmation; exit code 1 without one.

${MONITOR_HELP}

example
  operando accept --by mk`,
  async run(args, console) {
    const { values } = parseArguments(args, MONITOR_OPTIONS, { least: 0, most: 0, names: '' });
    const { isDone, isAnswered, detail } = await askMonitor(
      '/api/v1/accept',
      { by: commander(values) },
      values,
      console,
    );
    if (isDone) console.out(detail);
    else console.err(isAnswered ? `not accepted: ${detail}` : detail);
    return isDone ? EXIT.done : EXIT.failed;
  },
};
