import { chooseDetector, COMPARED_DETECTOR, DEFAULT_DETECTOR, hasDetector } from './detection/detector.ts';
import { parseDetectionOptions } from './detection/options.ts';
import { streamsPart } from './detection/streamsPart.ts';

const options = parseDetectionOptions(process.argv.slice(2));
const say = (line: string): void => {
  if (!options.isJson) console.log(line);
};

const usual = hasDetector(DEFAULT_DETECTOR) ? DEFAULT_DETECTOR : COMPARED_DETECTOR;
const choice = chooseDetector(options.use ?? usual, options.settings);
say(`detector: ${choice.kind} ${JSON.stringify(choice.settings)}`);

const report = { detector: choice.kind, ...streamsPart(choice, options, say) };
if (options.isJson) console.log(JSON.stringify(report));
