import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainError, MonitorError } from '../model/error.ts';
import { EXIT, UsageError, type Command } from './command.ts';
import { accept } from './commands/accept.ts';
import { calibrate } from './commands/calibrate.ts';
import { check } from './commands/check.ts';
import { demo } from './commands/demo.ts';
import { doctor } from './commands/doctor.ts';
import { explain } from './commands/explain.ts';
import { permit } from './commands/permit.ts';
import { replay } from './commands/replay.ts';
import { run } from './commands/run.ts';
import { simulate } from './commands/simulate.ts';
import { processConsole, type Console } from './console.ts';
import { nearest } from '../model/nearest.ts';
import { packageRoot } from './paths.ts';

export const commands: readonly Command[] = [
  run,
  replay,
  simulate,
  check,
  explain,
  calibrate,
  doctor,
  accept,
  permit,
  demo,
];

/** Runs one command line. Returns the exit code: 0 done, 1 failed, 2 wrongly called. */
export async function main(args: readonly string[], console: Console = processConsole()): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    console.out(overview());
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  if (name === '--version' || name === '-v') {
    console.out(version());
    return EXIT.done;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const meant = nearest(
      name,
      commands.map((candidate) => candidate.name),
    );
    console.err(
      `operando: there is no command '${name}'${meant === null ? '' : `, did you mean '${meant}'?`} (operando --help)`,
    );
    return EXIT.usage;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    console.out(command.help);
    return EXIT.done;
  }
  try {
    return await command.run(rest, console);
  } catch (error) {
    console.progress(null);
    if (error instanceof UsageError) {
      console.err(`operando ${name}: ${error.message} (operando ${name} --help)`);
      return EXIT.usage;
    }
    console.err(`operando ${name}: ${explainError(error)}`);
    // What is no MonitorError is a fault of the program: its place is wanted.
    if (!(error instanceof MonitorError) && error instanceof Error && error.stack !== undefined)
      console.err(error.stack);
    return EXIT.failed;
  }
}

function overview(): string {
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`);
  return `operando ${version()}: real-time monitor for operando experiments

usage: operando COMMAND [options]

${lines.join('\n')}

operando COMMAND --help tells more and shows an example.`;
}

function version(): string {
  const { version: text } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  return text;
}
