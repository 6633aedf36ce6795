import { chooseDetector, COMPARED_DETECTOR, DEFAULT_DETECTOR, hasDetector } from './detection/detector.ts';
import { parseDetectionOptions } from './detection/options.ts';
import { runLengthPart, type RunLengthReport } from './detection/runLengthPart.ts';
import { spectrumPart } from './detection/spectrumPart.ts';
import { speedPart, type SpeedReport } from './detection/speedPart.ts';
import { streamsPart } from './detection/streamsPart.ts';
import { trendPart } from './detection/trendPart.ts';

const options = parseDetectionOptions(process.argv.slice(2));
const say = (line: string): void => {
  if (!options.isJson) console.log(line);
};

const usual = hasDetector(DEFAULT_DETECTOR) ? DEFAULT_DETECTOR : COMPARED_DETECTOR;
const choice = chooseDetector(options.use ?? usual, options.settings);
say(`detector: ${choice.kind} ${JSON.stringify(choice.settings)}`);

/** The part's numbers by their keys; nothing when it was not asked for. */
async function part<Report extends object>(
  name: string,
  measure: () => Report | Promise<Report>,
): Promise<Partial<Report>> {
  if (options.only.length > 0 && !options.only.includes(name)) return {};
  const startMs = performance.now();
  const report = await measure();
  say(`(${name}: ${((performance.now() - startMs) / 1000).toFixed(0)} s)`);
  return report;
}

/** The plain row of the longest run length first, as the one number; all rows beside it. */
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

const report = {
  detector: choice.kind,
  ...(await part('streams', () => streamsPart(choice, options, say))),
  ...(await part('spectrum', () => spectrumPart(choice, options, say))),
  ...(await part('arl', () => runLengthKeys(runLengthPart(choice, options, say)))),
  ...(await part('speed', () => speedKeys(speedPart(choice, options, say)))),
  ...(await part('trend', async () => ({ trend: await trendPart(say) }))),
};
if (options.isJson) console.log(JSON.stringify(report));
