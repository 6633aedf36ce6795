import { alignmentPart } from './signal/alignmentPart.ts';
import { backgroundsPart } from './signal/backgroundsPart.ts';
import { peaksPart } from './signal/peaksPart.ts';

const isJson = process.argv.includes('--json');
const result: Record<string, { readonly spectraPerSecond: number }> = {};
if (!isJson) console.log(`${'spectra of 2048 channels'.padEnd(44)}per second, one core`);
for (const part of [backgroundsPart, peaksPart, alignmentPart])
  for (const [method, { spectraPerSecond }] of Object.entries(part())) {
    result[method] = { spectraPerSecond: Math.round(spectraPerSecond) };
    if (!isJson) console.log(`${method.padEnd(44)}${Math.round(spectraPerSecond)}`);
  }
if (isJson) console.log(JSON.stringify(result));
