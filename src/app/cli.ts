import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainError, MonitorError } from '../model/error.ts';
import { EXIT, UsageError, type Command } from './command.ts';
import { processConsole, type Console } from './console.ts';
import { nearest } from '../model/nearest.ts';
import { packageRoot } from './paths.ts';

/** Each is loaded when it is called: a shutter need not wait for the whole monitor. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./commands/run.ts')).run,
  replay: async () => (await import('./commands/replay.ts')).replay,
  simulate: async () => (await import('./commands/simulate.ts')).simulate,
  inspect: async () => (await import('./commands/inspect.ts')).inspect,
  import: async () => (await import('./commands/import.ts')).importCommand,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  report: async () => (await import('./commands/report.ts')).report,
  check: async () => (await import('./commands/check.ts')).check,
  explain: async () => (await import('./commands/explain.ts')).explain,
  calibrate: async () => (await import('./commands/calibrate.ts')).calibrate,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  notify: async () => (await import('./commands/notify.ts')).notify,
  accept: async () => (await import('./commands/accept.ts')).accept,
  alarms: async () => (await import('./commands/alarms.ts')).alarms,
  permit: async () => (await import('./commands/permit.ts')).permit,
  shutter: async () => (await import('./commands/shutter.ts')).shutter,
  token: async () => (await import('./commands/token.ts')).token,
  transfer: async () => (await import('./commands/transfer.ts')).transfer,
  dashboards: async () => (await import('./commands/dashboards.ts')).dashboards,
  demo: async () => (await import('./commands/demo.ts')).demo,
};

/** Runs one command line. Returns the exit code: 0 done, 1 failed, 2 wrongly called. */
export async function main(args: readonly string[], console: Console = processConsole()): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    console.out(await overview());
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  if (name === '--version' || name === '-v') {
    console.out(version());
    return EXIT.done;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    const meant = nearest(name, Object.keys(COMMANDS));
    console.err(
      `operando: there is no command '${name}'${meant === null ? '' : `, did you mean '${meant}'?`} (operando --help)`,
    );
    return EXIT.usage;
  }
  const command = await load();
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

async function overview(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(11)} ${summary}`);
  return `operando ${version()}: real-time monitor for operando experiments

usage: operando COMMAND [options]

${lines.join('\n')}

operando COMMAND --help tells more and shows an example.`;
}

function version(): string {
  const { version: text } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  return text;
}
