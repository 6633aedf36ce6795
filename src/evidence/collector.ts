import type { Alert } from '../model/alert.ts';
import type { Frame } from '../model/frame.ts';
import { channelCentres, fastAxis, sameLayout, type Layout } from '../model/layout.ts';
import type { Reading, Signal } from '../model/signal.ts';
import type { EvidenceBundle, EvidenceReading } from './bundle.ts';
import { createFrameHistory, type FrameHistory } from './frameHistory.ts';
import { addSum, binOf, residualOf, spectrumOf, sumOf, type SpectrumSum } from './spectrumSum.ts';

/** What is told of the run in every bundle. */
export type EvidenceOrigin = Pick<EvidenceBundle, 'run' | 'instrument' | 'modality' | 'configSha256' | 'versions'>;

/** Frames before the onset that are enough, and frames waited for after the alert. */
const FRAMES_BEFORE = 50;
const FRAMES_AFTER = 20;
/** Alerts whose frames after are still waited for; the oldest is ended early. */
const MOST_WAITING = 16;
const MOST_POINTS = 400;
const MOST_READINGS = 64;

/** Collects the evidence for every alert from the signals of a run, in their order. */
export interface EvidenceCollector {
  hear(signal: Signal, from: string): void;
  /** The run has ended: what is still waited for does not come. */
  end(): void;
}

interface Past {
  layout: Layout;
  history: FrameHistory;
  context: Readonly<Record<string, number>>;
}

interface Waiting {
  readonly alert: Alert;
  readonly readings: readonly EvidenceReading[];
  readonly context: Readonly<Record<string, number>>;
  readonly layout: Layout | null;
  readonly before: SpectrumSum | null;
  at: SpectrumSum | null;
  after: SpectrumSum | null;
}

/** @param found - takes each bundle when it is whole. */
export function createEvidenceCollector(
  origin: EvidenceOrigin,
  found: (bundle: EvidenceBundle) => void,
): EvidenceCollector {
  const pasts = new Map<string, Past>();
  const readings = new Map<string, Reading>();
  const statistics = new Map<string, [number, number, number | null][]>();
  let waiting: Waiting[] = [];

  function takeFrame(frame: Frame): void {
    const { stream, layout, context } = frame;
    let past = pasts.get(stream);
    if (past === undefined || !sameLayout(past.layout, layout)) {
      past = { layout, history: createFrameHistory(), context: {} };
      pasts.set(stream, past);
    }
    past.context = { ...context };
    past.history.add(frame);
    for (const entry of waiting) {
      if (entry.alert.stream !== stream || entry.layout !== past.layout || frame.seq <= entry.alert.seq) continue;
      const sum = sumOf(frame);
      if (entry.after === null) entry.after = sum;
      else addSum(entry.after, sum);
    }
    const whole = waiting.filter(({ after }) => after !== null && after.frameCount >= FRAMES_AFTER);
    if (whole.length > 0) waiting = waiting.filter((entry) => !whole.includes(entry));
    for (const entry of whole) finish(entry);
  }
  function takeReading(reading: Reading): void {
    const { stream, stage, name, timeUs, value } = reading;
    const key = `${stream}\n${stage}\n${name}`;
    readings.set(key, reading);
    if (name !== 'statistic') return;
    const points = statistics.get(`${stream}\n${stage}`) ?? [];
    statistics.set(`${stream}\n${stage}`, points);
    points.push([timeUs, value, readings.get(`${stream}\n${stage}\nthreshold`)?.value ?? null]);
    if (points.length > 2 * MOST_POINTS) points.splice(0, MOST_POINTS);
  }
  function takeAlert(alert: Alert): void {
    const past = pasts.get(alert.stream);
    const beganUs = Math.min(alert.onsetUs, alert.onsetIntervalUs?.[0] ?? alert.onsetUs);
    waiting.push({
      ...{ alert, readings: readingsOf(alert.stream), context: past?.context ?? {}, layout: past?.layout ?? null },
      before: past?.history.before(beganUs, FRAMES_BEFORE) ?? null,
      at: past?.history.between(alert.onsetUs, alert.timeUs) ?? null,
      after: null,
    });
    const oldest = waiting.length > MOST_WAITING ? waiting.shift() : undefined;
    if (oldest !== undefined) finish(oldest);
  }
  const readingsOf = (stream: string): EvidenceReading[] =>
    [...readings.values()]
      .filter((reading) => reading.stream === stream)
      .slice(0, MOST_READINGS)
      .map(({ stage, name, timeUs, value, standardError, unit, quality }) => ({
        ...{ stage, name, timeUs, value },
        ...(standardError === undefined ? {} : { standardError }),
        ...{ unit, quality },
      }));

  function finish({ alert, layout, before, at, after, context, readings: stood }: Waiting): void {
    const axis = layout === null ? null : fastAxis(layout);
    const later = after ?? at;
    found({
      ...{ format: 1, ...origin, alert },
      axis: { name: axis?.name ?? '', unit: axis?.unit ?? '', centres: centresOf(layout) },
      ...{ quantity: layout?.quantity ?? '', unit: layout?.unit ?? '' },
      channelsPerBin: layout === null ? 1 : binOf(layout.size),
      before: before && spectrumOf(before),
      at: at && spectrumOf(at),
      after: after && spectrumOf(after),
      residual: later !== null && before !== null ? residualOf(later, before) : null,
      statistics: alert.evidence.flatMap((stage) => {
        const points = statistics.get(`${alert.stream}\n${stage}`)?.slice(-MOST_POINTS);
        return points === undefined ? [] : [{ stage, points }];
      }),
      ...{ readings: stood, context },
    });
  }
  return {
    hear(signal, from) {
      if (signal.type === 'frame') {
        if (from === signal.stream) takeFrame(signal);
      } else if (signal.type === 'reading') takeReading(signal);
      else if (signal.type === 'alert' && signal.phase === 'raised') takeAlert(signal);
    },
    end() {
      for (const entry of waiting.splice(0)) finish(entry);
    },
  };
}

/** [bins], in the unit of the axis; of images, whose frames are longer than an axis, the number of the channel. */
function centresOf(layout: Layout | null): number[] {
  if (layout === null) return [];
  const perBin = binOf(layout.size);
  const centres = layout.axes.length === 1 ? channelCentres(fastAxis(layout)) : null;
  return Array.from({ length: Math.ceil(layout.size / perBin) }, (_, bin) => {
    const first = bin * perBin;
    const last = Math.min(layout.size, first + perBin) - 1;
    return centres === null ? 0.5 * (first + last) : 0.5 * (centres[first]! + centres[last]!);
  });
}
