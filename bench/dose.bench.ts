import { runLanes } from './detection/lanes.ts';
import { assertedPart, damagePart } from './dose/damagePart.ts';
import { parseDoseOptions } from './dose/doseOptions.ts';

const options = parseDoseOptions(process.argv.slice(2));
const print = (line: string): void => {
  if (!options.isJson) console.log(line);
};
const isGiven = options.dataDir !== null;

const report = await runLanes(
  import.meta.url,
  {
    indicator: (say) => ({ indicator: damagePart('indicator', options, say) }),
    spectra: (say) => ({ spectra: damagePart('spectra', options, say) }),
    asserted: (say) => (isGiven ? {} : assertedPart(options, say)),
  },
  { alone: [], first: ['indicator'], second: ['spectra', 'asserted'] },
  options.only,
  print,
);
if (report !== null && options.isJson) {
  const { indicator, spectra, ...rest } = report as {
    readonly indicator?: ReturnType<typeof damagePart>;
    readonly spectra?: ReturnType<typeof damagePart>;
  };
  const { over, over20, efficiency, coverage } = (indicator ?? spectra)?.all.d05 ?? {};
  const levels = [...(indicator?.levels ?? []), ...(spectra?.levels ?? [])];
  const cells = [...(indicator?.cells ?? []), ...(spectra?.cells ?? [])];
  console.log(JSON.stringify({ over, over20, efficiency, coverage, levels, cells, ...rest }));
}
