import { z } from 'zod';
import type { Alert } from '../../model/alert.ts';
import { defineStage } from '../../model/defineStage.ts';
import type { Fault } from '../../model/fault.ts';
import type { Frame } from '../../model/frame.ts';

const LOST: Fault = 'lost frames';

const config = z.strictObject({
  severity: z.enum(['notice', 'warning', 'critical']).default('notice').describe('How urgent the alert is.'),
  raiseAt: z.number().int().min(1).default(1).describe('Frames lost in a burst before it is told.'),
  clearAfter: z.number().int().min(1).default(10).describe('Clear when so many frames in a row have come.'),
});

/** Frames that went missing one burst after the other, without a calm between. */
type Burst = { id: string; lost: number; gaps: number; onsetUs: number; sinceGap: number; isRaised: boolean };
type Place = { seq: number; timeUs: number; burst: Burst | null };

export default defineStage({
  kind: 'alert.lostFrames',
  version: 1,
  summary:
    'Tells of frames that never came: one alert per burst of gaps in the numbers of the frames, cleared when they come without gaps again.',
  input: ['frame'],
  outputs: ['alert'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'same' },
  config,
  example: {},
  prepare: ({ id, config: settings }) => ({ ...settings, id }),
  init: (): { places: Record<string, Place> } => ({ places: {} }),
  step(state, frame, emit, { id, severity, raiseAt, clearAfter }) {
    const { stream, seq, timeUs } = frame;
    const before = state.places[stream];
    const place = (state.places[stream] ??= { seq, timeUs, burst: null });
    // A counter that began anew says nothing of what was lost.
    const lost = before === undefined || seq <= before.seq ? 0 : seq - before.seq - 1;
    if (lost > 0) {
      const burst = (place.burst ??= {
        ...{ id: `${id}/${stream}/${timeUs}`, lost: 0, gaps: 0, onsetUs: place.timeUs, sinceGap: 0, isRaised: false },
      });
      burst.lost += lost;
      burst.gaps++;
      burst.sinceGap = 0;
      if (burst.lost >= raiseAt) {
        emit(told(burst, burst.isRaised ? 'updated' : 'raised', frame, id, severity, raiseAt));
        burst.isRaised = true;
      }
    } else if (place.burst !== null && ++place.burst.sinceGap >= clearAfter) {
      if (place.burst.isRaised) emit(told(place.burst, 'cleared', frame, id, severity, raiseAt));
      place.burst = null;
    }
    place.seq = seq;
    place.timeUs = timeUs;
  },
});

function told(
  { id, lost, gaps, onsetUs }: Burst,
  phase: Alert['phase'],
  { stream, seq, timeUs }: Frame,
  rule: string,
  severity: Alert['severity'],
  raiseAt: number,
): Alert {
  const frames = lost === 1 ? 'A frame was lost' : `${lost} frames were lost`;
  const where = gaps === 1 ? (phase === 'raised' ? ` before frame ${seq}` : '') : ` in ${gaps} gaps`;
  return {
    type: 'alert',
    ...{ id, rule, stream, seq, timeUs, onsetUs, severity, phase },
    message: `${frames}${where}${phase === 'cleared' ? '; they come without gaps again' : ''}`,
    ...{ evidence: [], statistic: lost, threshold: raiseAt, sign: -1, template: LOST },
  };
}
