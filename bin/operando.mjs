#!/usr/bin/env node
import { checkNode, ensureBuilt, ensureInstalled } from '../scripts/prepare.mjs';

checkNode();
ensureInstalled();
ensureBuilt();
const { main } = await import('../dist/src/app/cli.js');
process.exitCode = await main(process.argv.slice(2));
