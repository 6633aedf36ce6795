import type { AlarmStep } from '../model/alarm.ts';
import type { Alert } from '../model/alert.ts';
import { isOperatorAct } from '../model/operatorAct.ts';
import type { ActNote, LossNote, PermitNote } from '../model/runNote.ts';
import type { Reading } from '../model/signal.ts';
import type { RecordingFault, RecordingHeader } from '../recording/item.ts';
import type { Recording } from '../recording/reader.ts';
import { createSeries, type Series } from './series.ts';
import { createWaterfall, type WaterfallPicture } from './waterfall.ts';

/** A named curve of the run. */
export interface Curve {
  readonly stream: string;
  /** Id of the stage; '' of a slow signal. */
  readonly stage: string;
  readonly name: string;
  readonly unit: string;
  readonly series: Series;
  /** As last read; null of a slow signal. */
  last: Reading | null;
}

export interface StreamContents {
  readonly stream: string;
  readonly frameCount: number;
  readonly fromUs: number;
  readonly toUs: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly exposureUs: number;
  readonly waterfall: WaterfallPicture | null;
}

/** An alert from its first word to its last. */
export interface AlertStory {
  /** As raised. */
  readonly raised: Alert;
  /** As last told. */
  last: Alert;
}

/** A line of the permit's log, with the time of the last frame before it: the clocks of frames and of the machine may differ. */
export interface TimedPermit extends PermitNote {
  readonly frameUs: number;
}

/** What a report tells of a run. */
export interface RunContents {
  readonly header: RecordingHeader;
  readonly streams: readonly StreamContents[];
  /** In the order in which they were raised. */
  readonly alerts: readonly AlertStory[];
  readonly curves: readonly Curve[];
  readonly steps: readonly AlarmStep[];
  readonly acts: readonly ActNote[];
  readonly permits: readonly TimedPermit[];
  /** The last word of each stream. */
  readonly losses: readonly LossNote[];
  readonly faults: readonly RecordingFault[];
}

/** More curves than that are no report. */
const MOST_CURVES = 400;

/** Reads a recording once, from end to end. */
export function contentsOf(recording: Recording): RunContents {
  const extent = recording.extent();
  const waterfalls = new Map(Object.keys(extent).map((stream) => [stream, createWaterfall()]));
  const exposures = new Map<string, number>();
  const alerts = new Map<string, AlertStory>();
  const curves = new Map<string, Curve>();
  const losses = new Map<string, LossNote>();
  const steps = new Map<number, AlarmStep>();
  const acts = new Map<string, ActNote>();
  const permits: TimedPermit[] = [];
  let frameUs = NaN;
  const faults: RecordingFault[] = [];

  function curveOf(stream: string, stage: string, name: string, unit: string): Curve | null {
    const key = JSON.stringify([stream, stage, name]);
    const known = curves.get(key);
    if (known !== undefined) return known;
    if (curves.size >= MOST_CURVES) return null;
    const made: Curve = { stream, stage, name, unit, series: createSeries(), last: null };
    curves.set(key, made);
    return made;
  }
  const items = recording.items(undefined, (fault) => faults.push(fault), { once: true });
  const units = new Map<string, string>();
  for (const item of items) {
    switch (item.type) {
      case 'frame':
        frameUs = item.timeUs;
        waterfalls.get(item.stream)?.add(item);
        exposures.set(item.stream, (exposures.get(item.stream) ?? 0) + item.exposureUs);
        for (const [name, value] of Object.entries(item.context))
          if (!isOperatorAct(name)) curveOf(item.stream, '', name, '')?.series.add(item.timeUs, value);
        break;
      case 'slow':
        units.set(item.name, item.unit);
        break;
      case 'reading': {
        const curve = curveOf(item.stream, item.stage, item.name, item.unit);
        if (curve === null) break;
        if (item.quality === 'valid') curve.series.add(item.timeUs, item.value);
        curve.last = item;
        break;
      }
      case 'alert': {
        const story = alerts.get(item.id);
        if (story !== undefined) story.last = item;
        else if (item.phase === 'raised') alerts.set(item.id, { raised: item, last: item });
        break;
      }
      case 'alarm':
        steps.set(item.step, item);
        break;
      case 'act':
        acts.set(item.id, item);
        break;
      case 'permit':
        permits.push({ ...item, frameUs });
        break;
      case 'losses':
        losses.set(item.stream, item);
        break;
      case 'header':
      case 'detection':
      case 'alarmAct':
      case 'checkpoint':
        break;
    }
  }
  return {
    header: recording.header,
    streams: Object.entries(extent).map(([stream, { frameCount, firstSeq, lastSeq, firstTimeUs, lastTimeUs }]) => ({
      ...{ stream, frameCount, firstSeq, lastSeq, fromUs: firstTimeUs, toUs: lastTimeUs },
      exposureUs: exposures.get(stream) ?? 0,
      waterfall: waterfalls.get(stream)?.picture() ?? null,
    })),
    alerts: [...alerts.values()],
    curves: [...curves.values()]
      .filter(({ series }) => series.bins.length > 0)
      .map((curve) => (curve.stage === '' ? { ...curve, unit: units.get(curve.name) ?? '' } : curve)),
    steps: [...steps.values()],
    acts: [...acts.values()],
    permits,
    losses: [...losses.values()],
    faults,
  };
}
