// `npm run bench -- NAME [--json] [...]`: runs bench/NAME.bench.ts, compiled as the program is: a loader in between would be measured too.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkNode, ensureBenchesBuilt, ensureInstalled, root, run } from './prepare.mjs';

checkNode();
const [name, ...rest] = process.argv.slice(2);
const names = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length));
if (name === undefined || !existsSync(join(root, 'bench', `${name}.bench.ts`))) {
  console.error(`usage: npm run bench -- NAME [--json]\nNAME is one of: ${names.join(', ')}`);
  process.exit(2);
}
ensureInstalled();
ensureBenchesBuilt();
run(process.execPath, ['--expose-gc', join('dist/bench/bench', `${name}.bench.js`), ...rest]);
