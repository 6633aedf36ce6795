import { placeEdge } from '../../kernel/normalisation/edgeStep.ts';
import type { EdgeStepWork } from '../../kernel/normalisation/edgeStepWork.ts';
import { findEdge } from '../../kernel/normalisation/findEdge.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { MonitorError } from '../../model/error.ts';
import { frozenReference, type ReferenceState } from '../alignment/frozenReference.ts';

/** What places the windows around an edge. */
export interface EdgeWindows {
  readonly id: string;
  readonly config: {
    readonly preEdge: readonly [from: number, to: number];
    readonly postEdge: readonly [from: number, to: number];
    readonly order: number;
  };
  /** [n] channel centres. */
  readonly centres: Float64Array;
  readonly unit: string;
  /** [n] energies of the frame, its drift added. */
  readonly energies: Float64Array;
  readonly model: EdgeStepWork;
  /** Where the windows were placed last, and the channels between them. */
  readonly place: { edge: number; axisShift: number; isCovered: boolean; between: [first: number, end: number] };
}

/**
 * Places the windows around an edge, where the drift of a frame has it.
 *
 * @returns whether the axis still covers them.
 * @throws MonitorError naming stage and window, when it does not without any drift.
 */
export function moveEdge(windows: EdgeWindows, edge: number, axisShift: number): boolean {
  const { id, config, centres, unit, energies, model, place } = windows;
  if (place.edge === edge && place.axisShift === axisShift) return place.isCovered;
  const n = centres.length;
  for (let i = 0; i < n; i++) energies[i] = centres[i]! + axisShift;
  const channels = ([from, to]: readonly [number, number]): readonly [number, number] => {
    const first = energies.findIndex((energy) => energy >= edge + from);
    return first < 0 ? [n, n] : [first, energies.findLastIndex((energy) => energy <= edge + to) + 1];
  };
  const [pre, post] = [channels(config.preEdge), channels(config.postEdge)];
  place.edge = edge;
  place.axisShift = axisShift;
  place.between = [pre[1], post[0]];
  try {
    placeEdge({ energies, edge, pre, post, order: config.order }, model);
    place.isCovered = true;
  } catch (error) {
    if (!isRefusal(error, 'TooShort')) throw error;
    place.isCovered = false;
    if (axisShift === 0)
      throw new MonitorError(
        'STAGE',
        `${error.message} around the edge at ${edge}: the axis covers ${centres[0]} to ${centres[n - 1]} ${unit}`,
        { id },
        { cause: error },
      );
  }
  return place.isCovered;
}

/** The edge of the mean of the first frames. @throws MonitorError when there is none. */
export function learnedEdge({ id, centres }: EdgeWindows, state: ReferenceState): number {
  try {
    return findEdge(centres, frozenReference(null, state)) + state.axisShift;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new MonitorError('STAGE', `${error.message}; or name the edge`, { id }, { cause: error });
  }
}

/** The energy at which a normalised spectrum first passes 0.5 between the windows, by a straight line; null when it does not. */
export function halfStepEnergy(
  normalised: Float64Array,
  variances: Float64Array | undefined,
  { energies, place: { between } }: EdgeWindows,
): { readonly energy: number; readonly standardError: number | undefined } | null {
  for (let i = Math.max(1, between[0]); i < Math.min(between[1] + 1, normalised.length); i++) {
    const [low, high] = [normalised[i - 1]!, normalised[i]!];
    if (!(low < 0.5 && high >= 0.5)) continue;
    const share = (0.5 - low) / (high - low);
    const width = energies[i]! - energies[i - 1]!;
    const variance = variances === undefined ? NaN : (1 - share) ** 2 * variances[i - 1]! + share ** 2 * variances[i]!;
    const standardError = (Math.sqrt(variance) * width) / (high - low);
    return {
      energy: energies[i - 1]! + share * width,
      standardError: Number.isFinite(standardError) ? standardError : undefined,
    };
  }
  return null;
}
