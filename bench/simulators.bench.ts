import { runLanes } from './detection/lanes.ts';
import { delayPart } from './simulators/delayPart.ts';
import { falseAlarmPart } from './simulators/falseAlarmPart.ts';
import { parseSimulatorBenchOptions } from './simulators/options.ts';
import { poissonPart } from './simulators/poissonPart.ts';
import { speedPart } from './simulators/speedPart.ts';
import { verdictPart } from './simulators/verdictPart.ts';

const options = parseSimulatorBenchOptions(process.argv.slice(2));
const print = (line: string): void => {
  if (!options.isJson) console.log(line);
};

const report = await runLanes(
  import.meta.url,
  {
    speed: (say) => speedPart(options, say),
    poisson: (say) => poissonPart(options, say),
    falseAlarms: (say) => falseAlarmPart(options, say),
    delays: (say) => delayPart(options, say),
    verdicts: (say) => verdictPart(options, say),
  },
  { alone: ['speed', 'poisson'], first: ['falseAlarms'], second: ['delays', 'verdicts'] },
  options.only,
  print,
);
if (report !== null && options.isJson) console.log(JSON.stringify({ channels: options.channels, ...report }));
