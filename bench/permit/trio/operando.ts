// The command line, from wherever this bench was compiled to: what is measured is what was compiled with it.
import { main } from '../../../src/app/cli.ts';

process.exitCode = await main(process.argv.slice(2));
