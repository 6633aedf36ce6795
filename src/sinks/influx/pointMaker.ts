import type { Alert } from '../../model/alert.ts';
import type { Frame } from '../../model/frame.ts';
import { fastAxis } from '../../model/layout.ts';
import type { Detection, Reading, Signal } from '../../model/signal.ts';
import { foldOf, foldSpectrum, type Fold } from './foldSpectrum.ts';
import { safeName, type Point, type Series } from './point.ts';
import { createResidualMaker, type ResidualChoice } from './residual.ts';
import type { SeriesBook } from './seriesBook.ts';

/** Which frames leave a spectrum behind. */
export interface SpectrumChoice {
  /** Fields at most, 1 to 256. */
  readonly channels: number;
  /** Every n-th frame by its number; undefined leaves it to the period. */
  readonly every: number | undefined;
  /** At most one per this span of event time, microseconds. */
  readonly periodUs: number;
  /** Ids of the streams and nodes whose frames they are; undefined for all. */
  readonly of: readonly string[] | undefined;
  /** Undefined writes no residuals. */
  readonly residual: ResidualChoice | undefined;
}

/**
 * Turns signals into points, copying what it needs. The same signals give the same points, so that writing
 * them again changes nothing: time stamps are those of the frames. Points of one series and time, which would
 * overwrite each other, are told apart by one microsecond each, in the order they came first.
 */
export function createPointMaker(
  seriesOf: SeriesBook,
  /** Null writes no spectra. */
  spectrum: SpectrumChoice | null,
  push: (point: Point) => void,
) {
  const folds = new Map<string, Fold>();
  const slots = new Map<string, number>();
  const residuals = createResidualMaker();
  const instants = new Map<Series, { timeUs: number; identities: string[] }>();

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
    const { residual, of } = choice;
    if ((of !== undefined && !of.includes(from)) || !isSpectrumDue(frame, from, choice)) return;
    const { stream, timeUs, layout } = frame;
    let fold = folds.get(from);
    if (fold?.layout !== layout) {
      fold = foldOf(layout, choice.channels);
      folds.set(from, fold);
      const axis = fastAxis(layout);
      const series = seriesOf('operando_axis', { detector: from, stream, name: axis.name, unit: axis.unit });
      push({ series, timeUs, fields: {}, channels: fold.centres });
    }
    const fields = { seq: frame.seq };
    const name = from === residual?.of ? 'measured' : from === residual?.against ? 'expected' : 'spectrum';
    const series = seriesOf('operando_spectrum', { detector: from, stream, name, unit: layout.unit });
    push({ series, timeUs, fields, channels: foldSpectrum(frame, fold) });
    if (from === residual?.of) residuals.keep(frame);
    if (from !== residual?.against) return;
    const channels = residuals.residualOf(frame, fold);
    if (channels === null) return;
    const tags = { detector: from, stream, name: 'residual', unit: '1' };
    push({ series: seriesOf('operando_spectrum', tags), timeUs, fields, channels });
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
    push({
      series: seriesOf('operando_frame', { detector: from, stream: frame.stream }),
      timeUs: frame.timeUs,
      fields,
    });
    if (spectrum !== null) addSpectrum(frame, from, spectrum);
  }

  function addReading(reading: Reading): void {
    const { name, stage, stream, timeUs, unit, value, standardError, systematicError, region } = reading;
    const valid = reading.quality === 'valid';
    if (name.startsWith('dose')) {
      const field = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const fields = { [field]: value, [`${field}_error`]: standardError, [`${field}_valid`]: valid };
      push({ series: seriesOf('operando_dose', { detector: stage, stream, unit }), timeUs, fields });
      return;
    }
    push({
      series: seriesOf('operando_reading', { detector: stage, stream, name, unit }),
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
    const series = seriesOf(isAlert ? 'operando_alert' : 'operando_detect', {
      detector: isAlert ? signal.rule : signal.detector,
      stream: signal.stream,
      unit: signal.regionUnit,
    });
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
          ? {
              alert_id: signal.id,
              phase: signal.phase,
              standing: Number(signal.phase !== 'cleared'),
              severity: signal.severity,
              message: signal.message,
            }
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
