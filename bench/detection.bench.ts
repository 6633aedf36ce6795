import { chooseDetector, COMPARED_DETECTOR, DEFAULT_DETECTOR, hasDetector } from './detection/detector.ts';
import { runLanes } from './detection/lanes.ts';
import { parseDetectionOptions } from './detection/options.ts';
import { runLengthPart, type RunLengthReport } from './detection/runLengthPart.ts';
import { spectrumPart } from './detection/spectrumPart.ts';
import { speedPart, type SpeedReport } from './detection/speedPart.ts';
import { streamsPart } from './detection/streamsPart.ts';
import { trendPart } from './detection/trendPart.ts';
import { univariatePart, univariateSpeedPart } from './detection/univariatePart.ts';

const options = parseDetectionOptions(process.argv.slice(2));
const print = (line: string): void => {
  if (!options.isJson) console.log(line);
};

const usual = hasDetector(DEFAULT_DETECTOR) ? DEFAULT_DETECTOR : COMPARED_DETECTOR;
const choice = chooseDetector(options.use ?? usual, options.settings);

/** The plain row of the longest run length as the one number; all rows beside it. */
function runLengthKeys({ plain, drift, overDrifts }: RunLengthReport) {
  const { nominal, measured, standardError, alarms } = plain.filter(({ scale }) => scale === 1).at(-1)!;
  return { arl: { nominal, measured, standardError, alarms, plain, drift, overDrifts } };
}

/** The slower of the channel counts is the one number. */
function speedKeys(speed: SpeedReport) {
  const channelFramesPerSecond = Math.min(...Object.values(speed.channelFramesPerSecond));
  const { bytesPerTemplate, memoryFlat } = speed;
  return { channelFramesPerSecond, bytesPerTemplate, memoryFlat, speed };
}

const report = await runLanes(
  import.meta.url,
  {
    speed: (say) => speedKeys(speedPart(choice, options, say)),
    streams: (say) => streamsPart(choice, options, say),
    spectrum: (say) => spectrumPart(choice, options, say),
    arl: (say) => runLengthKeys(runLengthPart(choice, options, say)),
    univariateSpeed: univariateSpeedPart,
    univariate: (say) => univariatePart(options, say),
    trend: async (say) => ({ trend: await trendPart(say) }),
  },
  { alone: ['speed', 'univariateSpeed'], first: ['streams', 'spectrum', 'trend'], second: ['univariate', 'arl'] },
  options.only,
  print,
);
if (report !== null) {
  print(`\ndetector: ${choice.kind} ${JSON.stringify(choice.settings)}`);
  if (options.isJson) console.log(JSON.stringify({ detector: choice.kind, ...report }));
}
