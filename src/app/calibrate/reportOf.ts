import type { GraphPlan } from '../../config/plan.ts';
import { UsageError } from '../command.ts';
import { detectorsOf } from './detectors.ts';
import { judge } from './judge.ts';
import type { Observation } from './observe.ts';
import type { CalibrationReport } from './report.ts';
import type { Track } from './tracks.ts';

/** Frame periods by stream, microseconds: as declared, else as measured; null when neither. */
export type FramePeriods = ReadonlyMap<string, number | null>;

export const periodsOf = (plan: GraphPlan, observation: Observation | null): FramePeriods =>
  new Map(
    plan.streams.map(({ id, framePeriodUs }) => [id, framePeriodUs ?? observation?.frames.get(id)?.periodUs() ?? null]),
  );

/**
 * Judges every detector of a plan by what it said.
 *
 * @param wantedUs - time between false alarms to find thresholds for; null takes what each detector asks for.
 * @throws UsageError when a rate per time is wanted and the frame period is not known.
 */
export function reportOf(
  source: string,
  plan: GraphPlan,
  tracks: readonly Track[],
  observation: Observation | null,
  wantedUs: number | null,
): CalibrationReport {
  const periods = periodsOf(plan, observation);
  const isDeclared = (stream: string | undefined): boolean =>
    plan.streams.some(({ id, framePeriodUs }) => id === stream && framePeriodUs !== null);
  return {
    source,
    quiet: [...(observation?.frames ?? [])].map(([id, frames]) => ({
      id,
      frames: frames.count,
      framePeriodUs: periods.get(frames.last?.stream ?? id) ?? null,
      isPeriodDeclared: isDeclared(frames.last?.stream),
      dispersion: frames.dispersion(),
    })),
    verdicts: detectorsOf(plan).flatMap((node) => {
      const own = tracks.filter(({ detector }) => detector === node.id);
      return (own.length === 0 ? [emptyTrack(node.id, node.streams[0] ?? '')] : own).map((track) => {
        const framePeriodUs = periods.get(track.stream) ?? null;
        if (wantedUs !== null && framePeriodUs === null)
          throw new UsageError('--one-per needs the frame period: declare framePeriodMs of the stream');
        const wanted = wantedUs === null || framePeriodUs === null ? null : wantedUs / framePeriodUs;
        const canBeSet = 'threshold' in node.definition.config.shape;
        return { ...judge(node, track, wanted), framePeriodUs, canBeSet };
      });
    }),
  };
}

/** Of a detector that never judged a frame. */
const emptyTrack = (detector: string, stream: string): Track => ({
  detector,
  stream,
  statistics: [],
  thresholds: [],
  runs: [],
  detectionCount: 0,
});
