import { z } from 'zod';
import { isElsewhere, riseOf } from '../../model/alertRise.ts';
import { defineStage } from '../../model/defineStage.ts';
import { duration } from '../../model/duration.ts';
import { isFault } from '../../model/fault.ts';
import { DAMAGE_DONE } from '../../model/signal.ts';
import { isAcceptedBy, lastUs, openAlert, sayAlert, takeDetection, type OpenAlert } from '../../model/openAlert.ts';
import type { Detection, Reading } from '../../model/signal.ts';

/** Most alerts kept open at a time: regions beyond that join the oldest. */
const MOST = 16;

const frames = () => z.number().int().min(1);
const config = z.strictObject({
  severity: z.enum(['notice', 'warning', 'critical']).default('warning').describe('How urgent the alert is.'),
  what: z.string().min(1).default('Spectrum').describe('Subject of the message: "Spectrum changed at ...".'),
  raiseAfter: z
    .strictObject({
      detections: frames().describe('Frames with a detection.'),
      of: frames().describe('Frames looked back on.'),
    })
    .default({ detections: 1, of: 1 })
    .describe('Raise when so many of the last frames carried a detection.'),
  clearAfter: z
    .union([frames(), duration.transform((us) => ({ us }))])
    .default(3)
    .describe(
      'Clear when so many frames, or so much time, passed without a detection. Readings are the tick: wire some in.',
    ),
  group: z.enum(['stream', 'region', 'all']).default('stream').describe('What makes detections one alert.'),
  renew: z
    .strictObject({
      ratio: z.number().gt(1).default(2).describe('Growth of the statistic.'),
      within: frames().default(2).describe('Frames it takes.'),
    })
    .optional()
    .describe(
      'A statistic that grows by this ratio within so many frames, on top of an open alert, is a change of its own: the alert is cleared and another raised. For sliding references, where a slow change may lead into a sudden one.',
    ),
});

/** A raised alert that is over: what comes after it began after it. */
type Past = { stream: string; region: number[]; template: string; lastUs: number };
type Work = { id: string; keep: number } & z.output<typeof config>;

export default defineStage({
  kind: 'alert.hysteresis',
  version: 3,
  summary:
    'Makes one alert of all detections of a change: raised, updated when it grows or moves, cleared when it is over or accepted.',
  input: ['detection', 'reading'],
  outputs: ['alert'],
  config,
  example: { clearAfter: 3 },
  prepare: ({ id, config: settings }): Work => ({
    ...settings,
    id,
    keep: Math.max(settings.raiseAfter.of, (settings.renew?.within ?? 0) + 2),
  }),
  init: (): { open: OpenAlert[]; past: Past[] } => ({ open: [], past: [] }),
  step(state, signal, emit, work) {
    const { open } = state;
    const close = (entry: OpenAlert): void => {
      open.splice(open.indexOf(entry), 1);
      if (!entry.raised) return;
      emit(sayAlert(entry, 'cleared', signal, work));
      state.past = state.past.filter((past) => !belongs(past, entry, work)).slice(1 - MOST);
      const { stream, region, template } = entry;
      state.past.push({ stream, region, template, lastUs: lastUs(entry) });
    };
    for (const entry of open.filter((candidate) => isOver(candidate, signal, work)).reverse()) close(entry);
    if (signal.type !== 'detection') return;
    const { stream, seq, timeUs, region = [], template = '' } = signal;
    const place = { stream, region, template };
    let entry = open.find((candidate) => belongs(candidate, place, work));
    let bound = entry && work.renew && riseOf(entry, signal, work.renew);
    if (entry !== undefined && bound !== undefined) {
      close(entry);
      entry = undefined;
    }
    if (entry === undefined) {
      const past = state.past.findLast((candidate) => belongs(candidate, place, work));
      bound ??= past && { quietUs: past.lastUs, beganUs: timeUs };
      const where = work.group === 'region' && region.length > 0 ? `/${region[0]}` : '';
      entry = openAlert(signal, work.id, standsAlone(template) ? `${where}/${template}` : where, bound);
      if (open.length >= MOST) open.shift();
      open.push(entry);
    }
    takeDetection(entry, signal, work.keep);
    const { detections, of } = work.raiseAfter;
    if (!entry.raised) {
      if (entry.seqs.filter((each) => seq - each < of).length < detections) return;
      entry.raised = true;
      entry.raisedSeq = seq;
      emit(sayAlert(entry, 'raised', signal, work));
    } else if (entry.statistic >= 1.5 * entry.toldStatistic || isElsewhere(entry.region, entry.toldRegion))
      emit(sayAlert(entry, 'updated', signal, work));
  },
});

function isOver(entry: OpenAlert, signal: Detection | Reading, { clearAfter, raiseAfter }: Work): boolean {
  const lastSeq = entry.seqs.at(-1) ?? entry.raisedSeq;
  if (signal.stream !== entry.stream) return false;
  if (isAcceptedBy(signal, entry)) return true;
  if (!entry.raised && signal.seq - lastSeq >= raiseAfter.of) return true;
  return typeof clearAfter === 'number'
    ? signal.seq - lastSeq > clearAfter
    : signal.timeUs - lastUs(entry) > clearAfter.us;
}

type Place = { readonly stream: string; readonly region: readonly number[]; readonly template: string };

/** Faults of the instrument, and damage that is done after it was foreseen, must not hide in another alert, nor that in them. */
const standsAlone = (template: string): boolean => isFault(template) || template === DAMAGE_DONE;

function belongs(entry: Place, to: Place, { group }: Work): boolean {
  if ((standsAlone(entry.template) || standsAlone(to.template)) && entry.template !== to.template) return false;
  if (group === 'all') return true;
  return entry.stream === to.stream && (group === 'stream' || !isElsewhere(to.region, entry.region));
}
