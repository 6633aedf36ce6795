/** What an instrument does that is no change of the sample: templates of detections. */
export const FAULTS = [
  'cosmic ray',
  'no signal',
  'saturated',
  'beam trip',
  'dead channel',
  'hot channel',
  'flickering channel',
  'lost frames',
] as const;
export type Fault = (typeof FAULTS)[number];

/** Whether the template of a detection names a fault of the instrument. */
export function isFault(template: string | undefined): template is Fault {
  return (FAULTS as readonly (string | undefined)[]).includes(template);
}
