import type { z } from 'zod';
import { createEvolutionWorkspace } from '../../kernel/change/evolutionState.ts';
import type { TrendJudgement } from '../../kernel/change/trend.ts';
import { createTurningSearch } from '../../kernel/change/turningSearch.ts';
import { turningRunLength, turningThreshold } from '../../kernel/change/turningThreshold.ts';
import { runLengthOf } from '../../model/duration.ts';
import { axisLength, channelCentres, fastAxis, type Layout } from '../../model/layout.ts';
import { TREND_NOISE, type trendSettings } from './trendSettings.ts';

/** What change.trend derives from its settings; of a reading there is no layout. */
export function prepareTrend({
  id,
  config,
  layout,
  framePeriodUs,
}: {
  readonly id: string;
  readonly config: z.output<typeof trendSettings>;
  readonly layout: Layout | undefined;
  readonly framePeriodUs: number | null;
}) {
  const { memory, reading } = config;
  const isReading = reading !== undefined;
  const frameLayout = isReading ? undefined : layout;
  const x = frameLayout === undefined ? new Float64Array(1) : channelCentres(fastAxis(frameLayout));
  if (frameLayout !== undefined && axisLength(fastAxis(frameLayout)) !== frameLayout.size)
    throw new RangeError(`takes one spectrum per frame, got ${frameLayout.axes.length} axes`);
  const ignore = frameLayout === undefined ? [] : [...new Set(config.ignore)];
  if (frameLayout !== undefined && x.length <= ignore.length)
    throw new RangeError(`${x.length} channels are not enough to ignore ${ignore.join(', ')}; watch a reading instead`);
  const noise = config.noise === 'auto' ? TREND_NOISE[layout?.noise ?? 'unknown'] : config.noise;
  const followed = isReading ? 'reading' : 'spectrum';
  const threshold =
    config.threshold ?? turningThreshold(memory, runLengthOf(config.falseAlarms, framePeriodUs), followed);
  const isKnown = noise === 'given' || (noise === 'counts' && !isReading);
  const judgement: TrendJudgement = { value: 0, standardError: 0, noise: { dispersion: 1, freedom: Infinity } };
  return {
    id,
    ...config,
    evolution: { x, memory, noise, ignore },
    threshold,
    judge: { isReading, isKnown },
    averageRunLength: turningRunLength(memory, threshold, followed),
    search: createTurningSearch(memory),
    room: createEvolutionWorkspace(x.length),
    judgement,
  };
}
