import type { BeamHistory, ConditionSource, Judgement } from './conditions.ts';
import { spanOf } from './conditions.ts';

export interface FreshnessSetting {
  /** Streams of frames, and nodes whose readings the permit rests on; each must be heard. */
  readonly sources: readonly { readonly id: string; readonly limitMs: number }[];
  /** The detector is silent without beam: before arming nothing is demanded, and after it the first frame has the whole limit to come. */
  readonly framesNeedBeam: boolean;
}

/** Whether what comes in is new: a stage that runs but says nothing, and a stream of empty frames, are as good as none. */
export interface Freshness extends ConditionSource {
  /** @returns whether it is one of the sources. */
  heard(id: string, nowMs: number): boolean;
}

export function createFreshness({ sources, framesNeedBeam }: FreshnessSetting, beam: BeamHistory): Freshness {
  const lastMs = new Map<string, number>(sources.map(({ id }) => [id, Number.NaN]));

  const judgeOne = ({ id, limitMs }: FreshnessSetting['sources'][number], nowMs: number): Judgement => {
    const last = lastMs.get(id) ?? Number.NaN;
    const since = framesNeedBeam && beam.armedMs !== null && !(last > beam.armedMs) ? beam.armedMs : last;
    const ageMs = nowMs - since;
    const isExcused = framesNeedBeam && beam.armedMs === null;
    return {
      id: `fresh.${id}`,
      name: `${id} fresh`,
      isHeld: isExcused || ageMs <= limitMs,
      tell() {
        if (isExcused) return 'comes with the beam';
        const seen = Number.isNaN(last) ? 'nothing yet' : `last ${spanOf(nowMs - last)} ago`;
        return `${seen}, limit ${spanOf(limitMs)}`;
      },
      stopsAs: 'withheld',
    };
  };
  return {
    heard(id, nowMs) {
      if (!lastMs.has(id)) return false;
      lastMs.set(id, nowMs);
      return true;
    },
    judge: (nowMs) => sources.map((source) => judgeOne(source, nowMs)),
  };
}
