import type { Alert } from '../../model/alert.ts';
import type { Frame } from '../../model/frame.ts';
import { fastAxis } from '../../model/layout.ts';
import type { Detection, Reading, Signal } from '../../model/signal.ts';
import { foldOf, foldSpectrum, type Fold } from './foldSpectrum.ts';
import { safeName, type Point, type Series } from './point.ts';

/** Which frames leave a spectrum behind. */
export interface SpectrumChoice {
  /** Fields at most, 1 to 256. */
  readonly channels: number;
  /** Every n-th frame by its number; undefined leaves it to the period. */
  readonly every: number | undefined;
  /** At most one per this span of event time, microseconds. */
  readonly periodUs: number;
}

export interface PointMakerOptions {
  readonly run: string;
  readonly instrument: string;
  readonly modality: string;
  /** Null writes no spectra. */
  readonly spectrum: SpectrumChoice | null;
}

/**
 * Turns signals into points, copying what it needs. The same signals give the same points, so that writing
 * them again changes nothing: time stamps are those of the frames. Points of one series and time, which would
 * overwrite each other, are told apart by one microsecond each, in the order they came first.
 */
export function createPointMaker(options: PointMakerOptions, push: (point: Point) => void) {
  const { spectrum } = options;
  const known = new Map<string, Series>();
  const folds = new Map<string, Fold>();
  const slots = new Map<string, number>();
  const instants = new Map<Series, { timeUs: number; identities: string[] }>();

  function seriesOf(measurement: string, detector: string, stream: string, name = '', unit = ''): Series {
    const key = `${measurement}\n${detector}\n${stream}\n${name}\n${unit}`;
    let series = known.get(key);
    if (series === undefined) {
      const { instrument, modality, run } = options;
      const tags = { detector, instrument, modality, name, run, stream, unit };
      const filled = Object.entries(tags).filter(([, value]) => value !== '');
      series = { measurement, tags: Object.fromEntries(filled.map(([tag, value]) => [tag, safeName(value)])) };
      known.set(key, series);
    }
    return series;
  }

  function distinctTime(series: Series, timeUs: number, identity: string): number {
    let instant = instants.get(series);
    if (instant?.timeUs !== timeUs) {
      instant = { timeUs, identities: [] };
      instants.set(series, instant);
    }
    const place = instant.identities.indexOf(identity);
    return timeUs + (place >= 0 ? place : instant.identities.push(identity) - 1);
  }

  function isSpectrumDue(frame: Frame, from: string, { every, periodUs }: SpectrumChoice): boolean {
    if (every !== undefined) return frame.seq % every === 0;
    // Slots of event time, not distances from the last one: a replay from anywhere chooses the same frames.
    const slot = Math.floor(frame.timeUs / periodUs);
    if (slots.get(from) === slot) return false;
    slots.set(from, slot);
    return true;
  }

  function addSpectrum(frame: Frame, from: string, choice: SpectrumChoice): void {
    if (!isSpectrumDue(frame, from, choice)) return;
    const { stream, timeUs, layout } = frame;
    let fold = folds.get(from);
    if (fold?.layout !== layout) {
      fold = foldOf(layout, choice.channels);
      folds.set(from, fold);
      const axis = fastAxis(layout);
      const series = seriesOf('operando_axis', from, stream, axis.name, axis.unit);
      push({ series, timeUs, fields: {}, channels: fold.centres });
    }
    const series = seriesOf('operando_spectrum', from, stream, '', layout.unit);
    push({ series, timeUs, fields: { seq: frame.seq }, channels: foldSpectrum(frame, fold) });
  }

  function addFrame(frame: Frame, from: string): void {
    const { values, mask } = frame;
    let total = 0;
    let maskedCount = 0;
    for (let i = 0; i < values.length; i++)
      if (mask !== undefined && mask[i] === 1) maskedCount++;
      else total += values[i]!;
    const fields: Record<string, number> = {
      seq: frame.seq,
      counts_total: total,
      exposure_us: frame.exposureUs,
      unseen_exposure_us: frame.unseenExposureUs,
      shift: frame.axisShift,
      masked_count: maskedCount,
      flags: frame.flags,
    };
    for (const name in frame.context) fields[`context_${safeName(name)}`] = frame.context[name]!;
    push({ series: seriesOf('operando_frame', from, frame.stream), timeUs: frame.timeUs, fields });
    if (spectrum !== null) addSpectrum(frame, from, spectrum);
  }

  function addReading(reading: Reading): void {
    const { name, stage, stream, timeUs, unit, value, standardError, systematicError, region } = reading;
    const valid = reading.quality === 'valid';
    if (name.startsWith('dose')) {
      const field = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const fields = { [field]: value, [`${field}_error`]: standardError, [`${field}_valid`]: valid };
      push({ series: seriesOf('operando_dose', stage, stream, '', unit), timeUs, fields });
      return;
    }
    push({
      series: seriesOf('operando_reading', stage, stream, name, unit),
      timeUs,
      fields: {
        seq: reading.seq,
        value,
        error: standardError,
        systematic_error: systematicError,
        valid,
        region_from: region?.[0],
        region_to: region?.[1],
      },
    });
  }

  function addEvent(signal: Detection | Alert): void {
    const isAlert = signal.type === 'alert';
    const { onsetIntervalUs, region } = signal;
    const series = seriesOf(
      isAlert ? 'operando_alert' : 'operando_detect',
      isAlert ? signal.rule : signal.detector,
      signal.stream,
      '',
      signal.regionUnit,
    );
    const identity = isAlert
      ? `${signal.id} ${signal.phase}`
      : `${signal.sign} ${signal.template} ${String(signal.region)}`;
    push({
      series,
      timeUs: distinctTime(series, signal.timeUs, identity),
      fields: {
        seq: signal.seq,
        statistic: signal.statistic,
        threshold: signal.threshold,
        sign: signal.sign,
        onset_us: signal.onsetUs,
        onset_from_us: onsetIntervalUs?.[0],
        onset_to_us: onsetIntervalUs?.[1],
        region_from: region?.[0],
        region_to: region?.[1],
        average_run_length: signal.averageRunLength,
        ...(isAlert
          ? { alert_id: signal.id, phase: signal.phase, severity: signal.severity, message: signal.message }
          : { template: signal.template }),
      },
    });
  }

  return (signal: Signal, from: string): void => {
    if (signal.type === 'frame') addFrame(signal, from);
    else if (signal.type === 'reading') addReading(signal);
    else addEvent(signal);
  };
}
