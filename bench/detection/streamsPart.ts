import { COMPARED_DETECTOR, chooseDetector, type DetectorChoice } from './detector.ts';
import type { DetectionOptions } from './options.ts';
import { scoreStream, summarise, type StreamScore, type StreamsReport } from './scoreStreams.ts';
import { readStreams, writtenStreams, type KnownStream } from './streamFile.ts';
import { makeStreams } from './streamPlans.ts';

const digits = (value: number | null, count: number): string => value?.toFixed(count) ?? 'none';

/** Every stream through the detector, and through the one it is compared with. */
export function streamsPart(
  choice: DetectorChoice,
  options: DetectionOptions,
  say: (line: string) => void,
): {
  streams: StreamsReport;
  compared: { detector: string; streams: StreamsReport } | null;
  eachStream: StreamScore[];
} {
  const rival = choice.kind === COMPARED_DETECTOR ? null : chooseDetector(COMPARED_DETECTOR);
  const scores: StreamScore[] = [];
  const rivals: StreamScore[] = [];
  say(`\nstreams: ${options.dataDir ?? `generated, seed ${options.seed}`}`);
  say('stream                               delay   bound   ratio   false alarms / frames   frames/s   state kB');
  for (const known of streamsOf(options)) {
    const score = scoreStream(known, choice);
    scores.push(score);
    say(lineOf(score));
    if (rival !== null) rivals.push(scoreStream(known, rival));
  }
  const streams = summarise(scores);
  say(`${choice.kind}: ${sentenceOf(streams)}`);
  const compared = rival === null ? null : { detector: rival.kind, streams: summarise(rivals) };
  if (compared !== null) say(`${compared.detector}: ${sentenceOf(compared.streams)}`);
  return { streams, compared, eachStream: scores };
}

function streamsOf({ dataDir, writeDir, seed, repeats }: DetectionOptions): Iterable<KnownStream> {
  if (dataDir !== null) return readStreams(dataDir);
  const made = makeStreams(seed, repeats);
  return writeDir === null ? made : writtenStreams(made, writeDir, seed);
}

function lineOf({ file, delay, bound, falseAlarms, nullFrames, framesPerSecond, stateBytes }: StreamScore): string {
  const ratio = delay === null || bound === null ? null : delay / bound;
  return [
    file.replace('.json', '').padEnd(34),
    (bound === null ? '' : digits(delay, 0)).padStart(8),
    (bound === null ? '' : String(bound)).padStart(7),
    (bound === null ? '' : digits(ratio, 2)).padStart(7),
    `${falseAlarms} / ${nullFrames}`.padStart(23),
    String(framesPerSecond).padStart(10),
    (stateBytes / 1000).toFixed(1).padStart(10),
  ].join(' ');
}

function sentenceOf(report: StreamsReport): string {
  const { changes, found, medianDelayOverBound, meanDelayOverBound, falseAlarms, nullFrames } = report;
  return [
    `${found} of ${changes} changes found`,
    `delay / bound median ${digits(medianDelayOverBound, 2)}, mean ${digits(meanDelayOverBound, 2)}`,
    `${falseAlarms} false alarms in ${nullFrames} frames`,
  ].join('; ');
}
