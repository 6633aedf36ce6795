import { parseStamp } from '../../ascii/time.ts';

/** A date of EC-Lab, month first; with dots day first, with the year first as it stands. Integer microseconds; null when it is none. */
export const stampOf = (text: string): number | null =>
  parseStamp(text, /^\s*\d{1,2}\.\d{1,2}\./.test(text) ? 'dmy' : 'mdy', 0);
