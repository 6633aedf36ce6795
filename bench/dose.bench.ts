import { runLanes } from './detection/lanes.ts';
import { channelsPart } from './dose/channelsPart.ts';
import { assertedPart, damagePart } from './dose/damagePart.ts';
import { parseDoseOptions } from './dose/doseOptions.ts';
import { exposurePart } from './dose/exposurePart.ts';
import { floorPart } from './dose/floorPart.ts';
import { ledgerPart } from './dose/ledgerPart.ts';

const options = parseDoseOptions(process.argv.slice(2));
const print = (line: string): void => {
  if (!options.isJson) console.log(line);
};
/** Streams that were given are scored, and nothing else. */
const isGiven = options.dataDir !== null;
type Part = ReturnType<typeof damagePart>;

const report = await runLanes(
  import.meta.url,
  {
    indicator: (say) => ({ indicator: damagePart('indicator', options, say) }),
    spectra: (say) => ({ spectra: damagePart('spectra', options, say) }),
    asserted: (say) => assertedPart(options, say),
    ledger(say) {
      const ledger = ledgerPart();
      say(`\nledger: relative error ${ledger.relativeError.toExponential(1)} after ${ledger.charges.toExponential(0)}`);
      return { ledger };
    },
    channels(say) {
      const channels = channelsPart({ full: options.isFull });
      say(`\nchannels of dose: a ratio of 0 or 2 is found within ${channels.worstMedian} frames in the median`);
      return { channels };
    },
    exposure(say) {
      const exposure = exposurePart({ full: options.isFull });
      say(`\nexposure: ${JSON.stringify({ ...exposure, rows: exposure.rows.length })}`);
      return { exposure };
    },
    floor(say) {
      const floor = floorPart({ full: options.isFull });
      say(`\nfloor: found / printed ${floor.lowest.toFixed(2)} to ${floor.highest.toFixed(2)}`);
      return { floor };
    },
  },
  {
    alone: [],
    first: ['indicator'],
    second: ['spectra', ...(isGiven ? [] : ['asserted', 'channels', 'exposure', 'floor', 'ledger'])],
  },
  options.only,
  print,
);
if (report !== null && options.isJson) {
  const { indicator, spectra, ...rest } = report as { readonly indicator?: Part; readonly spectra?: Part };
  const parts = [indicator, spectra].filter((part) => part !== undefined);
  const { over, over20, efficiency, coverage } = parts[0]?.all.d05 ?? {};
  const levels = parts.flatMap((part) => part.levels);
  const cells = parts.flatMap((part) => part.cells);
  console.log(JSON.stringify({ over, over20, efficiency, coverage, levels, cells, ...rest }));
}
