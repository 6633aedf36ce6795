import { spentOf } from '../../kernel/dose/account.ts';
import type { AreaAccount } from '../../kernel/dose/areas.ts';
import { beamCharge } from '../../kernel/dose/beamCharge.ts';
import { DOSE } from '../../model/doseReading.ts';
import type { Frame } from '../../model/frame.ts';
import { makeReading } from '../../model/makeReading.ts';
import type { Emit } from '../../model/signal.ts';
import { chargePlace, doseAt } from './ledgerPlace.ts';
import { exposureUnitUs } from './ledgerSettings.ts';
import { passMilestones, speakOfLimit } from './ledgerSpeech.ts';
import type { LedgerState, LedgerWork } from './ledgerWork.ts';
import { slowValue } from './slowValue.ts';

/** A frame that just fits still fits, whatever rounding says. */
const ROUNDING = 1e-9;

type Out = Emit<'reading' | 'detection'>;

/** Charges one frame and says where the account stands: readings, `doseGeneration` first, then detections, `doseNext` last. */
export function keepLedger(state: LedgerState, frame: Frame, emit: Out, work: LedgerWork): void {
  const { config, source, out } = work;
  const rate = source.rateOf(frame);
  beamCharge(
    state.beam,
    {
      timeUs: frame.timeUs,
      exposureUs: frame.exposureUs,
      unseenUs: frame.unseenExposureUs,
      rate,
      maximum: source.maximum,
      isOff: isBeamOff(frame, rate, work),
      ageUs: beamAge(frame, rate, work),
      isLitBetween: config.betweenFrames === 'exposed',
      lagUs: config.shutterLagMs * 1e3,
    },
    out,
  );
  const area = chargePlace(state.places, state.sample, frame, config.area, out);
  report(state, area, frame, emit, work);
}

/** Whether something says that no beam is on the sample. */
export function isBeamOff(frame: Frame, rate: number, { config: { beam }, source }: LedgerWork): boolean {
  if (rate === 0 && source.signal !== null) return true;
  return beam !== undefined && slowValue(frame, beam.signal, beam.staleAfter) === 0;
}

/** Age of what is known of the beam being on or off: of the signal that says so. */
function beamAge(frame: Frame, rate: number, { config: { beam }, source: { signal } }: LedgerWork): number {
  const isDark = rate === 0 && signal !== null;
  const shutter = beam === undefined ? NaN : slowValue(frame, beam.signal, beam.staleAfter);
  const name = beam !== undefined && (shutter === 0 || (shutter === shutter && !isDark)) ? beam.signal : signal;
  return name === null ? 0 : (frame.contextAgeUs[name] ?? 0);
}

function report(state: LedgerState, area: AreaAccount, frame: Frame, emit: Out, work: LedgerWork): void {
  const { id, unit, rateUnit, limit, rateLimit, out, config } = work;
  const { timeLimit, clockLimit, nextExposure } = config;
  const quality = out.isMeasured ? 'valid' : 'invalid';
  const say = (name: string, value: number, code: string): void =>
    emit(makeReading(frame, id, { name, value, unit: code, quality }));

  const dose = doseAt(state.places, area);
  const timeFraction = timeLimit === undefined ? 0 : spentOf(area.beam) / timeLimit;
  const sinceUs = area.firstUs < 0 ? 0 : frame.timeUs + frame.exposureUs - area.firstUs;
  const clockFraction = clockLimit === undefined ? 0 : sinceUs / clockLimit;
  // Before the dose, so that one that falls is known for that of another account; without a charge, as of now.
  say(DOSE.generation, area.firstUs < 0 ? frame.timeUs : area.firstUs, 'us');
  const spent = makeReading(frame, id, { name: DOSE.spent, value: dose, unit, quality });
  emit(area.inherited > 0 ? { ...spent, systematicError: area.inherited } : spent);
  say(DOSE.ofFrame, out.own, unit);
  say(DOSE.rate, out.rate, rateUnit);
  say(DOSE.fraction, dose / limit, '1');
  if (rateLimit !== null) say(DOSE.rateFraction, out.rate / rateLimit, '1');
  if (timeLimit !== undefined) say(DOSE.timeFraction, timeFraction, '1');
  if (clockLimit !== undefined) say(DOSE.clockFraction, clockFraction, '1');
  const left = Math.max(0, limit - dose);
  if (out.rate > 0) say(DOSE.exhausted, left / out.rate, 's');
  const plannedUs = nextExposure === undefined ? NaN : slowValue(frame, nextExposure.signal) * exposureUnitUs(config);
  const nextUs = (plannedUs > 0 ? plannedUs : frame.exposureUs) + out.gapUs + config.shutterLagMs * 1e3;
  const next = (nextUs * out.nextRate) / 1e6;
  if (next > 0) say(DOSE.framesLeft, Math.floor(left / next + ROUNDING), '1');
  if (config.area !== undefined) say(DOSE.ofSample, spentOf(state.sample), unit);

  area.passedCount = passMilestones(frame, dose / limit, area.passedCount, emit, work);
  area.passedTimeCount = passMilestones(frame, timeFraction, area.passedTimeCount, emit, work);
  area.passedClockCount = passMilestones(frame, clockFraction, area.passedClockCount, emit, work);
  if (rateLimit !== null && out.rate >= rateLimit) speakOfLimit(frame, out.rate / rateLimit, 1, emit, id);
  say(DOSE.next, next, unit);
}
