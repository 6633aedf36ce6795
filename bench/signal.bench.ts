import { alignmentPart } from './signal/alignmentPart.ts';
import { backgroundsPart } from './signal/backgroundsPart.ts';
import { coveragePart, tellCoverage } from './signal/coveragePart.ts';
import { measuredPeers, PUBLISHED_PEERS } from './signal/peers.ts';
import { peaksPart } from './signal/peaksPart.ts';

// `--coverage`: how often intervals hold the truth, instead of speed. `--peers PYTHON` names the interpreter that has the public implementations.
const isJson = process.argv.includes('--json');
if (process.argv.includes('--coverage')) {
  const coverage = coveragePart();
  if (isJson) console.log(JSON.stringify(coverage));
  else tellCoverage(coverage);
  process.exit(0);
}
const place = process.argv.indexOf('--peers');
const measured = place < 0 ? {} : measuredPeers(process.argv[place + 1] ?? 'python3');
const result: Record<string, { spectraPerSecond: number; peer: number | null; ratio: number | null }> = {};
if (!isJson) console.log(`${'spectra of 2048 channels'.padEnd(48)}per second, one core, and what a peer does`);
for (const part of [backgroundsPart, peaksPart, alignmentPart])
  for (const [method, { spectraPerSecond }] of Object.entries(part())) {
    const peer = measured[method] ?? PUBLISHED_PEERS[method];
    const ratio = peer === undefined ? null : spectraPerSecond / peer.spectraPerSecond;
    result[method] = {
      spectraPerSecond: Math.round(spectraPerSecond),
      peer: peer === undefined ? null : Math.round(peer.spectraPerSecond),
      ratio: ratio === null ? null : Math.round(10 * ratio) / 10,
    };
    if (isJson) continue;
    const origin = method in measured ? 'measured now' : 'published';
    const beside =
      peer === undefined
        ? ''
        : `${peer.name} ${Math.round(peer.spectraPerSecond)}, ${origin}: ${ratio!.toFixed(1)} times`;
    console.log(`${method.padEnd(48)}${String(Math.round(spectraPerSecond)).padEnd(10)}${beside}`);
  }
if (isJson) console.log(JSON.stringify(result));
