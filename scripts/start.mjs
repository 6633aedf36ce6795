// `npm start`: the demonstration, from a bare checkout.
import { checkNode, ensureBuilt, ensureInstalled } from './prepare.mjs';

checkNode();
ensureInstalled();
ensureBuilt();
const { main } = await import('../dist/src/app/cli.js');
process.exitCode = await main(['demo', ...process.argv.slice(2)]);
